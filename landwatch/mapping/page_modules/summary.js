// Summary first: zoomed out, divisions or parks in bands of a measure; zoomed in, parcels take over.
import { byId, element } from "./elements.js";
import { WORLD } from "./shapes.js";
import { SummaryLayer } from "./summary_layer.js";
import { SummaryTable } from "./summary_table.js";
import { MEASURES, bandOf, figuresOf, idleStates, measured, rolledUp, shareText, tallied } from "./tally.js";

const READABLE_PX = 6; // a parcel as wide as this is seen as one
const SAMPLED_PARCELS = 2000;
const PROVINCES_BELOW = 9; // zoom: districts are too small to be told apart
const DIVISION_MASK = "division";
const FIRST_MEASURE = "breach_share";
/** @type {Record<string, string>} */
const UNITS_BY = { division: "summary_division", park: "summary_park", off: "summary_off" };

/** The summary: its choices and legend on the map, the coloured units, and the table. */
export class Summary {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    const { ledger } = page;
    /** @type {{divisions: any[], idle: number[]}} */
    this.told = ledger.head.parts?.summary ?? { divisions: [], idle: [] };
    this.idleRules = new Set(this.told.idle);
    this.by = this.told.divisions.some((one) => one.outline >= 0) && this.dividedAny() ? "division" : "park";
    this.on = this.by === "division" || page.signs.bounds.size > 0;
    this.first = this.on ? this.by : "off";
    this.measure = FIRST_MEASURE;
    this.near = nearZoom(page.shapes);
    this.wasNear = false;
    this.folded = false; // by coming near, not by hand
    this.chosen = -1;
    /** @type {Uint8Array | null} */
    this.states = null;
    /** @type {Record<string, import("./tally.js").Tally>} */
    this.whole = {};
    /** @type {{key: string, here: import("./tally.js").Tally, whole: import("./tally.js").Tally} | null} */
    this.sums = null;
    this.layer = new SummaryLayer(page, (unit) => this.go(unit));
    this.table = new SummaryTable(page, this);
    this.make();
    page.map.on("zoomend", () => this.refresh());
  }

  dividedAny() {
    const column = this.page.ledger.columns.summary_division;
    return Boolean(column?.some((/** @type {number} */ code) => code > 0));
  }

  make() {
    const choice = (/** @type {string} */ id, /** @type {string} */ key) =>
      element("label", {}, [element("span", { "data-say": key }), element("select", { id })]);
    this.box = element("details", { class: "lw-summary", id: "lw-summary" }, [
      element("summary", { id: "lw-summary-head", "data-say": "summary" }),
      element("p", { class: "lw-summary-said", id: "lw-summary-said" }),
      choice("lw-summary-by", "summary_by"),
      choice("lw-summary-measure", "summary_measure"),
      element("ul", { id: "lw-summary-bands" }),
      element("p", { class: "lw-note", id: "lw-summary-note", role: "status" }),
      element("p", { class: "lw-chosen", id: "lw-summary-chosen", hidden: true }),
      element("button", { type: "button", id: "lw-summary-open", "data-say": "summary_open_table" }),
    ]);
    this.box.open = matchMedia("(min-width: 761px)").matches;
    byId("lw-right").append(this.box);
    byId("lw-summary-head").addEventListener("click", () => (this.folded = false));
    this.box.addEventListener("toggle", () => {
      const full = this.box.open && this.box.scrollHeight > this.box.clientHeight;
      if (full) document.querySelector(".lw-right [aria-expanded=true]")?.dispatchEvent(new Event("click"));
    });
    byId("lw-summary-by").addEventListener("change", (/** @type {any} */ { target }) => {
      this.on = target.value !== "off";
      if (this.on) this.by = target.value;
      this.refresh();
      this.page.linking?.writeSoon();
    });
    byId("lw-summary-measure").addEventListener("change", (/** @type {any} */ { target }) => {
      this.measure = target.value;
      this.refresh();
      this.page.linking?.writeSoon();
    });
    byId("lw-summary-open").addEventListener("click", () => this.table.open());
  }

  say() {
    const { words } = this.page;
    const options = (/** @type {string} */ id, /** @type {string[][]} */ named, /** @type {string} */ chosen) => {
      const made = named.map(([value, key]) => element("option", { value, text: words.say(key) }));
      byId(id).replaceChildren(...made);
      byId(id).value = chosen;
    };
    const kinds = Object.entries(UNITS_BY).filter(([by]) => by !== "division" || this.dividedAny());
    options("lw-summary-by", kinds, this.on ? this.by : "off");
    const measures = Object.entries(MEASURES).map(([measure, { name }]) => [measure, name]);
    options("lw-summary-measure", measures.filter(([one]) => one !== "idle_mu" || this.idleRules.size), this.measure);
    this.table.say();
    if (this.view) this.refresh();
  }

  /** @param {any} view what the filters leave */
  show(view) {
    this.view = view;
    this.sums = null;
    if (this.chosen >= 0 && !this.page.filters.masks.has(DIVISION_MASK)) this.chosen = -1;
    this.refresh();
    this.table.show();
  }

  reset() {
    this.chosen = -1;
  }

  /** Return what is added up otherwise than at first, and the chosen division, for a link. */
  link() {
    const by = this.on ? this.by : "off";
    return {
      sum: by === this.first ? "" : by,
      measure: this.measure === FIRST_MEASURE ? "" : this.measure,
      division: this.chosen > 0 ? String(this.told.divisions[this.chosen - 1].code) : "",
    };
  }

  /** @param {Map<string, string>} told a link */
  follow(told) {
    const by = told.get("sum") ?? this.first;
    const known = [...byId("lw-summary-by").options].some((option) => option.value === by);
    this.on = (known ? by : this.first) !== "off";
    if (this.on) this.by = known ? by : this.first;
    const measure = told.get("measure") ?? FIRST_MEASURE;
    this.measure = [...byId("lw-summary-measure").options].some(({ value }) => value === measure) ? measure : FIRST_MEASURE;
    byId("lw-summary-measure").value = this.measure;
    this.sums = null;
    const code = told.get("division");
    const at = code ? this.told.divisions.findIndex((one) => String(one.code) === code) : -1;
    if (at >= 0) this.choose(at + 1);
  }

  /** Return that only one division is shown, where that is so. */
  narrowing() {
    if (this.chosen < 0) return null;
    const { words } = this.page;
    const name = this.chosen ? this.told.divisions[this.chosen - 1].name : "";
    const text = `${words.say("summary_division")}${words.say("colon")}${name}`;
    return { text, mask: DIVISION_MASK, undo: () => this.reset() };
  }

  /** Tell whether units are shown at this zoom; where no parcel is drawn, they always are. */
  get visible() {
    return this.on && this.page.map.getZoom() < this.near;
  }

  /** Return whether provinces are shown and not what lies in them. */
  get wide() {
    const { divisions } = this.told;
    if (this.by !== "division" || this.page.map.getZoom() >= PROVINCES_BELOW) return false;
    return divisions.some((one) => one.above >= 0);
  }

  /** Return what the rules of idle land say of each contract; null where that is not known. */
  idle() {
    const { ledger, filters } = this.page;
    if (!this.idleRules.size || filters.moment >= 0) return null;
    this.states ??= idleStates(
      {
        contractCount: ledger.contractCount,
        findingStart: ledger.findingStart,
        rules: ledger.columns.finding_rule,
        gravities: ledger.columns.finding_gravity,
      },
      this.idleRules,
      { breach: 0, to_verify: 1, unknown: 4 },
    );
    return this.states;
  }

  /** Return the unit of each contract, and how many units there are. */
  units() {
    const { columns, head } = this.page.ledger;
    return this.by === "division"
      ? { unitOf: columns.summary_division, units: this.told.divisions.length + 1 }
      : { unitOf: columns.contract_zone, units: head.zones.length };
  }

  /** Return the sums of every unit under the filters and of the whole ledger, added up once. */
  tallies() {
    const key = this.by;
    if (this.sums?.key === key) return this.sums;
    const { ledger } = this.page;
    const common = {
      ...this.units(),
      kinds: ledger.classes.length,
      areas: ledger.columns.contract_area_mu.values,
    };
    const { classes, passed } = this.view;
    const here = tallied({ ...common, classes, passed, idle: this.idle() });
    this.whole[key] ??= tallied({ ...common, classes: ledger.columns.contract_class, passed: null, idle: null });
    this.sums = { key, here, whole: this.whole[key] };
    return this.sums;
  }

  /** Return why a measure cannot be told under the filters, as a key; "" where it can. */
  untellable() {
    const { filters } = this.page;
    if ((filters.rule >= 0 || filters.toVerify) && MEASURES[this.measure].share) return "summary_no_share";
    return this.measure === "idle_mu" && !this.idle() ? "summary_no_idle" : "";
  }

  /** Return the rows of the units: their names, figures, values and bands; those of `wide` rolled up. */
  rows(wide = this.wide) {
    const { classes, head } = this.page.ledger;
    const { divisions } = this.told;
    let { here, whole } = this.tallies();
    if (wide) {
      const above = (/** @type {number} */ unit) => (unit && divisions[unit - 1].above >= 0 ? divisions[unit - 1].above + 1 : -1);
      [here, whole] = [rolledUp(here, above), rolledUp(whole, above)];
    }
    const provinces = divisions.some((one) => one.above >= 0);
    const rows = [];
    const untellable = this.untellable();
    for (let unit = 0; unit < here.units; unit++) {
      const figures = figuresOf(here, unit, classes);
      const known = figuresOf(whole, unit, classes).all > 0;
      const division = this.by === "division" ? divisions[unit - 1] : null;
      const other = division && provinces && (division.level === "province") !== wide;
      if (other && !figures.all) continue;
      if (!division && !known) continue;
      const value = untellable ? -1 : measured(this.measure, figures, known);
      const name = division ? division.name : this.by === "park" ? head.zones[unit] : "";
      rows.push({ unit, name, division, figures, known, value, band: bandOf(this.measure, value) });
    }
    return rows;
  }

  /** Colour the units and say what the bands mean. */
  refresh() {
    if (!this.view) return;
    const { visible } = this;
    const zoom = this.page.map.getZoom();
    this.layer.fade(!visible ? 0 : zoom < this.near - 1 ? 0.88 : 0.5);
    if (visible) this.layer.show(this.by, this.rows(), (row) => this.short(row));
    document.documentElement.dataset.summary = visible ? this.by : "off";
    this.makeRoom(zoom >= this.near);
    this.legend(visible);
  }

  /**
   * Fold the panel when parcels take over, which it would cover, and unfold it when they give way.
   * @param {boolean} near
   */
  makeRoom(near) {
    if (near === this.wasNear) return;
    this.wasNear = near;
    if (near && this.box.open) this.folded = true;
    else if (near || !this.folded) return;
    this.box.open = !near;
    this.folded = near;
  }

  legend(visible = this.visible) {
    const { words } = this.page;
    const note = !this.on
      ? words.say("summary_is_off")
      : !visible
        ? words.say("summary_too_near")
        : words.say(this.untellable() || MEASURES[this.measure].note);
    byId("lw-summary-bands").hidden = !visible;
    byId("lw-summary-bands").replaceChildren(
      ...[5, 4, 3, 2, 1, 0, -1].map((band) =>
        element("li", {}, [
          element("span", { class: `lw-band-swatch lw-band-${band < 0 ? "untold" : band}`, "aria-hidden": "true" }),
          element("span", { text: this.bandName(band) }),
        ]),
      ),
    );
    byId("lw-summary-note").textContent = note;
    byId("lw-summary-said").textContent = [UNITS_BY[this.by], MEASURES[this.measure].name].map((key) => words.say(key)).join(" · ");
    this.box.classList.toggle("lw-unshown", !visible);
    byId("lw-summary-by").value = this.on ? this.by : "off";
    byId("lw-summary-measure").disabled = !this.on;
    this.sayChosen();
  }

  sayChosen() {
    const { words } = this.page;
    const line = byId("lw-summary-chosen");
    line.hidden = this.chosen < 0;
    if (this.chosen < 0) return line.replaceChildren();
    const name = this.told.divisions[this.chosen - 1]?.name ?? words.say("summary_nowhere");
    const all = element("button", { type: "button", text: words.say("summary_all") });
    all.addEventListener("click", () => this.choose(-1));
    line.replaceChildren(element("span", { text: words.say("summary_only", { name }) }), all);
  }

  /** @param {number} band */
  bandName(band) {
    const { words } = this.page;
    if (band < 0) return words.say("summary_untold");
    if (band === 0) return this.valueInWords(0);
    const { breaks } = MEASURES[this.measure];
    const [from, to] = [breaks[band - 2], breaks[band - 1]].map((v) => (v === undefined ? "" : this.valueInWords(v)));
    if (band === 1) return words.say("summary_under", { to });
    return words.say(to ? "summary_between" : "summary_from", { from, to });
  }

  /** @param {number} value */
  valueInWords(value) {
    const { words } = this.page;
    if (MEASURES[this.measure].share) return shareText(words, value);
    return this.measure === "count" ? words.say("contract_count", { count: words.number(value) }) : words.mu(value);
  }

  /** Return the figure that stands on the map: the value, and of how many. */
  short(/** @type {any} */ { value, figures, known }) {
    const { words } = this.page;
    if (!known) return "";
    const count = words.say("contract_count", { count: words.number(figures.all) });
    if (value < 0) return words.say("summary_short", { value: words.say("summary_not_told"), count });
    if (this.measure === "count") return count;
    if (this.measure === "breach_share") {
      const [part, judged] = [figures.breach, figures.judged].map((n) => words.number(n));
      return words.say("summary_of_judged", { part, judged, all: words.number(figures.all) });
    }
    return words.say("summary_short", { value: this.valueInWords(value), count });
  }

  /** Go where a unit lies, and show only what lies in it. */
  go(/** @type {number} */ unit) {
    this.table.close();
    const { page } = this;
    if (this.by === "park") {
      page.filters.zone = unit;
      byId("lw-zone").value = String(unit);
      page.changedSoon();
    } else {
      this.choose(unit);
      const bounds = this.layer.boundsOf(this.told.divisions[unit - 1]);
      if (bounds) page.map.fitBounds(bounds, { animate: false, padding: [20, 20], maxZoom: this.near });
    }
    page.map.getContainer().focus({ preventScroll: true });
  }

  /** Show only the contracts of a division, -1 for all. */
  choose(/** @type {number} */ unit) {
    const { masks } = this.page.filters;
    this.chosen = unit;
    masks.delete(DIVISION_MASK);
    if (unit >= 0) {
      const column = this.page.ledger.columns.summary_division;
      const within = new Set([unit]);
      this.told.divisions.forEach((one, at) => one.above + 1 === unit && within.add(at + 1));
      const inside = Uint8Array.from({ length: this.told.divisions.length + 1 }, (_, at) => Number(within.has(at)));
      masks.set(DIVISION_MASK, Uint8Array.from(column, (/** @type {number} */ code) => inside[code]));
    }
    this.page.changedSoon();
  }
}

/**
 * Return the zoom at which the middle one of the parcels is wide enough to be seen.
 * @param {{count: number, boxes: Int32Array}} shapes
 */
export function nearZoom({ count, boxes }) {
  if (!count) return Infinity;
  const step = Math.max(1, Math.floor(count / SAMPLED_PARCELS));
  const widths = [];
  for (let i = 0; i < count; i += step) {
    widths.push(Math.max(boxes[4 * i + 2] - boxes[4 * i], boxes[4 * i + 3] - boxes[4 * i + 1]));
  }
  const middle = widths.sort((a, b) => a - b)[widths.length >> 1] || 1;
  const zoom = Math.ceil(Math.log2((READABLE_PX * WORLD) / (256 * middle)));
  return Math.max(10, Math.min(16, zoom));
}
