// Signs of the parks, while a park is too small on the map to see its parcels.
import { element } from "./elements.js";
import { latLngOf } from "./shapes.js";

const SMALL = 56; // pixels
const GAP = 4;
const POINT = 12; // the sign's point keeps off its corners
const WIDEST = 340;

/** One sign for each park; a click, or Enter, goes there. */
export class Signs {
  /**
   * @param {any} map
   * @param {any} ledger
   * @param {import("./shapes.js").Shapes} shapes
   * @param {import("./words.js").Words} words
   */
  constructor(map, ledger, shapes, words) {
    this.map = map;
    this.ledger = ledger;
    this.words = words;
    this.group = L.layerGroup().addTo(map);
    this.bounds = parkBounds(ledger, shapes);
    this.all = new Uint32Array(ledger.head.zones.length);
    this.breach = new Uint32Array(ledger.head.zones.length);
    /** @type {any[]} */
    this.signs = [];
    map.on("zoomend", () => this.put());
    map.on("moveend resize", () => this.keepInside());
  }

  /**
   * Show the signs of what the filters leave.
   * @param {{contracts: ArrayLike<number>, classes: Uint8Array}} view
   */
  show({ contracts, classes }) {
    const { all, breach } = this;
    const zones = this.ledger.columns.contract_zone;
    const grave = this.ledger.classes.findIndex((/** @type {MapClass} */ kind) => kind.code === "breach");
    all.fill(0);
    breach.fill(0);
    for (let i = 0; i < contracts.length; i++) {
      const zone = zones[contracts[i]];
      all[zone]++;
      if (classes[contracts[i]] === grave) breach[zone]++;
    }
    this.put();
  }

  put() {
    this.group.clearLayers();
    this.signs = [];
    /** @type {Box[]} */
    const taken = [];
    const order = [...this.bounds.keys()].sort((a, b) => this.all[b] - this.all[a]);
    for (const zone of order) {
      const bounds = this.bounds.get(zone);
      if (!this.all[zone] || !this.isSmall(bounds)) continue;
      const text = this.text(zone);
      const box = this.box(bounds.getCenter(), text);
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      this.signs.push(this.sign(bounds, text).addTo(this.group));
    }
    this.keepInside();
  }

  /** Push the signs whose park is on the map in from its edges; their points stay where they are. */
  keepInside() {
    const { x: width } = this.map.getSize();
    for (const sign of this.signs) {
      const text = sign.getElement().firstChild;
      text.style.maxWidth = `${Math.min(WIDEST, width - 2 * GAP)}px`;
      const { x } = this.map.latLngToContainerPoint(sign.getLatLng());
      const half = text.offsetWidth / 2;
      const room = Math.max(0, half - POINT);
      const wanted = Math.min(Math.max(x, half + GAP), Math.max(width - half - GAP, half + GAP)) - x;
      const shift = x < 0 || x > width ? 0 : Math.min(Math.max(wanted, -room), room);
      text.style.setProperty("--lw-shift", `${Math.round(shift)}px`);
    }
  }

  /** @param {any} bounds */
  isSmall(bounds) {
    const low = this.map.latLngToLayerPoint(bounds.getSouthWest());
    const high = this.map.latLngToLayerPoint(bounds.getNorthEast());
    return high.x - low.x < SMALL && low.y - high.y < SMALL;
  }

  /** @param {number} zone */
  text(zone) {
    const { words } = this;
    const [all, breach] = [this.all[zone], this.breach[zone]];
    const values = { name: this.ledger.zone(zone), all: words.number(all), breach: words.number(breach) };
    return words.say(breach ? "sign_breach" : "sign", values);
  }

  /**
   * Return about where a sign stands, in pixels: a full-width letter is 13 wide.
   * @param {any} place
   * @param {string} text
   */
  box(place, text) {
    const { x, y } = this.map.latLngToLayerPoint(place);
    const half = Math.min(text.length * 6.5, WIDEST / 2) + GAP;
    return { left: x - half, right: x + half, top: y - 30 - GAP, bottom: y };
  }

  /**
   * @param {any} bounds
   * @param {string} text
   */
  sign(bounds, text) {
    const icon = L.divIcon({
      html: element("span", { text, dir: "auto" }),
      className: "lw-sign",
      iconSize: null,
      iconAnchor: [0, 0],
    });
    const sign = L.marker(bounds.getCenter(), { icon, alt: text, pane: "markerPane" });
    const go = () => {
      this.map.fitBounds(bounds, { animate: false, maxZoom: 16 });
      this.map.getContainer().focus({ preventScroll: true });
    };
    sign.on("keydown", (/** @type {any} */ { originalEvent }) => originalEvent.key === "Enter" && go());
    return sign.on("click", go);
  }
}

/**
 * Where something stands, in pixels.
 * @typedef {{left: number, right: number, top: number, bottom: number}} Box
 */

/**
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * Return where each park's drawn parcels lie; where a parcel tells none, its contract's park.
 * @param {any} ledger
 * @param {import("./shapes.js").Shapes} shapes
 * @returns {Map<number, any>}
 */
function parkBounds({ columns, head, drawn, contractStart, contractRows }, { boxes }) {
  const { zones } = head;
  const reach = zones.map(() => [Infinity, Infinity, -Infinity, -Infinity]);
  for (let parcel = 0; parcel < drawn; parcel++) {
    let zone = columns.parcel_zone[parcel];
    const first = contractStart[parcel];
    if (!zones[zone] && first < contractStart[parcel + 1]) zone = columns.contract_zone[contractRows[first]];
    const box = reach[zone];
    if (boxes[4 * parcel] < box[0]) box[0] = boxes[4 * parcel];
    if (boxes[4 * parcel + 1] < box[1]) box[1] = boxes[4 * parcel + 1];
    if (boxes[4 * parcel + 2] > box[2]) box[2] = boxes[4 * parcel + 2];
    if (boxes[4 * parcel + 3] > box[3]) box[3] = boxes[4 * parcel + 3];
  }
  const bounds = new Map();
  for (const [zone, [west, north, east, south]] of reach.entries()) {
    if (!zones[zone] || west === Infinity) continue;
    bounds.set(zone, L.latLngBounds([latLngOf(west, south), latLngOf(east, north)]));
  }
  return bounds;
}
