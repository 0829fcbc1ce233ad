// A card as text: what somebody pastes into a message or a file.

/**
 * Return the text of a card: a line for each name and value, row of a table, or item of a list.
 * @param {any} title
 * @param {any} body
 * @param {string} colon
 */
export function plainText(title, body, colon) {
  /** @type {string[]} */
  const lines = [title.textContent];
  for (const child of body.children) addLines(child, lines, colon);
  return lines.filter((line, i) => line || lines[i - 1]).join("\n").trim();
}

/**
 * @param {any} node
 * @param {string[]} lines
 * @param {string} colon
 */
function addLines(node, lines, colon) {
  const tag = node.tagName.toLowerCase();
  if (tag === "svg" || node.classList.contains("lw-card-tools")) return;
  if (tag === "dl") {
    for (const name of node.querySelectorAll("dt")) lines.push(`${name.textContent}${colon}${name.nextElementSibling.textContent}`);
  } else if (tag === "tr") {
    lines.push(Array.from(node.children, flat).join(" | "));
  } else if (["p", "h4", "summary", "caption", "blockquote", "figcaption", "h3"].includes(tag)) {
    if (tag === "h3" || tag === "h4" || tag === "summary") lines.push("");
    lines.push(flat(node));
  } else if (tag === "li" && !node.classList.contains("lw-finding")) {
    lines.push(`- ${flat(node)}`);
  } else {
    for (const child of node.children) addLines(child, lines, colon);
  }
}

/**
 * Return what an element says in one line, its parts apart.
 * @param {any} node
 * @returns {string}
 */
function flat(node) {
  if (!node.children?.length) return node.textContent.trim();
  return Array.from(node.childNodes, flat).filter(Boolean).join(" ");
}
