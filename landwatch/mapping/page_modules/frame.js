// The page of a frame: areas with a status, whatever they are; a legend, a search, and what is told.
import { unpack } from "./columns.js";
import { byId, element, swatch } from "./elements.js";
import { frameCounts, frameListed, frameShown } from "./frame_rows.js";
import { themeMeant } from "./inks.js";
import { Mark, parcelLayer, parcelsAt } from "./layer.js";
import { drawDivisions } from "./outlines.js";
import { drawNames } from "./placenames.js";
import { motifBackground } from "./palette.js";
import { Shapes, Tree } from "./shapes.js";
import { Words } from "./words.js";

const LISTED = 60;
const CARDS = 20;
const WAIT_MS = 120;

/**
 * Take a data block out of the page: its text is not needed twice.
 * @param {string} name
 */
function frameBlock(name) {
  const block = byId(`landwatch-${name}`);
  const text = block.textContent;
  block.remove();
  return text;
}

/** Return folium's map, moved into its place on the page. */
function frameMap() {
  const box = /** @type {HTMLElement} */ (document.querySelector(".folium-map"));
  const map = window[box.id];
  byId("lw-map").prepend(box);
  map.invalidateSize({ animate: false });
  map.attributionControl.setPrefix(false);
  for (const [name, order] of [["backdrop", 250], ["names", 260], ["parcels", 300], ["mark", 430]]) {
    const pane = map.createPane(name);
    pane.style.zIndex = order;
    pane.style.pointerEvents = "none";
  }
  new ResizeObserver(() => map.invalidateSize({ animate: false, pan: false })).observe(box);
  map.zoomer = L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  return map;
}

/** A page of a frame. */
class FramePage {
  /** @param {any} settings */
  constructor(settings) {
    this.settings = settings;
    this.kinds = settings.classes;
    this.words = new Words(settings.words, settings.lang);
    this.map = frameMap();
    /** @type {Set<number>} */
    this.off = new Set();
    this.most = LISTED;
    /** @type {number[] | null} */
    this.subject = null;
    /** @type {Uint8Array | null} */
    this.found = null;
    this.changes = 0;
    /** @type {any} what `open` fills: the packs, the shapes, the layers of the map */
    const later = null;
    this.head = this.told = this.shapes = this.tree = this.layer = this.mark = this.backdrop = later;
    this.classes = this.shown = new Uint8Array(0);
    for (const kind of this.kinds.filter((/** @type {any} */ one) => one.hatched)) {
      const motif = motifBackground({ ...kind, motif: "stripes" });
      document.documentElement.style.setProperty(`--lw-motif-${kind.code}`, motif);
    }
  }

  async open() {
    byId("lw-loading").textContent = this.words.say("loading");
    const packs = [unpack(frameBlock("drawing")), unpack(frameBlock("telling"))];
    const { columns, head } = await packs[0];
    this.head = head;
    this.shapes = new Shapes(columns, "row");
    this.tree = new Tree(this.shapes.boxes);
    this.classes = columns.row_class;
    this.shown = this.classes;
    this.layer = parcelLayer(this.shapes, this.tree, this.shown, this.kinds);
    const drawn = () => (document.documentElement.dataset.drawn = String(Math.round(performance.now())));
    this.layer.once("load", drawn);
    const bounds = this.shapes.bounds(Array(this.shapes.count).keys());
    if (bounds) this.map.fitBounds(bounds, { animate: false, padding: [16, 16], maxZoom: 18 });
    else drawn();
    this.backdrop = new Shapes(columns, "backdrop");
    drawDivisions(this.map, this.backdrop, {
      pane: "backdrop",
      inked: (ink) => ({ color: ink.outline, weight: 1 }),
      bordered: () => true,
    });
    drawNames(this.map, this.backdrop, columns.backdrop_outline, () => true);
    this.layer.addTo(this.map);
    this.mark = new Mark(this.map);
    this.told = await packs[1];
    this.listen();
    this.change();
    this.say();
    byId("lw-loading").hidden = true;
    document.documentElement.dataset.told = String(Math.round(performance.now()));
  }

