// The names of divisions on the map: of two that would stand on one another, the larger one's.
import { element } from "./elements.js";
import { Shapes } from "./shapes.js";

const SIGN_PX = 13; // a sign of a name, with the room beside it
const TALL_PX = 16;

/**
 * Where a name stands, in pixels.
 * @typedef {{left: number, right: number, top: number, bottom: number}} NameBox
 */

/**
 * Put the name of each area on the middle of its box, anew at each zoom.
 * @param {any} map
 * @param {Shapes} shapes
 * @param {{get: (i: number) => string}} names
 * @param {(i: number, zoom: number) => boolean} named whether a name is told at a zoom
 */
export function drawNames(map, shapes, names, named) {
  /** @type {{i: number, text: string, place: any, marker: any}[]} */
  const markers = [];
  for (let i = 0; i < shapes.count; i++) {
    const text = names.get(i);
    if (!text) continue;
    const icon = L.divIcon({ html: element("span", { text }), className: "lw-place", iconSize: [140, 20] });
    const place = L.latLngBounds(shapes.bounds([i])).getCenter();
    const marker = L.marker(place, { icon, pane: "names", interactive: false, keyboard: false });
    markers.push({ i, text, place, marker: marker.addTo(map) });
  }
  const wide = (/** @type {number} */ i) => shapes.boxes[4 * i + 2] - shapes.boxes[4 * i];
  markers.sort((a, b) => wide(b.i) - wide(a.i) || a.i - b.i);
  const write = () => {
    const zoom = map.getZoom();
    const asked = markers.filter(({ i }) => named(i, zoom));
    const shown = new Set(apartFrom(asked, ({ text, place }) => boxOf(map.project(place, zoom), text)));
    for (const one of markers) one.marker.getElement().hidden = !shown.has(one);
  };
  map.on("zoomend", write);
  write();
}

/**
 * @param {{x: number, y: number}} middle
 * @param {string} text
 * @returns {NameBox}
 */
function boxOf({ x, y }, text) {
  const [half, tall] = [(text.length * SIGN_PX) / 2, TALL_PX / 2];
  return { left: x - half, right: x + half, top: y - tall, bottom: y + tall };
}

/**
 * Return those whose boxes stand on none of the ones before them that are returned.
 * @template T
 * @param {T[]} all
 * @param {(one: T) => NameBox} box
 */
export function apartFrom(all, box) {
  /** @type {NameBox[]} */
  const taken = [];
  return all.filter((one) => {
    const own = box(one);
    if (taken.some((other) => boxesMeet(own, other))) return false;
    taken.push(own);
    return true;
  });
}

/**
 * Tell whether two boxes stand on one another.
 * @param {NameBox} a
 * @param {NameBox} b
 */
export function boxesMeet(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
