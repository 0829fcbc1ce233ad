// The coloured units of the summary on the map: divisions as areas, parks as areas and round signs.
import { byId, element } from "./elements.js";
import { boxesMeet } from "./placenames.js";

const SUMMARY_PANE = "summary";
const LEGIBLE_PX = 64; // a figure is written on a unit as wide as this
const BESIDE_SIGN_PX = [0, 42, -58, 64]; // where a sign stands on its middle: below, above, further below
const SMALL_PX = 40; // a park smaller than this is shown by a round sign
const PATTERN_NAMES = "http://www.w3.org/2000/svg";

/** Units on the map, below the signs of the parks and above the parcels. */
export class SummaryLayer {
  /**
   * @param {any} page
   * @param {(unit: number) => void} go
   */
  constructor(page, go) {
    this.page = page;
    this.go = go;
    const pane = page.map.createPane(SUMMARY_PANE);
    pane.style.zIndex = 310;
    pane.setAttribute("aria-hidden", "true"); // the table tells the same, and more
    this.pane = pane;
    this.renderer = L.svg({ pane: SUMMARY_PANE, padding: 0.3 });
    this.areas = L.layerGroup().addTo(page.map);
    this.labels = L.layerGroup().addTo(page.map);
    /** @type {Map<string, any>} */
    this.drawn = new Map();
    /** @type {any[]} */
    this.rows = [];
    this.strength = 0;
    document.body.append(fillPatterns());
    page.map.on("moveend", () => this.strength && this.write());
  }

  /** @param {number} strength 0 takes the units away */
  fade(strength) {
    this.strength = strength;
    this.pane.style.opacity = strength;
    this.pane.style.display = strength ? "" : "none";
    this.page.map.getContainer().classList.toggle("lw-summed", strength > 0); // names stand on the units then
    if (!strength) this.labels.clearLayers();
  }

  /**
   * @param {string} by
   * @param {any[]} rows
   * @param {(row: any) => string} short
   */
  show(by, rows, short) {
    const wanted = new Set();
    this.short = short;
    this.rows = rows.map((row) => ({ ...row, shown: this.shownOf(by, row) })).filter((row) => row.shown);
    for (const row of this.rows) {
      const key = `${row.shown.round ? "round" : by}:${row.unit}`;
      wanted.add(key);
      if (!this.drawn.has(key)) this.drawn.set(key, this.draw(row.shown));
      const line = this.drawn.get(key);
      if (!this.areas.hasLayer(line)) this.areas.addLayer(line);
      line.row = row;
      if (row.shown.round) line.setRadius(roundOf(row.figures.all));
      line.getElement()?.setAttribute("class", `leaflet-interactive lw-area lw-band-${row.band < 0 ? "untold" : row.band}`);
    }
    for (const [key, line] of this.drawn) if (!wanted.has(key)) this.areas.removeLayer(line);
    this.write();
  }

  /** Return how a unit is shown: by its outline, or by a round sign; null where it lies nowhere. */
  shownOf(/** @type {string} */ by, /** @type {any} */ row) {
    const { page } = this;
    if (by === "division") {
      if (!row.division) return null;
      return { shapes: page.outlines, outline: row.division.outline, bounds: this.boundsOf(row.division) };
    }
    const outline = this.parkOutline(row.unit);
    const bounds = outline < 0 ? page.signs.bounds.get(row.unit) : L.latLngBounds(page.zones.bounds([outline]));
    if (!bounds || !row.unit) return null;
    const wide = outline >= 0 && this.widthOf(bounds) >= SMALL_PX;
    return wide ? { shapes: page.zones, outline, bounds } : { round: true, bounds };
  }

  /** Return the row of a park's outline, -1 where the page has none. */
  parkOutline(/** @type {number} */ unit) {
    const names = this.page.drawing.columns.zone_outline;
    if (!this.outlineOf) {
      this.outlineOf = new Map();
      for (let i = 0; i < this.page.zones.count; i++) this.outlineOf.set(names.get(i), i);
    }
    return this.outlineOf.get(this.page.ledger.zone(unit)) ?? -1;
  }

  /** Return where a division lies on the map; null where it has no outline. */
  boundsOf(/** @type {any} */ division) {
    if (!division) return null;
    const bounds = this.page.outlines.bounds([division.outline]);
    return bounds && L.latLngBounds(bounds);
  }

  widthOf(/** @type {any} */ bounds) {
    const { map } = this.page;
    return map.latLngToLayerPoint(bounds.getNorthEast()).x - map.latLngToLayerPoint(bounds.getSouthWest()).x;
  }

