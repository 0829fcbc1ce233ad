// The table of a contract: what was agreed beside what was done, row by row, only what is told.
import { valueInWords, withUnit } from "./terms.js";

const M2_PER_MU = 2000 / 3;

/**
 * One value of a cell: its own name where the row's name does not say it, and who saw it when.
 * @typedef {{name: string, text: string, seen: string}} Item
 */

/**
 * The rows: the name of each, the columns of the agreed side, and those of what was done. A column
 * of a contract is "c:", of the reports "p:", what follows from several rows "k:", a ratio "=".
 * @type {[string, string[], string[]][]}
 */
const ROWS = [
  ["card_row_area", ["@area"], ["@parcel_area"]],
  ["card_row_use", ["c:land_use"], ["@parcel_use"]],
  ["card_row_price", ["c:price_wan"], []],
  ["card_row_signed", ["c:signed_on", "c:supplied_on"], []],
  ["card_row_tenure", ["c:tenure_years", "c:tenure_ends_on"], []],
  ["card_row_delivery", ["c:agreed_delivery_on"], ["c:delivered_on"]],
  [
    "card_row_start",
    ["c:agreed_start_on", "k:amended_start_on"],
    ["c:actual_start_on", "p:started", "k:started_by_on", "k:not_started_last_on", "p:permit_on"],
  ],
  [
    "card_row_completion",
    ["c:agreed_completion_on", "k:amended_completion_on"],
    ["c:actual_completion_on", "p:completed_on", "k:completion_seen_by_on", "k:not_complete_last_on"],
  ],
  [
    "card_row_production",
    [],
    ["p:in_production_on", "k:production_seen_by_on", "k:not_producing_last_on"],
  ],
  ["card_row_stage", [], ["p:stage", "p:suspended_since", "p:resumed_on"]],
  ["card_row_developed", ["c:due_start_area_mu"], ["p:developed_area_mu"]],
  [
    "card_row_invested",
    ["c:agreed_total_investment_wan", "c:agreed_total_investment_land_price_wan", "c:agreed_total_investment_taxes_wan"],
    ["p:invested_wan", "p:invested_land_price_wan", "p:invested_taxes_wan"],
  ],
  ["card_row_fixed", ["c:agreed_fixed_investment_wan"], ["p:fixed_assets_wan", "p:fixed_land_price_wan"]],
  ["card_row_intensity", ["c:agreed_intensity_wan_per_mu"], ["=intensity_with", "=intensity_without"]],
  ["card_row_far", ["c:agreed_far_min", "c:agreed_far_max"], ["=far", "p:floor_area_m2"]],
  ["card_row_density", ["c:agreed_density_min"], ["=density", "p:footprint_m2"]],
  ["card_row_tax", ["c:agreed_tax_wan_per_mu"], ["=tax", "p:tax_wan"]],
  ["card_row_output", ["c:agreed_output_wan_per_mu"], ["=output", "p:output_wan"]],
  ["card_row_capacity", ["c:design_capacity", "c:capacity_unit"], ["p:capacity_actual"]],
];
const NAMED = new Set(ROWS.flatMap(([, agreed, done]) => [...agreed, ...done]));
const ALWAYS_NAMED = new Set(["c:supplied_on", "c:tenure_ends_on", "c:agreed_far_min"]);
/** @type {{[name: string]: string}} */
const KNOWN_NAMES = {
  amended_start_on: "card_amended",
  amended_completion_on: "card_amended",
  started_by_on: "card_seen_started",
  not_started_last_on: "card_seen_not_started",
  completion_seen_by_on: "card_seen_complete",
  not_complete_last_on: "card_seen_not_complete",
  production_seen_by_on: "card_seen_producing",
  not_producing_last_on: "card_seen_not_producing",
};

/**
 * What the page itself tells of a contract and its parcel.
 * @typedef {{areaMu: number, parcelAreaMu: number, parcelUse: string, asOf: string}} Beside
 */

/** Works out the rows of the table of one contract. */
export class ContractRows {
  /**
   * @param {any} words
   * @param {any} head
   * @param {import("./terms.js").ContractTerms} told
   * @param {Beside} beside
   */
  constructor(words, head, told, beside) {
    this.words = words;
    this.head = head;
    this.told = told;
    this.beside = beside;
  }

  /**
   * Return the rows that tell anything: a name, and what stands on both sides.
   * @returns {{name: string, agreed: Item[] | null, done: Item[] | null}[]} null where that side
   *   has nothing to tell by its nature
   */
  rows() {
    const { words } = this;
    const rows = ROWS.map(([name, agreed, done]) => ({
      name: words.say(name),
      agreed: agreed.length ? this.items(agreed) : null,
      done: done.length ? this.items(done) : null,
    }));
    return [...rows, ...this.others("c", this.head.contract), ...this.others("p", this.head.progress)].filter(
      ({ agreed, done }) => agreed?.length || done?.length,
    );
  }

