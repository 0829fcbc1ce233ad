// A link to what is shown: names and values after the #, short, readable, and safe to read back.

const LONGEST_LINK = 4000;
const LONGEST_VALUE = 200;
const NAME = /^[a-z]{1,12}$/;
const PLAIN = /[^\p{L}\p{N}\-._~,*!();:@/ ]/gu; // what else stands for itself after a #

/**
 * Return the text after the # for pairs of names and values; blank values are left out.
 * @param {[string, string][]} pairs
 */
export function linkText(pairs) {
  return pairs
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${escaped(value)}`)
    .join("&");
}

/**
 * Return a value as it stands in a link: letters of any script as they are, a blank as +.
 * @param {string} value
 */
function escaped(value) {
  const whole = value.replace(/[\ud800-\udfff]/gu, "\ufffd");
  return whole.replace(PLAIN, (sign) => encodeURIComponent(sign)).replaceAll(" ", "+");
}

/**
 * Read a link back; null where the text is none of ours. What cannot be read is left out.
 * @param {string} hash with or without its #
 * @returns {Map<string, string> | null}
 */
export function linkPairs(hash) {
  const text = hash.replace(/^#/, "").slice(0, LONGEST_LINK);
  if (!text.includes("=")) return null;
  const pairs = new Map();
  for (const part of text.split("&")) {
    const at = part.indexOf("=");
    const name = part.slice(0, Math.max(at, 0));
    const value = NAME.test(name) ? unescaped(part.slice(at + 1)) : null;
    if (value !== null && !pairs.has(name)) pairs.set(name, value.slice(0, LONGEST_VALUE));
  }
  return pairs;
}

/**
 * @param {string} value
 * @returns {string | null}
 */
function unescaped(value) {
  try {
    return decodeURIComponent(value.replaceAll("+", " "));
  } catch {
    return null; // a % that stands for nothing
  }
}

/**
 * Return a range as a link tells it: "10~200", "10~", "~200"; a ! drops what tells no value.
 * @param {import("./masks.js").Span} span
 */
export function spanText({ from, to, untold }) {
  return from === null && to === null ? "" : `${from ?? ""}~${to ?? ""}${untold ? "" : "!"}`;
}

/**
 * Read a range; null where it is none.
 * @param {string} text
 * @returns {import("./masks.js").Span | null}
 */
export function spanOf(text) {
  const found = /^(\d{1,12}(?:\.\d{1,6})?)?~(\d{1,12}(?:\.\d{1,6})?)?(!?)$/.exec(text);
  if (!found || (!found[1] && !found[2])) return null;
  const end = (/** @type {string | undefined} */ told) => (told ? Number(told) : null);
  return { from: end(found[1]), to: end(found[2]), untold: !found[3] };
}

/**
 * Read a place of the map, "36.0501,103.8012,14"; null where it is none.
 * @param {string} text
 * @returns {{lat: number, lng: number, zoom: number} | null}
 */
export function placeText(text) {
  const numbers = text.split(",").map((part) => (/^-?\d{1,3}(\.\d{1,8})?$/.test(part) ? Number(part) : NaN));
  if (numbers.length !== 3 || numbers.some(Number.isNaN)) return null;
  const [lat, lng, zoom] = numbers;
  if (Math.abs(lat) > 85 || Math.abs(lng) > 180 || zoom < 0 || zoom > 21) return null;
  return { lat, lng, zoom };
}
