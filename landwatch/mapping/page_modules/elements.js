// Making elements, so that what a ledger says can only ever become text.

export const byId = (id) => document.getElementById(id);

/** Make an element; text is only ever set as text. */
export function element(tag, { text, ...attributes } = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter(Boolean));
  return made;
}

/** Make the square that stands for a class in the legend and in lists. */
export function swatch(kind) {
  const made = element("span", { class: "lw-swatch", "aria-hidden": "true" });
  if (kind.hatched) made.classList.add("lw-hatched");
  made.style.setProperty("--lw-colour", kind.colour);
  return made;
}
