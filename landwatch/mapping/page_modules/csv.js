// A table as CSV that spreadsheets show and never run; the rule is that of landwatch/reports/plain.py.

const RUNS = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
const QUOTED = /[",\r\n]/;

/**
 * Return a cell; a text that begins like a formula gets an apostrophe, a number stays a number.
 * @param {string | number | null | undefined} value NaN, null and "" are blank
 */
export function csvCell(value) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "number") return Number.isNaN(value) ? "" : plainNumber(value);
  const text = RUNS.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Return a number without an exponent and without the noise of binary fractions.
 * @param {number} value
 */
function plainNumber(value) {
  const text = String(value);
  const short = text.includes("e") ? value.toFixed(6) : text;
  return short.length > 17 && short.includes(".") ? String(Number(value.toFixed(6))) : short;
}

/**
 * Return one line of a CSV with its end.
 * @param {(string | number | null | undefined)[]} cells
 */
export function csvLine(cells) {
  return `${cells.map(csvCell).join(",")}\r\n`;
}
