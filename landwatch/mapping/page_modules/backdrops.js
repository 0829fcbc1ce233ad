// What lies under and over the parcels, to choose from: outlines, tiles, the user's own layers.
import { byId, element } from "./elements.js";
import { LEAST_STRENGTH, LayersPanel, NO_BACKDROP, OUTLINES } from "./layers_panel.js";
import { Overlay } from "./overlays.js";
import { carriedTiles, finderOf, tileLayer } from "./tile_layers.js";

const PATIENCE_MS = 8000;

/** The choice of backdrops and layers, in a panel on the map; what was chosen stands in its corner. */
export class Backdrops {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.map = page.map;
    page.backdrops = this;
    const told = page.ledger.head.parts?.backdrops ?? { backdrops: [], layers: [], approval: "", credit: "" };
    /** @type {import("./tile_layers.js").Backdrop[]} */
    this.offered = told.backdrops;
    this.told = told;
    this.strength = 100;
    this.chosen = OUTLINES;
    this.parks = true;
    this.names = true;
    /** @type {Map<number, Promise<any[]>>} */
    this.made = new Map();
    /** @type {any[]} */
    this.on = [];
    this.cameOnce = new Set();
    this.toldOnce = new Set();
    this.overlays = told.layers.map((/** @type {any} */ head) => new Overlay(this.map, head));
    this.prepareMap();
    this.panel = new LayersPanel(this);
    for (const overlay of this.overlays) this.showOverlay(overlay, true);
    this.choose(this.offered.length ? 0 : OUTLINES);
  }

  prepareMap() {
    const { map } = this;
    map.options.minZoom ??= 0; // else a layer that begins at zoom 5 would keep the map from zoom 4
    for (const [name, order] of /** @type {[string, number][]} */ ([["layers", 410], ["layer-labels", 415]])) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(order);
      pane.style.pointerEvents = "none";
    }
    this.credit = element("p", { class: "lw-credit", hidden: true, dir: "auto" });
    this.note = element("div", { class: "lw-backdrop-note", role: "status" });
    byId("lw-map").append(this.credit, this.note);
  }

  /** Say everything in the language that is on. */
  say() {
    this.panel.say();
    this.sayCredit();
  }

  /** @param {number} at */
  nameOf(at) {
    const { words } = this.page;
    if (at === OUTLINES) return words.say("layers_outlines");
    if (at === NO_BACKDROP) return words.say("layers_none");
    const { kind, name } = this.offered[at];
    const named = /** @type {Record<string, string>} */ ({ vec: "layers_vec", img: "layers_img", ter: "layers_ter" });
    return named[kind] ? words.say(named[kind]) : name;
  }

  /** @param {number} at */
  notesOf(at) {
    const { words } = this.page;
    const source = this.offered[at];
    if (!source) return [];
    const notes = source.notes.map((note) => note[words.lang]);
    const hosts = source.hosts.slice(0, 2).join(", ") + (source.hosts.length > 2 ? " …" : "");
    if (hosts) notes.push(words.say("layers_online", { hosts }));
    if (source.gcj02) notes.push(words.say("layers_gcj02"));
    return notes;
  }

  /**
   * Show a backdrop in the place of the one that is on.
   * @param {number} at its place, or OUTLINES or NO_BACKDROP
   */
  async choose(at) {
    this.chosen = at;
    for (const layer of this.on) layer.remove();
    this.on = [];
    this.dressMap(at);
    this.panel.sayAgain();
    if (!this.offered[at]) return;
    const layers = await this.layersOf(at);
    if (this.chosen !== at) return; // another was chosen meanwhile
    this.on = layers;
    for (const layer of layers) layer.setOpacity(this.strength / 100).addTo(this.map);
    this.showNames(this.names);
  }

  /** @param {number} percent */
  strengthen(percent) {
    this.strength = percent;
    for (const layer of this.on) layer.setOpacity(percent / 100);
  }

  /**
   * Show the outlines of divisions where they are chosen and until tiles come; whose map the tiles
   * are is said from then on.
   * @param {number} at
   */
  dressMap(at) {
    const { classList } = this.map.getContainer();
    classList.toggle("lw-tiled", at === NO_BACKDROP || this.cameOnce.has(at));
    this.sayCredit();
  }

  /**
   * Return the layers of a backdrop, made when they are first wanted.
   * @param {number} at
   * @returns {Promise<any[]>}
   */
  layersOf(at) {
    let made = this.made.get(at);
    if (!made) {
      made = this.makeLayers(at).catch(() => (this.complain(at, "layers_unread"), []));
      this.made.set(at, made);
    }
    return made;
  }

  /** @param {number} at */
  async makeLayers(at) {
    const source = this.offered[at];
    const inside = source.kind === "inline";
    const find = inside ? await carriedTiles(source.block) : finderOf(source.templates);
    const layers = [tileLayer(source, find)];
    if (source.names.length) layers.push(tileLayer(source, finderOf(source.names), 2));
    this.watch(layers[0], at);
    return layers;
  }

  /**
   * Say once where nothing of a backdrop comes.
   * @param {any} layer
   * @param {number} at
   */
  watch(layer, at) {
    let [came, failed] = [0, 0];
    layer.on("loading", () => ([came, failed] = [0, 0]));
    layer.on("tileerror", () => failed++);
    layer.on("tileload", () => {
      came++;
      if (this.cameOnce.has(at)) return;
      this.cameOnce.add(at);
      if (this.chosen === at) this.dressMap(at);
    });
    layer.on("load", () => {
      if (!failed || came > failed) return;
      const why = this.offered[at].kind === "beside" ? "layers_failed_beside" : "layers_failed";
      this.complain(at, why);
    });
  }

  /**
   * @param {number} at
   * @param {string} why
   */
  complain(at, why) {
    if (this.toldOnce.has(at)) return;
    this.toldOnce.add(at);
    this.tell(this.page.words.say(why, { name: this.nameOf(at) }));
  }

  /** @param {string} text */
  tell(text) {
    const close = element("button", { type: "button", text: this.page.words.say("layers_dismiss") });
    close.addEventListener("click", () => {
      this.note.replaceChildren();
      this.map.getContainer().focus({ preventScroll: true });
    });
    this.note.replaceChildren(element("p", { text, dir: "auto" }), close);
  }

  /** @param {boolean} on */
  showParks(on) {
    this.parks = on;
    this.map.getPane("zones").hidden = !on;
  }

  /** @param {boolean} on */
  showNames(on) {
    this.names = on;
    const layer = this.on[1];
    if (on) layer?.addTo(this.map);
    else layer?.remove();
  }

  /**
   * @param {Overlay} overlay
   * @param {boolean} on
   */
  showOverlay(overlay, on) {
    overlay.show(on).catch(() => {
      overlay.shown = false;
      this.tell(this.page.words.say("layers_unread", { name: overlay.head.name }));
    });
  }

  /** Put in the corner whose map it is, its approval number, and that it is approximate. */
  sayCredit() {
    const { words } = this.page;
    const source = this.cameOnce.has(this.chosen) ? this.offered[this.chosen] : undefined;
    const tianditu = source && ["vec", "img", "ter"].includes(source.kind);
    const of = tianditu ? words.say("layers_tianditu") : (source?.credit ?? "");
    const number = source && this.told.approval;
    const parts = source
      ? [of, this.told.credit, number && words.say("layers_approval", { number }), source.gcj02 && words.say("layers_gcj02_short")]
      : [];
    const text = parts.filter(Boolean).join(" · ");
    this.credit.textContent = text;
    this.credit.hidden = !text;
    this.page.approval = number || "";
    this.page.credit = of;
  }

  /**
   * Have the tiles that paper will show come first: a browser prints what is there, and waits for
   * nothing. The page is laid out for paper once, and back, so that all of them are asked for.
   */
  async beforePaper() {
    if (!this.on.length) return;
    this.page.print(true);
    const waiting = this.on.filter((layer) => layer._map && layer.isLoading());
    const come = waiting.map((layer) => new Promise((settle) => layer.once("load", settle)));
    await Promise.race([Promise.all(come), new Promise((late) => setTimeout(late, PATIENCE_MS))]);
    this.page.print(false);
  }

  /** Return what is chosen otherwise than at first, for a link to the page as it is. */
  link() {
    const first = this.offered.length ? 0 : OUTLINES;
    const off = this.overlays.flatMap((/** @type {Overlay} */ overlay, /** @type {number} */ at) =>
      overlay.shown ? [] : [String(at)],
    );
    const without = [...(this.parks ? [] : ["parks"]), ...(this.names ? [] : ["names"]), ...off];
    return {
      base: this.chosen === first ? "" : baseInLink(this.chosen),
      strength: this.strength === 100 ? "" : String(this.strength),
      without: without.join(","),
    };
  }

  /**
   * Choose what a link tells; what it tells wrongly is as at first.
   * @param {Map<string, string>} told
   */
  follow(told) {
    const strength = Number(told.get("strength") ?? 100);
    this.strength = strength >= LEAST_STRENGTH && strength <= 100 ? Math.round(strength) : 100;
    const without = new Set((told.get("without") ?? "").split(","));
    this.showParks(!without.has("parks"));
    this.names = !without.has("names");
    for (const [at, overlay] of this.overlays.entries()) this.showOverlay(overlay, !without.has(String(at)));
    const all = [...this.offered.keys(), OUTLINES, NO_BACKDROP];
    const first = this.offered.length ? 0 : OUTLINES;
    this.choose(all.find((at) => baseInLink(at) === told.get("base")) ?? first);
  }
}

/** @param {number} at */
function baseInLink(at) {
  if (at === OUTLINES) return "outlines";
  return at === NO_BACKDROP ? "none" : String(at);
}