  /**
   * Return the columns that no row names, each in a row of its own.
   * @param {string} kind
   * @param {{[name: string]: import("./terms.js").Described}} described
   */
  others(kind, described) {
    return Object.keys(described)
      .filter((name) => !NAMED.has(`${kind}:${name}`) && name !== "stat_year")
      .map((name) => {
        const items = this.items([`${kind}:${name}`]);
        const title = described[name][this.lang];
        return { name: title, agreed: kind === "c" ? items : null, done: kind === "p" ? items : null };
      });
  }

  /** @returns {"zh" | "en"} */
  get lang() {
    return this.words.lang;
  }

  /**
   * @param {string[]} columns
   * @returns {Item[]}
   */
  items(columns) {
    return columns.flatMap((column, place) => {
      const item = column.startsWith("=") ? this.ratio(column.slice(1)) : this.item(column);
      if (!item) return [];
      const first = place === 0 && !ALWAYS_NAMED.has(column);
      return [{ ...item, name: first ? "" : item.name }];
    });
  }

  /**
   * @param {string} column
   * @returns {Item | null}
   */
  item(column) {
    if (column.startsWith("@")) return this.ofPage(column);
    const [kind, name] = column.split(":");
    const { words, head, told } = this;
    const sides = { c: told.agreed, p: told.done, k: told.known };
    const found = sides[/** @type {"c" | "p" | "k"} */ (kind)].get(name);
    const described = kind === "c" ? head.contract[name] : head.progress[name];
    const title = KNOWN_NAMES[name] ? words.say(KNOWN_NAMES[name]) : described?.[this.lang] ?? name;
    if (told.unreadable.has(`${kind === "c" ? "contracts" : "progress"}.${name}`)) {
      return { name: title, text: words.say("card_unreadable"), seen: "" };
    }
    if (!found) return null;
    const text = kind === "k" ? String(found.value) : valueInWords(words, described, found.value);
    return { name: title, text: text + this.afterwards(name, found.value), seen: this.seen(found) };
  }

  /**
   * Say of a day told as past that it lies after the day of the scan: it shows nothing yet.
   * @param {string} name
   * @param {string | number | boolean} value
   */
  afterwards(name, value) {
    const past = ["actual_start_on", "actual_completion_on", "delivered_on"].includes(name);
    return past && value > this.beside.asOf ? this.words.say("card_after_scan") : "";
  }

  /** @param {{on: string, source: string}} found */
  seen({ on, source }) {
    if (!on) return "";
    return this.words.say("seen_by", { day: on, by: this.words.name("progress_source", source) });
  }

  /**
   * @param {string} what
   * @returns {Item | null}
   */
  ofPage(what) {
    const { words, beside } = this;
    const { areaMu, parcelAreaMu, parcelUse } = beside;
    if (what === "@parcel_use") return parcelUse ? { name: "", text: parcelUse, seen: words.say("card_of_parcel") } : null;
    const area = what === "@area" ? areaMu : parcelAreaMu;
    if (Number.isNaN(area)) return null;
    return { name: "", text: words.mu(area), seen: what === "@area" ? "" : words.say("card_of_parcel") };
  }

  /**
   * Work out a ratio of what was done to the area granted; nothing where a part is not told.
   * @param {string} what
   * @returns {Item | null}
   */
  ratio(what) {
    const { words, told, beside } = this;
    if (!(beside.areaMu > 0)) return null;
    const number = (/** @type {string} */ name) => Number(told.done.get(name)?.value ?? NaN);
    const year = String(told.known.get(`year_${what}_on`)?.value ?? "").slice(0, 4);
    /** @type {{[what: string]: [number, string, string, string]}} */
    const kinds = {
      intensity_with: [number("fixed_assets_wan") + number("fixed_land_price_wan"), "card_with_land", "agreed_intensity_wan_per_mu", "fixed_assets_wan"],
      intensity_without: [number("fixed_assets_wan"), "card_without_land", "agreed_intensity_wan_per_mu", "fixed_assets_wan"],
      far: [number("floor_area_m2") / M2_PER_MU, "card_worked_out", "agreed_far_min", "floor_area_m2"],
      density: [number("footprint_m2") / M2_PER_MU, "card_worked_out", "agreed_density_min", "footprint_m2"],
      tax: [Number(told.known.get("year_tax_wan")?.value ?? NaN), "card_of_year", "agreed_tax_wan_per_mu", "tax_wan"],
      output: [Number(told.known.get("year_output_wan")?.value ?? NaN), "card_of_year", "agreed_output_wan_per_mu", "output_wan"],
    };
    const [sum, name, limit, from] = kinds[what];
    if (Number.isNaN(sum)) return null;
    const agreed = Number(told.agreed.get(limit)?.value ?? NaN);
    const unit = this.head.contract[limit]?.unit ?? (what in { far: 1, density: 1 } ? "" : "万元/亩");
    const text = withUnit(words, words.figure(sum / beside.areaMu, agreed), unit);
    const seen = told.done.get(from);
    return { name: "", text: `${text}${words.say(name, { year })}`, seen: seen ? this.seen(seen) : "" };
  }
}
