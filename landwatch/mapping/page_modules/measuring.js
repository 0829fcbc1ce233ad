// What a measured line or ring says: length, area, and whether the ring crosses itself.
import { areaM2, lengthM } from "./geodesy.js";

const MU_OF_M2 = 0.0015;
const M2_OF_HA = 10000;

/**
 * Return a length in metres, or in kilometres from one on.
 * @param {any} words
 * @param {number} metres
 */
export function lengthInWords(words, metres) {
  return metres < 1000
    ? words.say("tool_metres", { length: words.number(metres, metres < 10 ? 2 : 1) })
    : words.say("tool_kilometres", { length: words.number(metres / 1000, 3) });
}

/**
 * Return an area in mu, square metres and hectares.
 * @param {any} words
 * @param {number} squareMetres
 */
export function areaInWords(words, squareMetres) {
  return words.say("tool_areas", {
    mu: words.number(squareMetres * MU_OF_M2, 3),
    m2: words.number(squareMetres, 1),
    ha: words.number(squareMetres / M2_OF_HA, 4),
  });
}

/**
 * Return what the points taken so far measure.
 * @param {any} words
 * @param {"length" | "area"} mode
 * @param {import("./geodesy.js").Place[]} places
 */
export function measureInWords(words, mode, places) {
  if (mode === "length") {
    if (places.length < 2) return words.say("tool_length_first");
    const last = lengthInWords(words, lengthM(places.slice(-2)));
    return words.say("tool_length_told", { length: lengthInWords(words, lengthM(places)), last });
  }
  if (places.length < 3) return words.say("tool_area_first");
  if (crossesItself(places)) return words.say("tool_area_crossed");
  const around = lengthInWords(words, lengthM([...places, places[0]]));
  return words.say("tool_area_told", { area: areaInWords(words, areaM2(places)), around });
}

/**
 * Tell whether two sides of a ring cross: such a ring has no area that means anything.
 * @param {import("./geodesy.js").Place[]} places
 */
export function crossesItself(places) {
  const count = places.length;
  const side = (/** @type {number} */ i) => [places[i], places[(i + 1) % count]];
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if ((j + 1) % count === i) continue;
      const [[a, b], [c, d]] = [side(i), side(j)];
      if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0) return true;
    }
  }
  return false;
}

/**
 * @param {import("./geodesy.js").Place} a
 * @param {import("./geodesy.js").Place} b
 * @param {import("./geodesy.js").Place} c
 */
function turn(a, b, c) {
  return (b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng);
}
