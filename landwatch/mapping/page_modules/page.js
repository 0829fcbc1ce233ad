// The page: unpack, draw, then join the map, the panel, the card and the features.
import { Card } from "./card.js";
import { unpack } from "./columns.js";
import { byId, element } from "./elements.js";
import { features } from "./features.js";
import { noFilters, shown } from "./filters.js";
import { drawGround, fitAll, placedMap } from "./ground.js";
import { Mark, parcelLayer, stillPictures } from "./layer.js";
import { Ledger } from "./ledger.js";
import { Linking } from "./linking.js";
import { Opening } from "./opening.js";
import { Panel } from "./panel.js";
import { Searcher } from "./searching.js";
import { Shapes, Tree } from "./shapes.js";
import { Signs } from "./signs.js";
import { putOnFirst } from "./themes.js";
import { Words } from "./words.js";

const TYPING_MS = 60;
const ANNOUNCED_MS = 6000;

/**
 * Take a data block out of the page: its text is not needed twice.
 * @param {string} name
 */
function taken(name) {
  const block = byId(`landwatch-${name}`);
  const text = block.textContent;
  block.remove();
  return text;
}

class Page {
  // What is there once the packs are read; features use all of it.
  /** @type {any} */ drawing;
  /** @type {any} */ telling;
  /** @type {any} */ detailed;
  /** @type {any} */ shapes;
  /** @type {any} */ tree;
  /** @type {any} */ classes;
  /** @type {any} */ zones;
  /** @type {any} */ outlines;
  /** @type {any} */ layer;
  /** @type {any} */ mark;
  /** @type {any} */ ledger;
  /** @type {any} */ searcher;
  /** @type {any} */ card;
  /** @type {any} */ opening;
  /** @type {any} */ panel;
  /** @type {any} */ signs;
  /** @type {any} */ view;
  /** @type {any} what frames the map for paper in place of `fit`, where a feature does */ framed;
  /** @type {any} */ screen;
  /** @type {any} */ moving;
  /** @type {any} */ later;
  /** @type {any} */ quiet;

  /** @param {any} settings */
  constructor(settings) {
    this.settings = settings;
    putOnFirst(settings.classes);
    this.words = new Words(settings.words, settings.lang);
    this.filters = noFilters();
    this.map = placedMap();
    this.changes = 0;
    this.wentTo = -1;
    this.saidWords = "";
    /** @type {any[]} */
    this.features = [];
    /** @type {Linking | null} */
    this.linking = null;
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
    this.outlines = new Shapes(columns, "backdrop");
    this.fit();
    drawGround(this.map, columns, this.outlines, this.zones);
    this.layer = parcelLayer(this.shapes, this.tree, this.classes, this.settings.classes);
    this.layer.once("load", () => this.ready("drawn"));
    this.layer.addTo(this.map);
    this.mark = new Mark(this.map);
    if (!head.drawn) this.ready("drawn");
  }

  /** Show all parcels, else all parks, else the country. */
  fit() {
    fitAll(this.map, this.shapes, this.zones, this.view?.parcelClasses);
  }

  tell() {
    this.ledger = new Ledger(this.drawing, this.telling, this.settings.classes);
    this.searcher = new Searcher(this.ledger);
    this.card = new Card(this.ledger, this.words, () => this.close());
    this.opening = new Opening(this);
    this.panel = new Panel(this);
    byId("lw-lang").addEventListener("click", () => this.switchLanguage());
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
    this.signs = new Signs(this.map, this.ledger, this.shapes, this.words);
    this.features = features(this);
    this.say();
    this.view = shown(this.ledger, this.filters, null);
    this.showView();
    byId("lw-empty").hidden = !this.ledger.contractCount || this.ledger.placed.includes(1);
    document.documentElement.dataset.changes = "0";
    this.linking = new Linking(this);
    this.linking.begin();
    this.ready("told");
  }

  /** Return the columns and the head of what is told of one contract at a time. */
  details() {
    this.detailed ??= unpack(taken("details"));
    return this.detailed;
  }

  /**
   * Do one thing in each feature that can do it.
   * @param {string} what
   * @param {any[]} given
   */
  each(what, ...given) {
    for (const feature of this.features) feature[what]?.(...given);
  }

  /**
   * Lay the page out for paper, with all that is shown in the frame, or back for the screen.
   * @param {boolean} printing
   */
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

  /**
   * Open the card of a contract, of parcels or of a park.
   * @param {Subject} subject
   * @param {any} from where the focus goes back to
   * @param {boolean} [zoomed]
   */
  openSubject(subject, from, zoomed) {
    this.opening.open(subject, from, zoomed);
  }

  /**
   * Fill the card, and let the features add to it.
   * @param {Subject} subject
   */
  show(subject) {
    this.card.show(subject);
    this.each("opened", subject);
  }

  close() {
    this.opening.close();
  }

  /**
   * Show all of one holder and nothing else.
   * @param {string} holder
   */
  onlyHolder(holder) {
    this.panel.onlyHolder(holder);
  }

  changedSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.change(), this.filters.words === this.saidWords ? 0 : TYPING_MS);
    this.saidWords = this.filters.words;
  }

  /** Show what the filters leave, on the map and in the panel. */
  change() {
    this.saidWords = this.filters.words;
    this.view = shown(this.ledger, this.filters, this.searcher.found(this.filters.words));
    this.classes = this.view.parcelClasses;
    this.layer.repaint(this.classes);
    this.goToPark();
    this.showView();
    this.linking?.writeSoon();
    document.documentElement.dataset.changes = String((this.changes += 1));
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
    this.linking?.writeSoon();
  }

  /**
   * Tell the user that something was done; `address` is a text to be copied by hand.
   * @param {string} text
   * @param {string} [address]
   */
  announce(text, address) {
    const box = byId("lw-said");
    clearTimeout(this.quiet);
    const field = address ? element("input", { readonly: true, "aria-label": text }) : null;
    box.replaceChildren(element("span", { text }), ...(field ? [field] : []));
    box.hidden = false;
    if (field) {
      field.value = address;
      field.select();
      field.addEventListener("blur", () => (box.hidden = true));
    } else {
      this.quiet = setTimeout(() => (box.hidden = true), ANNOUNCED_MS);
    }
  }

  /** Say everything that stands still on the page in the language that is on. */
  say() {
    const { words, map } = this;
    const { title, as_of: day, scan_id: scan, made_up: madeUp } = this.ledger.head;
    document.documentElement.lang = words.lang === "zh" ? "zh-CN" : "en";
    document.title = title;
    for (const box of document.querySelectorAll("[data-say]")) {
      box.textContent = words.say(/** @type {any} */ (box).dataset.say);
    }
    for (const box of document.querySelectorAll("[data-label]")) {
      box.setAttribute("aria-label", words.say(/** @type {any} */ (box).dataset.label));
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
    const zooms = [map.zoomer._zoomInButton, map.zoomer._zoomOutButton];
    ["zoom_in", "zoom_out"].forEach((name, at) => {
      zooms[at].title = words.say(name);
      zooms[at].setAttribute("aria-label", words.say(name));
    });
    this.panel.say();
    this.each("say");
  }

  /**
   * Tell who waits (a test, a benchmark) what has been reached and when.
   * @param {string} what
   */
  ready(what) {
    performance.mark(`landwatch:${what}`);
    document.documentElement.dataset[what] = String(Math.round(performance.now()));
  }
}

const page = new Page(JSON.parse(taken("settings")));
await page.open();
