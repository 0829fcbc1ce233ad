// What somebody typed as a coordinate, read: degrees, degrees-minutes-seconds, or a Gauss-Krüger belt.
import { beltOf, placeOfPlane } from "./geodesy.js";

const CHINA_WEST = 73;
const CHINA_EAST = 135.1;
const CHINA_SOUTH = 3;
const CHINA_NORTH = 54;
const LEAST_NORTHING_M = 300000;
const MOST_NORTHING_M = 6100000;
const MILLION = 1000000;
const MERIDIAN_EPSG = 4534; // CGCS2000, 3-degree, without a number, at 75° E
const BELT_EPSG = 4488; // CGCS2000, 3-degree belt 0
const SIX_EPSG = 4478; // CGCS2000, 6-degree belt 0

/**
 * A reading: where it lies, how it was read, and what was turned round or supposed.
 * @typedef {{lng: number, lat: number, form: "degrees" | "dms" | "plane", swapped: boolean,
 *   meridian?: number, belt?: number, width?: number, prefixed?: boolean, epsg: number}} Reading
 */

/**
 * Return how a typed coordinate reads, or the key of the words that say why it does not.
 *
 * Within China latitude (3 to 54) and longitude (73 to 135.1) cannot be taken for one another, nor a
 * northing for an easting, so the order is told by the numbers; letters (N, 北纬) are heeded.
 * @param {string} typed
 * @param {number} meridian of the belt where the easting has no number before it
 * @returns {Reading | {why: string}}
 */
export function readCoordinate(typed, meridian) {
  const text = halfWidth(typed).trim();
  if (!text) return { why: "tool_locate_empty" };
  const pair = /[°度'′分"″秒]/.test(text) || numbersIn(text).length > 2 ? dmsPair(text) : plainPair(text);
  if (!pair) return { why: "tool_locate_unread" };
  const [first, second] = pair.values;
  if (Math.max(Math.abs(first), Math.abs(second)) > 1000) {
    return pair.form === "dms" ? { why: "tool_locate_unread" } : readPlane(first, second, meridian);
  }
  return readDegrees(pair, text);
}

/** @param {string} text */
function halfWidth(text) {
  return text
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[，、；]/g, ",")
    .replace(/º|˚/g, "°")
    .replace(/[’‘]/g, "'")
    .replace(/[”“]/g, '"')
    .replace(/''|′′/g, '"');
}

/** @param {string} text */
function numbersIn(text) {
  return (text.match(/[-+]?\d+(?:\.\d+)?/g) ?? []).map(Number);
}

/** @typedef {{values: [number, number], form: "degrees" | "dms"}} Pair */

/**
 * @param {string} text
 * @returns {Pair | null}
 */
function plainPair(text) {
  const numbers = numbersIn(text.replace(/(\d),(?=\d{3}(?:\D|$))(?=\d{3},?\d{3}\b)/g, "$1"));
  return numbers.length === 2 ? { values: [numbers[0], numbers[1]], form: "degrees" } : null;
}

/**
 * Read two angles of degrees, minutes and seconds: by their signs, else three numbers each.
 * @param {string} text
 * @returns {Pair | null}
 */
