// Signs of the parks, while a park is too small on the map to see its parcels.
import { element } from "./elements.js";

const SMALL = 56; // pixels
const GAP = 4;

/** One sign for each park; a click, or Enter, goes there. */
export class Signs {
  constructor(map, ledger, shapes, words) {
    Object.assign(this, { map, ledger, shapes, words });
    this.group = L.layerGroup().addTo(map);
    this.bounds = parkBounds(ledger, shapes);
    map.on("zoomend", () => this.put());
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
      this.group.addLayer(this.sign(bounds, text));
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
    const half = text.length * 6.5 + GAP;
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
