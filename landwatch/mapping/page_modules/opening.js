// Opening what was clicked: the card, the mark on the map, the line in the list, and the way back.
import { byId } from "./elements.js";
import { Mark, parcelsAt } from "./layer.js";

/** Opens and closes the card of a page, and says what lies under the pointer. */
export class Opening {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.hinted = new Mark(page.map);
    /** @type {any} */
    this.from = null;
    this.listen();
  }

  listen() {
    const { map } = this.page;
    map.on("click", (/** @type {any} */ { latlng }) => this.openAt(latlng));
    const box = map.getContainer();
    box.addEventListener("keydown", (/** @type {any} */ event) => {
      if (event.key === "Enter" && event.target === box) this.openAt(map.getCenter());
    });
    /** @type {any} */
    let wanted = null;
    map.on("mousemove", (/** @type {any} */ event) => {
      if (!wanted) requestAnimationFrame(() => [this.hover(wanted), (wanted = null)]);
      wanted = event;
    });
    map.on("mouseout", () => (byId("lw-tip").hidden = true));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.page.card.subject) this.close();
    });
  }

  /**
   * Say which parcel the pointer is on.
   * @param {{latlng: any, containerPoint: {x: number, y: number}}} event
   */
  hover({ latlng, containerPoint }) {
    const { shapes, tree, classes, map, ledger, words, settings } = this.page;
    const [parcel] = parcelsAt(shapes, tree, classes, latlng);
    const tip = byId("lw-tip");
    tip.hidden = parcel === undefined;
    map.getContainer().classList.toggle("lw-over", parcel !== undefined);
    if (parcel === undefined) return;
    const kind = settings.classes[classes[parcel]];
    const holders = Array.from(ledger.contractsOn(parcel), (contract) => ledger.text("holder", contract));
    const lines = [ledger.text("parcel_id", parcel), ...new Set(holders), words.className(kind)];
    tip.textContent = lines.filter(Boolean).slice(0, 5).join("\n");
    const left = Math.min(containerPoint.x + 14, map.getSize().x - tip.offsetWidth - 4);
    tip.style.transform = `translate(${Math.max(0, left)}px, ${containerPoint.y + 16}px)`;
  }

  /**
   * Open what lies at a place, unless a tool that points at places takes it.
   * @param {any} latlng
   */
  openAt(latlng) {
    const { page } = this;
    if (page.pointing?.(latlng)) return;
    const parcels = parcelsAt(page.shapes, page.tree, page.classes, latlng);
    if (parcels.length) this.open({ parcels }, page.map.getContainer());
    else this.close();
  }

  /**
   * Return the parcels of a subject that the map draws.
   * @param {Subject} subject
   * @returns {number[]}
   */
  drawn({ contract, parcel, parcels }) {
    const { ledger } = this.page;
    const all = parcels ?? (parcel === undefined ? Array.from(ledger.parcelsOf(contract)) : [parcel]);
    return all.filter((one) => one < ledger.drawn);
  }

  /**
   * Mark what a line of the list is about, while a pointer or the focus is on it.
   * @param {Subject | null} subject
   */
  hint(subject) {
    const { shapes } = this.page;
    this.hinted.set(shapes, subject && subject.park === undefined ? this.drawn(subject) : []);
  }

  /**
   * Open the card of a contract, of parcels or of a park, and bring them into view.
   * @param {Subject} subject
   * @param {any} from where the focus goes back to; null where nothing was clicked
   * @param {boolean} [zoomed] whether to go there; on the map itself one is there already
   */
  open(subject, from, zoomed = from !== this.page.map.getContainer()) {
    const { page } = this;
    const of = subject.parcel === undefined ? subject : { parcels: [subject.parcel] };
    this.from = from;
    page.show(of);
    byId("lw-card-title").focus({ preventScroll: true });
    document.body.classList.add("lw-with-card");
    const [shapes, rows] =
      of.park === undefined ? [page.shapes, this.drawn(of)] : [page.zones, this.outlinesOf(of.park)];
    this.hint(null);
    page.mark.set(shapes, rows);
    page.map.invalidateSize({ animate: false, pan: false });
    if (rows.length) this.bringIntoView(shapes.bounds(rows), zoomed);
    page.panel.list.mark(of);
    page.linking?.writeSoon();
  }

  /** @param {number} park */
  outlinesOf(park) {
    const { zones, drawing, ledger } = this.page;
    const names = drawing.columns.zone_outline;
    const rows = Array.from({ length: zones.count }, (_, i) => i);
    return rows.filter((i) => names.get(i) === ledger.zone(park));
  }

  /**
   * Move the map so that a place is not under the card; zoom to it when it came from a list.
   * @param {any} bounds
   * @param {boolean} zoomed
   */
  bringIntoView(bounds, zoomed) {
    const { map } = this.page;
    const box = map.getContainer().getBoundingClientRect();
    const covered = Math.max(0, box.bottom - byId("lw-card").getBoundingClientRect().top);
    const below = getComputedStyle(byId("lw-card")).position === "fixed" ? covered : 0;
    const sides = { paddingTopLeft: [40, 40], paddingBottomRight: [40, 40 + below], animate: false };
    if (zoomed) map.fitBounds(bounds, { ...sides, maxZoom: 16 });
    else map.panInside(L.latLngBounds(bounds).getCenter(), sides);
  }

  close() {
    const { page, from } = this;
    page.card.hide();
    page.each("closed");
    page.mark.set(page.shapes, []);
    page.panel.list.mark(null);
    document.body.classList.remove("lw-with-card");
    page.map.invalidateSize({ animate: false, pan: false });
    this.from = null;
    if (from?.isConnected) from.focus({ preventScroll: true });
    page.linking?.writeSoon();
  }
}
