// Making DOM elements; what a ledger says can only ever become text.

/**
 * Return the element of an id: the page's own markup has each of them.
 * @param {string} id
 * @returns {any}
 */
export const byId = (id) => document.getElementById(id);

/**
 * Make an element; text is only ever set as text.
 * @param {string} tag
 * @param {{text?: string | number, [name: string]: any}} [told] its text and its attributes; one that
 *   is null, undefined or false is left out
 * @param {(Node | string | null | undefined | false)[]} [children]
 * @returns {any}
 */
export function element(tag, told = {}, children = []) {
  const { text, ...attributes } = told;
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  if (text !== undefined) made.textContent = String(text);
  made.append(...children.filter(present));
  return made;
}

/**
 * @param {Node | string | null | undefined | false} child
 * @returns {child is Node | string}
 */
function present(child) {
  return Boolean(child);
}

/**
 * Make the square that stands for a class in the legend and in lists; its colour follows the theme.
 * @param {MapClass} kind
 * @returns {HTMLElement}
 */
export function swatch(kind) {
  const made = element("span", { class: "lw-swatch", "aria-hidden": "true" });
  if (kind.hatched) made.classList.add("lw-hatched");
  made.style.setProperty("--lw-colour", `var(--lw-class-${kind.code}, ${kind.colour})`);
  made.style.setProperty("--lw-motif", `var(--lw-motif-${kind.code}, none)`);
  return made;
}
