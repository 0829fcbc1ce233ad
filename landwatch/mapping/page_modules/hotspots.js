// Hot spots: where suspected idle land, or land to be verified for it, stands close together.
import { RADIUS, SPREAD, bandEnds, bandPicture, blurred, peaks } from "./density.js";
import { byId, element } from "./elements.js";
import { distanceM } from "./geodesy.js";
import { lengthInWords } from "./measuring.js";
import { roundDown } from "./scale.js";
import { latLngOf, placeOf } from "./shapes.js";
import { IDLE } from "./tally.js";

const CELL_PX = 6;
const FINE = 6; // picture elements to a cell
const MOST_TOPS = 8;
const BAND_STRENGTHS = [0, 40, 72, 110, 150]; // of 255, by band
const CONTOUR = 230;

/** The surface of idle land and the list of its tops; off until it is asked for. */
export class Hotspots {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.on = false;
    /** @type {any[]} */
    this.tops = [];
    /** @type {{contract: Uint32Array, x: Float64Array, y: Float64Array, mu: Float64Array} | null} */
    this.spots = null;
    this.without = new Uint32Array(0);
    this.pane = page.map.createPane("hotspots");
    this.pane.setAttribute("aria-hidden", "true");
    this.make();
    page.map.on("moveend resize", () => this.draw());
    page.map.on("zoomstart", () => this.pane.replaceChildren());
  }

  /** Return the feature that knows the rules of idle land. */
  get summary() {
    return this.page.features.find((/** @type {any} */ one) => one.idle);
  }

  make() {
    this.button = element("button", { type: "button", id: "lw-tool-hot", "aria-pressed": "false", "data-say": "hot" });
    this.box = element("section", { class: "lw-hot-box", id: "lw-hot-box", hidden: true, "aria-labelledby": "lw-hot-name" }, [
      element("div", { class: "lw-dialog-head" }, [
        element("h2", { id: "lw-hot-name", "data-say": "hot_title" }),
        element("button", { type: "button", id: "lw-hot-close", "data-label": "close", text: "✕" }),
      ]),
      element("p", { class: "lw-note", id: "lw-hot-note", role: "status" }),
      element("ul", { class: "lw-hot-bands", id: "lw-hot-bands" }),
      element("ol", { id: "lw-hot-list" }),
    ]);
    document.querySelector(".lw-toolbar")?.append(this.button);
    byId("lw-tool-column").append(this.box);
    this.button.addEventListener("click", () => this.turn(!this.on));
    byId("lw-hot-close").addEventListener("click", () => {
      this.turn(false);
      this.button.focus();
    });
  }

  /** Return whether hot spots are shown, for a link to the page as it is. */
  link() {
    return { hot: this.on ? "1" : "" };
  }

  /** @param {Map<string, string>} told a link */
  follow(told) {
    this.turn(told.get("hot") === "1");
  }

  turn(/** @type {boolean} */ on) {
    this.on = on;
    this.page.linking?.writeSoon();
    this.button.setAttribute("aria-pressed", String(on));
    this.box.hidden = !on;
    this.draw();
  }

  say() {
    if (this.view) this.draw();
  }

  /** @param {any} view */
  show(view) {
    this.view = view;
    this.draw();
  }

  /** @param {boolean} printing */
  print(printing) {
    if (printing) this.draw();
  }

  /** Return the contracts that rules of idle land speak of, with a place and an area; found once. */
  found() {
    const states = this.summary.idle();
    if (!states) return null;
    if (this.spots) return this.spots;
    const { ledger, shapes } = this.page;
    const areas = ledger.columns.contract_area_mu.values;
    const rows = [];
    for (let c = 0; c < states.length; c++) if (states[c] >= IDLE.verify && ledger.placed[c]) rows.push(c);
    const told = rows.filter((c) => areas[c] > 0);
    this.without = Uint32Array.from(rows.filter((c) => !(areas[c] > 0)));
    const [x, y] = [new Float64Array(told.length), new Float64Array(told.length)];
    told.forEach((c, i) => {
      const at = 4 * ledger.parcelsOf(c)[0];
      x[i] = (shapes.boxes[at] + shapes.boxes[at + 2]) / 2;
      y[i] = (shapes.boxes[at + 1] + shapes.boxes[at + 3]) / 2;
    });
    this.spots = { contract: Uint32Array.from(told), x, y, mu: Float64Array.from(told, (c) => areas[c]) };
    return this.spots;
  }

  /** Draw the surface of what is in view, and list its tops. */
  draw() {
    this.pane.replaceChildren();
    if (!this.on || !this.view) return;
    const spots = this.found();
    if (!spots) {
      this.tops = [];
      this.list([]);
      byId("lw-hot-note").textContent = this.page.words.say("summary_no_idle");
      return;
    }
    const frame = this.frame();
    const grid = this.gridded(spots, frame);
    const surface = blurred(grid, frame.wide, frame.high);
    for (let y = 0; y < frame.high; y++) {
      const area = frame.cellKm2(y);
      for (let x = 0; x < frame.wide; x++) surface[y * frame.wide + x] /= area;
    }
    let highest = 0;
    for (const value of surface) if (value > highest) highest = value;
    const ends = bandEnds(highest, roundDown);
    if (ends.length) this.paint(surface, frame, ends);
    this.tops = ends.length ? this.topsOf(surface, frame, spots, ends[1]) : [];
    this.list(ends);
  }

  /** Return the grid of the view with a margin that the kernel reaches over. */
  frame() {
    const { map } = this.page;
    const size = map.getSize();
    const margin = RADIUS * 3 * CELL_PX;
    const wide = Math.ceil((size.x + 2 * margin) / CELL_PX);
    const high = Math.ceil((size.y + 2 * margin) / CELL_PX);
    const corner = map.containerPointToLatLng([-margin, -margin]);
    const [left, top] = placeOf(corner.lat, corner.lng);
    const east = map.containerPointToLatLng([-margin + CELL_PX, -margin]);
    const cell = placeOf(east.lat, east.lng)[0] - left;
    const cellKm2 = (/** @type {number} */ y) => {
      const [lat, lng] = latLngOf(left, top + (y + 0.5) * cell);
      const side = distanceM({ lat, lng }, { lat, lng: lng + (east.lng - corner.lng) }) / 1000;
      return side * side;
    };
    return { wide, high, left, top, cell, margin, cellKm2 };
  }

  gridded(/** @type {any} */ { contract, x, y, mu }, /** @type {any} */ { wide, high, left, top, cell }) {
    const grid = new Float32Array(wide * high);
    const { passed } = this.view;
    for (let i = 0; i < contract.length; i++) {
      const column = Math.floor((x[i] - left) / cell);
      const line = Math.floor((y[i] - top) / cell);
      if (column < 0 || line < 0 || column >= wide || line >= high || !passed[contract[i]]) continue;
      grid[line * wide + column] += mu[i];
    }
    return grid;
  }

  paint(/** @type {Float32Array} */ surface, /** @type {any} */ { wide, high, margin }, /** @type {number[]} */ ends) {
    const { map } = this.page;
    const [across, down] = [wide * FINE, high * FINE];
    const bands = bandPicture(surface, wide, high, { grain: FINE, ends });
    const canvas = element("canvas", { width: across, height: down, role: "presentation" });
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(across, down);
    const ink = inkOf(getComputedStyle(this.box).color);
    for (let at = 0; at < bands.length; at++) {
      const band = bands[at];
      const edge = band !== bands[at + 1] || band !== bands[at + across];
      if (!band && !edge) continue;
      image.data.set(ink, 4 * at);
      image.data[4 * at + 3] = edge ? CONTOUR : BAND_STRENGTHS[band];
    }
    pen.putImageData(image, 0, 0);
    canvas.style.setProperty("width", `${wide * CELL_PX}px`);
    canvas.style.setProperty("height", `${high * CELL_PX}px`);
    this.pane.replaceChildren(canvas);
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-margin, -margin]));
  }

  /** Return the tops with what stands around each: mu, contracts, and where most of it lies. */
  topsOf(/** @type {Float32Array} */ surface, /** @type {any} */ frame, /** @type {any} */ spots, /** @type {number} */ least) {
    const reach = 2 * SPREAD;
    const inside = (/** @type {any} */ top) => {
      const [px, py] = [top.x * CELL_PX - frame.margin, top.y * CELL_PX - frame.margin];
      const { x, y } = this.page.map.getSize();
      return px >= 0 && py >= 0 && px <= x && py <= y;
    };
    const tops = peaks(surface, frame.wide, frame.high, { most: 3 * MOST_TOPS, least, apart: reach })
      .filter(inside)
      .slice(0, MOST_TOPS)
      .map((top) => ({ ...top, mu: 0, members: /** @type {number[]} */ ([]), rows: /** @type {number[]} */ ([]) }));
    const { passed } = this.view;
    for (let i = 0; i < spots.contract.length; i++) {
      if (!passed[spots.contract[i]]) continue;
      const x = (spots.x[i] - frame.left) / frame.cell;
      const y = (spots.y[i] - frame.top) / frame.cell;
      if (x < 0 || y < 0 || x > frame.wide || y > frame.high) continue;
      let [best, near] = [-1, reach];
      tops.forEach((top, t) => {
        const away = Math.hypot(top.x + 0.5 - x, top.y + 0.5 - y);
        if (away <= near) [best, near] = [t, away];
      });
      if (best < 0) continue;
      tops[best].mu += spots.mu[i];
      tops[best].members.push(spots.contract[i]);
      tops[best].rows.push(i);
    }
    return tops.filter((top) => top.members.length).sort((a, b) => b.mu - a.mu);
  }

  list(/** @type {number[]} */ ends) {
    const { words, map } = this.page;
    byId("lw-hot-bands").replaceChildren(
      ...ends.map((end, i) => {
        const swatch = element("span", { class: "lw-hot-swatch", "aria-hidden": "true" });
        swatch.style.setProperty("--lw-hot", `${Math.round(BAND_STRENGTHS[i + 1] / 2.55)}%`);
        return element("li", {}, [swatch, element("span", { text: words.say("hot_band", { density: words.number(end) }) })]);
      }),
    );
    byId("lw-hot-list").replaceChildren(
      ...this.tops.map((top) => {
        const values = { name: this.placeName(top.members), mu: words.number(top.mu, 1), count: words.number(top.members.length, 0) };
        const button = element("button", { type: "button", text: words.say("hot_line", values), dir: "auto" });
        button.addEventListener("click", () => this.open(top));
        return element("li", {}, [button]);
      }),
    );
    if (!this.spots) return;
    const y = map.getSize().y / 2;
    const [from, to] = [0, SPREAD * CELL_PX].map((x) => map.containerPointToLatLng([x, y]));
    const reach = lengthInWords(words, Number(distanceM(from, to).toPrecision(2)));
    let blank = 0;
    for (const c of this.without) blank += this.view.passed[c];
    const told = [
      words.say(this.tops.length ? "hot_note" : "hot_none", { reach }),
      blank ? words.say("hot_blank", { count: words.number(blank, 0) }) : "",
    ];
    byId("lw-hot-note").textContent = told.join("");
  }

  /** Return where most of some contracts lie: a park, else a division. */
  placeName(/** @type {number[]} */ contracts) {
    const { ledger, words } = this.page;
    const { contract_zone: zones, summary_division: divisions } = ledger.columns;
    const zone = commonest(contracts.map((c) => zones[c]));
    if (ledger.zone(zone)) return ledger.zone(zone);
    const division = divisions ? commonest(contracts.map((c) => divisions[c])) : 0;
    return this.summary.told.divisions[division - 1]?.name ?? words.say("no_zone");
  }

  /** Go where a top lies. */
  open(/** @type {any} */ top) {
    const { map, shapes, ledger } = this.page;
    const parcels = top.members.map((/** @type {number} */ c) => ledger.parcelsOf(c)[0]);
    map.fitBounds(shapes.bounds(parcels), { animate: false, padding: [60, 60], maxZoom: 17 });
    map.getContainer().focus({ preventScroll: true });
  }
}

/** @param {number[]} codes */
function commonest(codes) {
  const counts = new Map();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0][0];
}

/**
 * Return red, green and blue of a colour that the style sheet computed.
 * @param {string} colour
 */
function inkOf(colour) {
  return (colour.match(/\d+/g) ?? ["0", "0", "0"]).slice(0, 3).map(Number);
}