  listen() {
    const { map } = this;
    byId("lw-lang").addEventListener("click", () => {
      this.words.lang = this.words.lang === "zh" ? "en" : "zh";
      this.say();
    });
    byId("lw-search").addEventListener("input", () => {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.change(), WAIT_MS);
    });
    byId("lw-more").addEventListener("click", () => {
      this.most += LISTED;
      this.list();
    });
    byId("lw-close").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.subject) this.close();
    });
    map.on("click", (/** @type {any} */ { latlng }) => this.openAt(latlng));
    const box = map.getContainer();
    box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && event.target === box) this.openAt(map.getCenter());
    });
    /** @type {any} */
    let wanted = null;
    map.on("mousemove", (/** @type {any} */ event) => {
      if (!wanted) {
        requestAnimationFrame(() => {
          this.hover(wanted);
          wanted = null;
        });
      }
      wanted = event;
    });
    map.on("mouseout", () => (byId("lw-tip").hidden = true));
  }

  /** Return what a row is called. */
  label(/** @type {number} */ row) {
    return this.told.columns.label.get(row) || this.words.say("frame_no_label", { row: row + 1 });
  }

  /** Return what a class is called in the language that is on. */
  className(/** @type {any} */ kind) {
    return kind[this.words.lang];
  }

  /** Show what the switches and the search leave. */
  change() {
    const words = byId("lw-search").value.trim().toLowerCase();
    this.found = null;
    if (words) {
      const found = new Uint8Array(this.classes.length);
      this.told.columns.label.search(words, (/** @type {number} */ row) => (found[row] = 1));
      this.found = found;
    }
    this.shown = frameShown(this.classes, this.off, this.found);
    this.layer.repaint(this.shown.subarray(0, this.head.drawn));
    this.most = LISTED;
    this.legend();
    this.list();
    document.documentElement.dataset.changes = String(this.changes++);
  }

  legend() {
    const { words, kinds } = this;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.kind : undefined;
    const counts = frameCounts(this.classes, this.found, kinds.length);
    const rows = kinds.map((/** @type {any} */ kind, /** @type {number} */ at) => {
      const box = element("input", { type: "checkbox", "data-kind": kind.code });
      box.checked = !this.off.has(at);
      box.addEventListener("change", () => {
        if (box.checked) this.off.delete(at);
        else this.off.add(at);
        this.change();
      });
      return element("label", { class: "lw-legend-row", "data-class": kind.code }, [
        box,
        swatch(kind),
        element("span", { class: "lw-legend-name", text: this.className(kind), dir: "auto" }),
        element("span", { class: "lw-count", text: words.number(counts[at]), "data-count": counts[at] }),
      ]);
    });
    const box = byId("lw-legend");
    box.replaceChildren(element("legend", { text: this.settings.status }), ...rows);
    if (focused) box.querySelector(`[data-kind="${focused}"]`)?.focus();
  }

  list() {
    const { words, kinds, shown } = this;
    const rows = frameListed(shown, kinds.length, this.most);
    let count = 0;
    for (const kind of shown) if (kind < kinds.length) count++;
    byId("lw-found").textContent = words.say("frame_found", { count: words.number(count) });
    byId("lw-list").replaceChildren(
      ...rows.map((row) => {
        const kind = kinds[this.classes[row]];
        const told = [element("span", { text: this.label(row), dir: "auto" })];
        const button = element("button", { type: "button", class: "lw-line" }, [swatch(kind), ...told]);
        button.addEventListener("click", () => this.show([row], button));
        return element("li", {}, [button]);
      }),
    );
    byId("lw-more").hidden = count <= rows.length;
    byId("lw-more").textContent = words.say("frame_more", { count: words.number(count - rows.length) });
  }

  /** @param {any} event */
  hover({ latlng, containerPoint }) {
    const tip = byId("lw-tip");
    const [row] = parcelsAt(this.shapes, this.tree, this.shown, latlng);
    tip.hidden = row === undefined;
    this.map.getContainer().classList.toggle("lw-over", row !== undefined);
    if (row === undefined) return;
    tip.textContent = [this.label(row), this.className(this.kinds[this.classes[row]])].join("\n");
    const left = Math.min(containerPoint.x + 14, this.map.getSize().x - tip.offsetWidth - 4);
    tip.style.transform = `translate(${Math.max(0, left)}px, ${containerPoint.y + 16}px)`;
  }

  /** @param {import("./layer.js").Place} place */
  openAt(place) {
    const rows = parcelsAt(this.shapes, this.tree, this.shown, place);
    if (rows.length) this.show(rows, null);
    else this.close();
  }

  /**
   * Tell of some rows.
   * @param {number[]} rows
   * @param {HTMLElement | null} from the line of the list that was pressed
   */
  show(rows, from) {
    this.subject = rows;
    this.openedFrom = from ?? this.map.getContainer();
    this.card();
    byId("lw-card-title").focus({ preventScroll: true });
    this.map.invalidateSize({ animate: false, pan: false });
    const drawn = rows.filter((row) => row < this.head.drawn);
    this.mark?.set(this.shapes, drawn);
    const bounds = this.shapes.bounds(drawn);
    if (bounds && from) this.map.fitBounds(bounds, { animate: false, maxZoom: 17, padding: [40, 40] });
    else if (bounds) this.map.panInside(L.latLngBounds(bounds).getCenter(), { animate: false, padding: [40, 40] });
  }

  card() {
    const { words, subject } = this;
    if (!subject) return;
    byId("lw-card").hidden = false;
    byId("lw-card-title").textContent = words.say("frame_card", { count: words.number(subject.length) });
    const cut = subject.length > CARDS;
    byId("lw-card-body").replaceChildren(
      ...subject.slice(0, CARDS).map((row) => this.row(row)),
      ...(cut ? [element("p", { class: "lw-note", text: words.say("frame_more", { count: subject.length - CARDS }) })] : []),
    );
  }

  /** @param {number} row */
  row(row) {
    const { words, settings } = this;
    const kind = this.kinds[this.classes[row]];
    const facts = settings.fields.map((/** @type {string} */ name, /** @type {number} */ at) => {
      const value = this.told.columns[`field_${at}`].get(row);
      const text = typeof value === "number" ? (Number.isNaN(value) ? "" : words.number(value, 6)) : value;
      return [element("dt", { text: name, dir: "auto" }), element("dd", { text: text || words.say("frame_untold"), dir: "auto" })];
    });
    const status = [element("dt", { text: settings.status }), element("dd", { text: this.className(kind), dir: "auto" })];
    return element("article", { class: "lw-row" }, [
      element("h3", {}, [swatch(kind), element("span", { text: this.label(row), dir: "auto" })]),
      element("dl", { class: "lw-facts" }, [...status, ...facts.flat()]),
      row < this.head.drawn ? null : element("p", { class: "lw-note", text: words.say("frame_no_shape") }),
    ]);
  }

  close() {
    const back = this.openedFrom;
    this.subject = null;
    byId("lw-card").hidden = true;
    this.mark?.set(this.shapes, []);
    this.map.invalidateSize({ animate: false, pan: false });
    if (back?.isConnected) back.focus({ preventScroll: true });
  }

  /** Say everything in the language that is on. */
  say() {
    const { words, map, settings, head } = this;
    document.documentElement.lang = words.lang === "zh" ? "zh-CN" : "en";
    byId("lw-title").textContent = settings.title || words.say("frame_title");
    byId("lw-lang").textContent = words.say("other_language");
    byId("lw-search-name").textContent = words.say("frame_search", { name: settings.label });
    byId("lw-close").setAttribute("aria-label", words.say("close"));
    byId("lw-side").setAttribute("aria-label", words.say("side"));
    const undrawn = head.rows - head.drawn;
    byId("lw-orientation").hidden = !this.backdrop?.count;
    byId("lw-orientation").textContent = words.say("orientation");
    byId("lw-undrawn").hidden = !undrawn;
    byId("lw-undrawn").textContent = words.say("frame_undrawn", { count: words.number(undrawn) });
    map.getContainer().setAttribute("aria-label", words.say("frame_map"));
    map.getContainer().setAttribute("role", "application");
    for (const [name, button] of [["zoom_in", map.zoomer._zoomInButton], ["zoom_out", map.zoomer._zoomOutButton]]) {
      button.title = words.say(name);
      button.setAttribute("aria-label", words.say(name));
    }
    this.legend();
    this.list();
    this.card();
  }
}

document.documentElement.dataset.theme = themeMeant(null, (query) => matchMedia(query).matches) === "dark" ? "dark" : "light";
await new FramePage(JSON.parse(frameBlock("settings"))).open();