  draw(/** @type {any} */ { round, shapes, outline, bounds }) {
    const style = { renderer: this.renderer, pane: SUMMARY_PANE, bubblingMouseEvents: false, weight: 1.2 };
    const line = round
      ? L.circleMarker(bounds.getCenter(), { ...style, radius: 9 })
      : L.polygon(shapes.latLngs(outline).map((/** @type {any} */ ring) => [ring]), style);
    line.on("click", (/** @type {any} */ event) => {
      if (this.page.pointing?.(event.latlng)) return;
      this.go(line.row.unit);
    });
    line.on("mousemove", (/** @type {any} */ event) => this.tipAt(event.containerPoint, this.tip(line.row)));
    line.on("mouseout", () => this.tipAt(null, ""));
    return line;
  }

  tip(/** @type {any} */ row) {
    return [row.name, row.known ? this.short?.(row) : this.page.words.say("summary_untold")].join("\n");
  }

  /** Say what the pointer is on, as the page does of parcels. */
  tipAt(/** @type {{x: number, y: number} | null} */ point, /** @type {string} */ text) {
    const tip = byId("lw-tip");
    tip.hidden = !point;
    if (!point) return;
    tip.textContent = text;
    const left = Math.max(0, Math.min(point.x + 14, this.page.map.getSize().x - tip.offsetWidth - 4));
    tip.style.transform = `translate(${left}px, ${point.y + 16}px)`;
  }

  /** Write the figures on the units that are wide enough and on which no sign stands. */
  write() {
    this.labels.clearLayers();
    const { map, signs } = this.page;
    const view = map.getBounds();
    const taken = signs.signs.map((/** @type {any} */ sign) => sign.getElement().firstChild.getBoundingClientRect());
    const box = map.getContainer().getBoundingClientRect();
    for (const row of this.rows) {
      if (row.shown.round || !row.known || !view.intersects(row.shown.bounds)) continue;
      const text = this.short?.(row);
      if (!text || this.widthOf(row.shown.bounds) < LEGIBLE_PX) continue;
      const place = row.shown.bounds.getCenter();
      const { x, y } = map.latLngToContainerPoint(place);
      const lines = row.division ? [row.name, text] : [text];
      const half = Math.max(...lines.map((line) => line.length)) * 6.5;
      const tall = 20 * lines.length;
      const over = [...taken];
      const stands = (/** @type {number} */ down) => {
        const middle = box.top + y + down;
        const own = { left: box.left + x - half, right: box.left + x + half, top: middle - tall / 2, bottom: middle + tall / 2 };
        return over.some((other) => boxesMeet(own, other)) ? null : own;
      };
      const down = BESIDE_SIGN_PX.find(stands);
      if (down === undefined) continue;
      taken.push(stands(down));
      const icon = L.divIcon({ html: element("span", { text: lines.join("\n") }), className: "lw-unit-figure", iconSize: [200, tall], iconAnchor: [100, tall / 2 - down] });
      this.labels.addLayer(L.marker(place, { icon, pane: "zones", interactive: false, keyboard: false }));
    }
  }
}

/** @param {number} count */
function roundOf(count) {
  return Math.min(22, 7 + 1.6 * Math.log2(1 + count));
}

/** Return the patterns of what is untold (stripes) and of nought (dots), for areas on the map. */
function fillPatterns() {
  const make = (/** @type {string} */ tag, /** @type {Record<string, string | number>} */ told, /** @type {Element[]} */ inside = []) => {
    const made = document.createElementNS(PATTERN_NAMES, tag);
    for (const [name, value] of Object.entries(told)) made.setAttribute(name, String(value));
    made.append(...inside);
    return made;
  };
  const tile = { patternUnits: "userSpaceOnUse", width: 8, height: 8 };
  const ground = () => make("rect", { class: "lw-pattern-ground", width: 8, height: 8 });
  const stripes = make("path", { class: "lw-pattern-stripe", d: "M-2 2L2 -2M0 8L8 0M6 10L10 6", fill: "none" });
  const dot = make("circle", { class: "lw-pattern-dot", cx: 4, cy: 4, r: 1 });
  return make("svg", { class: "lw-patterns", width: 0, height: 0, "aria-hidden": "true", focusable: "false" }, [
    make("defs", {}, [
      make("pattern", { id: "lw-stripes", ...tile }, [ground(), stripes]),
      make("pattern", { id: "lw-dots", ...tile }, [ground(), dot]),
    ]),
  ]);
}