function dmsPair(text) {
  const angle = /(\d+(?:\.\d+)?)\s*[°度]\s*(?:(\d+(?:\.\d+)?)\s*['′分]\s*)?(?:(\d+(?:\.\d+)?)\s*["″秒])?/g;
  let parts = Array.from(text.matchAll(angle), ([, d, m, s]) => [d, m, s].map((n) => Number(n ?? 0)));
  const numbers = numbersIn(text).map(Math.abs);
  if (!parts.length && numbers.length === 6) parts = [numbers.slice(0, 3), numbers.slice(3)];
  if (parts.length !== 2 || parts.some(([, m, s]) => m >= 60 || s >= 60)) return null;
  if (parts.flat().filter(Boolean).length > numbers.length) return null;
  const [first, second] = parts.map(([d, m, s]) => d + m / 60 + s / 3600);
  return { values: [first, second], form: "dms" };
}

/**
 * @param {Pair} pair
 * @param {string} text
 * @returns {Reading | {why: string}}
 */
function readDegrees({ values: [first, second], form }, text) {
  const isLat = (/** @type {number} */ v) => v >= CHINA_SOUTH && v <= CHINA_NORTH;
  const isLng = (/** @type {number} */ v) => v >= CHINA_WEST && v <= CHINA_EAST;
  const told = orderTold(text);
  if (isLng(first) && isLat(second) && told !== "lat") {
    return { lng: first, lat: second, form, swapped: false, epsg: 4490 };
  }
  if (isLat(first) && isLng(second) && told !== "lng") {
    return { lng: second, lat: first, form, swapped: told === "", epsg: 4490 };
  }
  return { why: told ? "tool_locate_letters" : "tool_locate_outside" };
}

/**
 * Return which of the two angles stands first by its letters; empty where none tells.
 * @param {string} text
 */
function orderTold(text) {
  const lat = text.search(/N|北|纬|lat/i);
  const lng = text.search(/E|东|经|lon|lng/i);
  if (lat < 0 || lng < 0) return "";
  return lat < lng ? "lat" : "lng";
}

/**
 * @param {number} first
 * @param {number} second
 * @param {number} supposed
 * @returns {Reading | {why: string}}
 */
function readPlane(first, second, supposed) {
  const northing = (/** @type {number} */ v) => v >= LEAST_NORTHING_M && v <= MOST_NORTHING_M;
  const bare = (/** @type {number} */ v) => v > 0 && v < MILLION;
  const numbered = (/** @type {number} */ v) => beltNumber(v) !== null;
  const easting = (/** @type {number} */ v) => bare(v) || numbered(v);
  // Both may be northings by size (450 000, 4 100 000): the smaller is then the easting.
  const inOrder = northing(first) && easting(second) && !(easting(first) && northing(second) && first < second);
  const turned = northing(second) && easting(first);
  if (!inOrder && !turned) return { why: "tool_locate_plane" };
  const [north, east] = inOrder ? [first, second] : [second, first];
  const belt = beltNumber(east);
  const meridian = belt?.meridian ?? supposed;
  const { lng, lat } = placeOfPlane(north, belt ? east - belt.belt * MILLION : east, meridian);
  const here = lng >= CHINA_WEST && lng <= CHINA_EAST && lat >= CHINA_SOUTH && lat <= CHINA_NORTH;
  if (!here || Math.abs(lng - meridian) > 4.5) return { why: "tool_locate_plane" };
  const epsg = belt ? (belt.width === 3 ? BELT_EPSG : SIX_EPSG) + belt.belt : MERIDIAN_EPSG + (meridian - 75) / 3;
  const told = belt ?? { ...beltOf(meridian), width: 3 };
  return {
    lng,
    lat,
    form: "plane",
    swapped: !inOrder,
    meridian,
    belt: told.belt,
    width: told.width,
    prefixed: Boolean(belt),
    epsg,
  };
}

/**
 * Return the belt whose number stands before an easting: 25 to 45 are 3-degree belts, 13 to 23 of 6.
 * @param {number} easting
 */
function beltNumber(easting) {
  const belt = Math.floor(easting / MILLION);
  if (belt >= 25 && belt <= 45) return { belt, width: 3, meridian: 3 * belt };
  if (belt >= 13 && belt <= 23) return { belt, width: 6, meridian: 6 * belt - 3 };
  return null;
}

/**
 * Return an angle as degrees, minutes and seconds; sixty seconds are never written.
 * @param {number} angle
 */
export function dmsOf(angle) {
  const tenths = Math.round(Math.abs(angle) * 36000);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  const minutes = String(Math.floor(tenths / 600) % 60).padStart(2, "0");
  return `${Math.floor(tenths / 36000)}°${minutes}′${seconds}″`;
}
