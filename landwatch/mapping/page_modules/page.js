// The page: unpack, draw, then join the map, the panel and the card.
import { Card } from "./card.js";
import { unpack } from "./columns.js";
import { byId } from "./elements.js";
import { features } from "./features.js";
import { inkedLand, inkedPark } from "./inks.js";
import { Mark, drawOutlines, parcelLayer, parcelsAt, stillPictures } from "./layer.js";
import { noFilters, shown } from "./filters.js";
import { Ledger } from "./ledger.js";
import { Panel } from "./panel.js";
import { Searcher } from "./searching.js";
import { Shapes, Tree } from "./shapes.js";
import { Signs } from "./signs.js";
import { putOnFirst } from "./themes.js";
import { Words } from "./words.js";

const TYPING_MS = 120;
const NEAR_ZOOM = 9;
const PARK_ZOOM = 13;
const CHINA = [
  [18, 73],
  [53.6, 135.1],
];

/** Take a data block out of the page: its text is not needed twice. */
function taken(name) {
  const block = byId(`landwatch-${name}`);
  const text = block.textContent;
  block.remove();
  return text;
}

/** Return folium's map, moved into its place on the page. */
function placedMap() {
  const box = document.querySelector(".folium-map");
  const map = window[box.id];
  byId("lw-map").prepend(box);
  map.invalidateSize({ animate: false });
  map.attributionControl.setPrefix(false);
  for (const [name, order] of [["country", 240], ["backdrop", 250], ["parcels", 300], ["zones", 420], ["mark", 430]]) {
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

class Page {
  constructor(settings) {
    this.settings = settings;
    putOnFirst(settings.classes);
    this.words = new Words(settings.words, settings.lang);
    this.filters = noFilters();
    this.map = placedMap();
    byId("lw-loading").textContent = this.words.say("loading");
  }

  async open() {
    const packs = [unpack(taken("drawing")), unpack(taken("telling"))];
    this.drawing = await packs[0];
    this.draw();
    this.telling = await packs[1];
    this.tell();
    byId("lw-loading").hidden = true;
  }

  /** Draw the parcels in the classes that came with them. */
  draw() {
    const { columns, head } = this.drawing;
    this.shapes = new Shapes(columns, "parcel");
    this.tree = new Tree(this.shapes.boxes);
    this.classes = columns.parcel_class;
    this.zones = new Shapes(columns, "zone");
    this.fit();
    this.backdrop(columns);
    this.layer = parcelLayer(this.shapes, this.tree, this.classes, this.settings.classes);
    this.layer.once("load", () => this.ready("drawn"));
    this.layer.addTo(this.map);
    this.mark = new Mark(this.map);
    if (!head.drawn) this.ready("drawn");
  }

  /** Show all parcels, else all parks, else the country. */
  fit() {
    const all = (shapes) => shapes.bounds(Array(shapes.count).keys());
    const bounds = L.latLngBounds(all(this.shapes) ?? all(this.zones) ?? CHINA);
    // Parks far apart are shown by signs, which are wide: leave them room at the edges.
    const apart = bounds.getEast() - bounds.getWest() > 1 || bounds.getNorth() - bounds.getSouth() > 1;
    const beside = apart ? Math.min(150, this.map.getSize().x / 5) : 40;
    this.map.fitBounds(bounds, { animate: false, padding: [beside, apart ? 70 : 36], maxZoom: 17 });
  }

  backdrop(columns) {
    this.outlines = new Shapes(columns, "backdrop");
    const level = (i) => columns.backdrop_level.get(i);
    const land = {
      place: (bounds) => bounds.getCenter(),
      labelClass: (i) => `lw-place lw-${level(i)}`,
      inked: inkedLand,
      fill: true,
      fillOpacity: 1,
    };
    const names = columns.backdrop_outline;
    const country = drawOutlines(this.map, this.outlines, names, {
      ...land,
      pane: "country",
      only: (i) => level(i) === "province",
    });
    drawOutlines(this.map, this.outlines, names, {
      ...land,
      pane: "backdrop",
      only: (i) => level(i) !== "province",
    });
    drawOutlines(this.map, this.zones, columns.zone_outline, {
      pane: "zones",
      place: (bounds) => [bounds.getNorth(), bounds.getCenter().lng],
      labelClass: () => "lw-park",
      inked: inkedPark,
      dashArray: "8 5",
    });
    const zoomed = () => {
      const near = this.map.getZoom() >= NEAR_ZOOM;
      const { classList } = this.map.getContainer();
      classList.toggle("lw-near", near);
      classList.toggle("lw-far", !near);
      classList.toggle("lw-signs", this.map.getZoom() < PARK_ZOOM);
      country.eachLayer((line) => line.setStyle?.({ stroke: !near })); // too coarse to be near
    };
    this.map.on("zoomend", zoomed);
    zoomed();
  }

  tell() {
    this.ledger = new Ledger(this.drawing, this.telling, this.settings.classes);
    this.searcher = new Searcher(this.ledger);
    this.card = new Card(this.ledger, this.words, () => this.close());
    this.panel = new Panel(this.ledger, this.filters, this.words, {
      changed: () => this.changedSoon(),
      open: (subject, from) => this.openSubject(subject, from),
      reset: () => this.each("reset"),
    });
    byId("lw-lang").addEventListener("click", () => this.switchLanguage());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.card.subject) this.close();
    });
    this.signs = new Signs(this.map, this.ledger, this.shapes, this.words);
    this.features = features(this);
    this.listenToMap();
    this.say();
    this.view = shown(this.ledger, this.filters, null);
    this.showView();
    byId("lw-empty").hidden = !this.ledger.contractCount || this.ledger.placed.includes(1);
    document.documentElement.dataset.changes = this.changes = 0;
    this.ready("told");
  }

  /** Return the columns and the head of what is told of one contract at a time. */
  details() {
    this.detailed ??= unpack(taken("details"));
    return this.detailed;
  }

  /** Do one thing in each feature that can do it. */
  each(what, ...given) {
    for (const feature of this.features) feature[what]?.(...given);
  }

  listenToMap() {
    const { map } = this;
    map.on("click", ({ latlng }) => this.openAt(latlng));
    const box = map.getContainer();
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === box) this.openAt(map.getCenter());
    });
    let wanted = null;
    map.on("mousemove", (event) => {
      if (!wanted) requestAnimationFrame(() => this.hover(wanted, (wanted = null)));
      wanted = event;
    });
    map.on("mouseout", () => (byId("lw-tip").hidden = true));
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
  }

  /** Lay the page out for paper, with all that is shown in the frame, or back for the screen. */
  print(printing) {
    const { map } = this;
    this.moving?.();
    this.moving = null;
    if (printing) this.screen = { center: map.getCenter(), zoom: map.getZoom() };
    document.body.classList.toggle("lw-printing", printing);
    map.invalidateSize({ animate: false, pan: false });
    if (printing && this.framed) this.framed();
    else if (printing) this.fit();
    else map.setView(this.screen.center, this.screen.zoom, { animate: false });
    this.panel.print(printing);
    this.each("print", printing);
    if (printing) this.moving = stillPictures(map.getContainer());
  }

  /** Say which parcel the pointer is on. */
  hover({ latlng, containerPoint }) {
    const [parcel] = parcelsAt(this.shapes, this.tree, this.classes, latlng);
    const tip = byId("lw-tip");
    tip.hidden = parcel === undefined;
    this.map.getContainer().classList.toggle("lw-over", parcel !== undefined);
    if (parcel === undefined) return;
    const kind = this.settings.classes[this.classes[parcel]];
    const holders = Array.from(this.ledger.contractsOn(parcel), (c) => this.ledger.text("holder", c));
    const lines = [this.ledger.text("parcel_id", parcel), ...new Set(holders), this.words.className(kind)];
    tip.textContent = lines.filter(Boolean).slice(0, 5).join("\n");
    const left = Math.min(containerPoint.x + 14, this.map.getSize().x - tip.offsetWidth - 4);
    tip.style.transform = `translate(${Math.max(0, left)}px, ${containerPoint.y + 16}px)`;
  }

  /** Open what lies at a place, unless a tool that points at places takes it. */
  openAt(latlng) {
    if (this.pointing?.(latlng)) return;
    const parcels = parcelsAt(this.shapes, this.tree, this.classes, latlng);
    if (parcels.length) this.openSubject({ parcels }, this.map.getContainer());
    else this.close();
  }

  /** Open the card of a contract or parcels, and bring them into view when asked from a list. */
  openSubject(subject, from) {
    if (subject.park !== undefined) return this.openPark(subject, from);
    const parcels = subject.parcels ?? (subject.parcel !== undefined ? [subject.parcel] : null);
    this.openedFrom = from;
    this.show(parcels ? { parcels } : subject);
    byId("lw-card-title").focus({ preventScroll: true });
    document.body.classList.add("lw-with-card");
    const drawn = (parcels ?? Array.from(this.ledger.parcelsOf(subject.contract))).filter(
      (parcel) => parcel < this.ledger.drawn,
    );
    this.mark.set(this.shapes, drawn);
    this.map.invalidateSize({ animate: false, pan: false });
    if (drawn.length) this.bringIntoView(this.shapes.bounds(drawn), from !== this.map.getContainer());
  }

  /** Fill the card, and let the features add to it. */
  show(subject) {
    this.card.show(subject);
    this.each("opened", subject);
  }

  /** Open the card of a park and go where it lies. */
  openPark(subject, from) {
    this.openedFrom = from;
    this.show(subject);
    byId("lw-card-title").focus({ preventScroll: true });
    document.body.classList.add("lw-with-card");
    this.map.invalidateSize({ animate: false, pan: false });
    const names = this.drawing.columns.zone_outline;
    const rows = Array.from({ length: this.zones.count }, (_, i) => i);
    const drawn = rows.filter((i) => names.get(i) === this.ledger.zone(subject.park));
    this.mark.set(this.zones, drawn);
    if (drawn.length) this.bringIntoView(this.zones.bounds(drawn), true);
  }

  /** Move the map so that a place is not under the card; zoom to it when it came from a list. */
  bringIntoView(bounds, zoomed) {
    const box = this.map.getContainer().getBoundingClientRect();
    const covered = Math.max(0, box.bottom - byId("lw-card").getBoundingClientRect().top);
    const below = getComputedStyle(byId("lw-card")).position === "fixed" ? covered : 0;
    const sides = { paddingTopLeft: [40, 40], paddingBottomRight: [40, 40 + below], animate: false };
    if (zoomed) this.map.fitBounds(bounds, { ...sides, maxZoom: 16 });
    else this.map.panInside(L.latLngBounds(bounds).getCenter(), sides);
  }

  close() {
    const back = this.openedFrom;
    this.card.hide();
    this.each("closed");
    this.mark.set(this.shapes, []);
    document.body.classList.remove("lw-with-card");
    this.map.invalidateSize({ animate: false, pan: false });
    this.openedFrom = null;
    if (back?.isConnected) back.focus({ preventScroll: true });
  }

  changedSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.change(), this.filters.words === this.saidWords ? 0 : TYPING_MS);
    this.saidWords = this.filters.words;
  }

  /** Show what the filters leave, on the map and in the panel. */
  change() {
    this.view = shown(this.ledger, this.filters, this.searcher.found(this.filters.words));
    this.classes = this.view.parcelClasses;
    this.layer.repaint(this.classes);
    this.goToPark();
    this.showView();
    document.documentElement.dataset.changes = this.changes += 1;
  }

  showView() {
    this.panel.show(this.view);
    this.signs.show(this.view);
    this.each("show", this.view);
  }

  /** Go where the chosen park lies, once, when it is chosen. */
  goToPark() {
    const bounds = this.signs.bounds.get(this.filters.zone);
    if (bounds && this.filters.zone !== this.wentTo) {
      this.map.fitBounds(bounds, { animate: false, maxZoom: 17, padding: [24, 24] });
    }
    this.wentTo = this.filters.zone;
  }

  switchLanguage() {
    this.words.lang = this.words.lang === "zh" ? "en" : "zh";
    this.say();
    this.showView();
    if (this.card.subject) this.show(this.card.subject);
  }

  /** Say everything that stands still on the page in the language that is on. */
  say() {
    const { words, map } = this;
    const { title, as_of: day, scan_id: scan, made_up: madeUp } = this.ledger.head;
    document.documentElement.lang = words.lang === "zh" ? "zh-CN" : "en";
    document.title = title;
    for (const box of document.querySelectorAll("[data-say]")) {
      box.textContent = words.say(box.dataset.say);
    }
    for (const box of document.querySelectorAll("[data-label]")) {
      box.setAttribute("aria-label", words.say(box.dataset.label));
    }
    byId("lw-title").textContent = title;
    byId("lw-when").textContent = words.say(scan === null ? "when" : "when_scan", { day, scan });
    byId("lw-made-up").hidden = !madeUp;
    byId("lw-made-up").textContent = words.say("made_up");
    byId("lw-lang").textContent = words.say("other_language");
    byId("lw-search").placeholder = words.say("search_hint");
    byId("lw-orientation").textContent = words.say(this.outlines.count ? "orientation" : "no_outlines");
    map.getContainer().setAttribute("aria-label", words.say("map_label"));
    map.getContainer().setAttribute("role", "application");
    for (const [name, button] of [
      ["zoom_in", map.zoomer._zoomInButton],
      ["zoom_out", map.zoomer._zoomOutButton],
    ]) {
      button.title = words.say(name);
      button.setAttribute("aria-label", words.say(name));
    }
    this.panel.choices();
    this.each("say");
  }

  /** Tell who waits (a test, a benchmark) what has been reached and when. */
  ready(what) {
    performance.mark(`landwatch:${what}`);
    document.documentElement.dataset[what] = Math.round(performance.now());
  }
}

const page = new Page(JSON.parse(taken("settings")));
await page.open();
