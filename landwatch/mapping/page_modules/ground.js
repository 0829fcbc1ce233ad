// The map's ground: folium's map in its place, and the outlines of divisions and parks on it.
import { byId } from "./elements.js";
import { inkedLand, inkedPark } from "./inks.js";
import { HIDDEN } from "./ledger.js";
import { drawDivisions, drawOutlines } from "./outlines.js";
import { drawNames } from "./placenames.js";

const NEAR_ZOOM = 9;
const PARK_ZOOM = 13;
const PANES = { backdrop: 250, names: 260, parcels: 300, zones: 420, mark: 430 };
const CHINA = [
  [18, 73],
  [53.6, 135.1],
];

/** Return folium's map, moved into its place on the page. */
export function placedMap() {
  const box = /** @type {HTMLElement} */ (document.querySelector(".folium-map"));
  const map = window[box.id];
  byId("lw-map").prepend(box);
  map.invalidateSize({ animate: false });
  map.attributionControl.setPrefix(false);
  for (const [name, order] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = order;
    pane.style.pointerEvents = "none";
  }
  // A scroll bar that comes takes room: Leaflet itself looks at the window only.
  new ResizeObserver(() => map.invalidateSize({ animate: false, pan: false })).observe(box);
  map.zoomer = L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  return map;
}

/**
 * @param {number} count
 * @param {Uint8Array} classes
 */
function* shownOf(count, classes) {
  for (let parcel = 0; parcel < count; parcel++) if (classes[parcel] !== HIDDEN) yield parcel;
}

/**
 * Show all parcels, else all parks, else the country.
 * @param {any} map
 * @param {import("./shapes.js").Shapes} parcels
 * @param {import("./shapes.js").Shapes} parks
 * @param {Uint8Array} [classes] of parcels: those that the filters hide are passed over
 */
export function fitAll(map, parcels, parks, classes) {
  const all = (/** @type {any} */ shapes) => shapes.bounds(Array(shapes.count).keys());
  const left = classes && parcels.bounds(shownOf(parcels.count, classes));
  const bounds = L.latLngBounds(left ?? all(parcels) ?? all(parks) ?? CHINA);
  // Parks far apart are shown by signs, which are wide: leave them room at the edges.
  const apart = bounds.getEast() - bounds.getWest() > 1 || bounds.getNorth() - bounds.getSouth() > 1;
  const beside = apart ? Math.min(150, map.getSize().x / 5) : 40;
  map.fitBounds(bounds, { animate: false, padding: [beside, apart ? 70 : 36], maxZoom: 17 });
}

/**
 * Draw the outlines of divisions and parks.
 * @param {any} map
 * @param {Columns} columns
 * @param {import("./shapes.js").Shapes} outlines
 * @param {import("./shapes.js").Shapes} parks
 */
export function drawGround(map, columns, outlines, parks) {
  const province = (/** @type {number} */ i) => columns.backdrop_level.get(i) === "province";
  drawDivisions(map, outlines, {
    pane: "backdrop",
    inked: inkedLand,
    bordered: (i, zoom) => zoom < NEAR_ZOOM || !province(i), // too coarse to be near
  });
  drawNames(map, outlines, columns.backdrop_outline, (i, zoom) => zoom < NEAR_ZOOM === province(i));
  drawOutlines(map, parks, columns.zone_outline, {
    pane: "zones",
    labelClass: "lw-park",
    inked: inkedPark,
    dashArray: "8 5",
  });
  const zoomed = () => map.getContainer().classList.toggle("lw-signs", map.getZoom() < PARK_ZOOM);
  map.on("zoomend", zoomed);
  zoomed();
}
