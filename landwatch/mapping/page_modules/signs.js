// Signs of the parks, while a park is too small on the map to see its parcels.
import { element } from "./elements.js";

const SMALL = 56; // pixels
const GAP = 4;
const POINT = 12; // the sign's point keeps off its corners
const WIDEST = 340;

/** One sign for each park; a click, or Enter, goes there. */
export class Signs {
  constructor(map, ledger, shapes, words) {
    Object.assign(this, { map, ledger, shapes, words });
    this.group = L.layerGroup().addTo(map);
    this.bounds = parkBounds(ledger, shapes);
    this.signs = [];
    map.on("zoomend", () => this.put());
    map.on("moveend resize", () => this.keepInside());
  }

  /** Show the signs of what the filters leave. */
  show(view) {
    this.counts = this.ledger.head.zones.map(() => ({ all: 0, breach: 0 }));
    for (const contract of view.contracts) {
      const line = this.counts[this.ledger.columns.contract_zone[contract]];
      line.all++;
      if (this.ledger.classes[view.classes[contract]].code === "breach") line.breach++;
    }
    this.put();
  }

  put() {
    this.group.clearLayers();
    this.signs = [];
    if (!this.counts) return;
    const taken = [];
    const order = [...this.bounds.keys()].sort((a, b) => this.counts[b].all - this.counts[a].all);
    for (const zone of order) {
      const bounds = this.bounds.get(zone);
      if (!this.counts[zone].all || !this.isSmall(bounds)) continue;
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

  isSmall(bounds) {
    const low = this.map.latLngToLayerPoint(bounds.getSouthWest());
    const high = this.map.latLngToLayerPoint(bounds.getNorthEast());
    return high.x - low.x < SMALL && low.y - high.y < SMALL;
  }

  text(zone) {
    const { all, breach } = this.counts[zone];
    const { words } = this;
    const values = { name: this.ledger.zone(zone), all: words.number(all), breach: words.number(breach) };
    return words.say(breach ? "sign_breach" : "sign", values);
  }

  /** Return about where a sign stands, in pixels: a full-width letter is 13 wide. */
  box(place, text) {
    const { x, y } = this.map.latLngToLayerPoint(place);
    const half = Math.min(text.length * 6.5, WIDEST / 2) + GAP;
    return { left: x - half, right: x + half, top: y - 30 - GAP, bottom: y };
  }

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
    sign.on("keydown", ({ originalEvent }) => originalEvent.key === "Enter" && go());
    return sign.on("click", go);
  }
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** Return where each park's drawn parcels lie; where a parcel tells none, its contract's park. */
function parkBounds(ledger, shapes) {
  const members = new Map();
  for (let parcel = 0; parcel < ledger.drawn; parcel++) {
    const [contract] = ledger.contractsOn(parcel);
    const { contract_zone: ofContract, parcel_zone: ofParcel } = ledger.columns;
    let zone = ofParcel[parcel];
    if (!ledger.zone(zone) && contract !== undefined) zone = ofContract[contract];
    if (!ledger.zone(zone)) continue;
    if (!members.has(zone)) members.set(zone, []);
    members.get(zone).push(parcel);
  }
  const bounds = new Map();
  for (const [zone, parcels] of members) bounds.set(zone, L.latLngBounds(shapes.bounds(parcels)));
  return bounds;
}
