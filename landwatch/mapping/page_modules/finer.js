// The finer filters: land use, industry, holder, area, days past, last sight; folded until wanted.
import { byId, element } from "./elements.js";
import { industryName } from "./industries.js";
import { Range, stopsBelow } from "./range.js";

const MU = [0.5, 1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 2000, 5000, 10000];
const DAYS = [1, 30, 60, 90, 120, 180, 270, 365, 540, 730, 1095, 1460, 1825, 2555, 3650, 5475, 7300];
const SEEN_DAYS = 180;
const MOST_CHOICES = 400;

/** The finer filters; made when they are first unfolded, so that they cost nothing before. */
export class Finer {
  /**
   * @param {any} ledger
   * @param {any} filters
   * @param {any} words
   * @param {() => void} changed
   */
  constructor(ledger, filters, words, changed) {
    this.ledger = ledger;
    this.filters = filters;
    this.words = words;
    this.changed = changed;
    this.button = byId("lw-finer-open");
    this.box = byId("lw-finer");
    /** @type {Range[]} */
    this.ranges = [];
    /** @type {any[] | null} */
    this.parts = null;
    /** @type {any} */
    this.use = null;
    /** @type {any} */
    this.industry = null;
    /** @type {any} */
    this.seen = null;
    this.button.addEventListener("click", () => this.unfold(this.box.hidden));
  }

  /** @param {boolean} open */
  unfold(open) {
    if (!this.parts) this.make();
    this.box.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  make() {
    const { filters, ledger, words } = this;
    const { columns } = ledger;
    this.use = this.choice("lw-land-use", (value) => (filters.landUse = value));
    this.industry = columns.contract_industry
      ? this.choice("lw-industry", (value) => (filters.industry = value))
      : null;
    this.seen = ledger.evidence().seen_on ? this.ofSight() : null;
    this.ranges = [
      this.range("area", { name: "panel_area", value: "panel_mu_value", untold: "panel_area_untold" }, MU),
      this.range("days", { name: "panel_days", value: "panel_days_value", untold: "panel_days_untold" }, DAYS),
    ];
    const parts = [this.use, this.industry, this.seen].filter(Boolean);
    this.parts = parts;
    this.box.replaceChildren(...parts.map((part) => part.label), ...this.ranges.map((one) => one.box));
    this.words = words;
    this.say();
  }

  /**
   * @param {string} id
   * @param {(value: any) => void} set
   */
  choice(id, set) {
    const name = element("span");
    const select = element("select", { id });
    select.addEventListener("change", () => {
      set(select.value === "*" ? null : select.value.slice(1));
      this.changed();
    });
    return { name, select, label: element("label", {}, [name, select]) };
  }

  /** Make the choice of when a contract was last seen, with a field for the number of days. */
  ofSight() {
    const { filters } = this;
    const made = this.choice("lw-seen", () => {});
    const days = element("input", { type: "number", id: "lw-seen-days", min: 1, max: 36500, step: 1, value: SEEN_DAYS });
    const read = () => {
      const asked = Math.floor(Number(days.value));
      const { value } = made.select;
      filters.seen = value === "=older" ? (asked > 0 ? asked : SEEN_DAYS) : value === "=never" ? "never" : null;
      days.disabled = value !== "=older";
      this.changed();
    };
    made.select.addEventListener("change", read);
    days.addEventListener("change", read);
    days.disabled = true;
    const label = element("div", { class: "lw-pair" }, [made.label, element("label", {}, [element("span"), days])]);
    return { ...made, label, days, daysName: label.lastChild.firstChild };
  }

  /**
   * @param {"area" | "days"} name
   * @param {{name: string, value: string, untold: string}} says
   * @param {number[]} round
   */
  range(name, says, round) {
    const { ledger, filters, words } = this;
    const values = name === "area" ? ledger.columns.contract_area_mu.values : ledger.columns.finding_days_past.values;
    let greatest = 0;
    for (let row = 0; row < values.length; row++) if (values[row] > greatest) greatest = values[row];
    return new Range(words, says, stopsBelow(round, greatest), (span) => {
      filters[name] = span;
      this.changed();
    });
  }

  /** Say the names, fill the choices, and show what the filters ask. */
  say() {
    const { words, ledger } = this;
    this.count();
    if (!this.parts) return;
    const { columns } = ledger;
    this.use.name.textContent = words.say("land_use");
    const uses = [columns.parcel_land_use, columns.contract_land_use].filter(Boolean);
    this.fill(this.use.select, [...new Set(uses.flatMap(differentTexts))].sort(), "panel_every_use", "panel_no_use");
    if (this.industry) {
      this.industry.name.textContent = words.say("panel_industry");
      const told = differentTexts(columns.contract_industry).sort();
      this.fill(this.industry.select, told, "panel_every_industry", "panel_no_industry", (code) => industryName(ledger, words, code));
    }
    if (this.seen) {
      this.seen.name.textContent = words.say("panel_seen");
      this.seen.daysName.textContent = words.say("panel_seen_days");
      const choices = [["*", "panel_seen_any"], ["=never", "panel_seen_never"], ["=older", "panel_seen_older"]];
      this.seen.select.replaceChildren(
        ...choices.map(([value, key]) => element("option", { value, text: words.say(key) })),
      );
    }
    this.ranges[0].say(this.filters.area);
    this.ranges[1].say(this.filters.days);
    this.put();
  }

  /** Say how many of the folded filters narrow. */
  count() {
    const { landUse, industry, seen, area, days } = this.filters;
    const spans = [area, days].map((span) => span.from ?? span.to);
    const on = [landUse, industry, seen, ...spans].filter((one) => one !== null).length;
    this.button.textContent = this.words.say(on ? "panel_finer_on" : "panel_finer", { count: on });
  }

  /**
   * @param {any} select
   * @param {string[]} told
   * @param {string} every
   * @param {string} none
   * @param {(text: string) => string} [named] what a choice is called, where not as it is told
   */
  fill(select, told, every, none, named = (text) => text) {
    const options = told
      .filter(Boolean)
      .slice(0, MOST_CHOICES)
      .map((text) => element("option", { value: `=${text}`, text: named(text) }));
    const blank = told.includes("") ? [element("option", { value: "=", text: this.words.say(none) })] : [];
    select.replaceChildren(element("option", { value: "*", text: this.words.say(every) }), ...options, ...blank);
  }

  /** Show in the boxes what the filters ask; a fold that narrows is unfolded. */
  put() {
    const { landUse, industry, seen, area, days } = this.filters;
    this.count();
    const asked = landUse !== null || industry !== null || seen !== null;
    if (!this.parts && (asked || (area.from ?? area.to ?? days.from ?? days.to) !== null)) this.unfold(true);
    if (!this.parts) return;
    choose(this.use.select, landUse);
    if (this.industry) choose(this.industry.select, industry);
    if (this.seen) {
      this.seen.select.value = seen === null ? "*" : seen === "never" ? "=never" : "=older";
      this.seen.days.disabled = typeof seen !== "number";
      if (typeof seen === "number") this.seen.days.value = seen;
    }
    this.ranges[0].put(area);
    this.ranges[1].put(days);
  }
}

/**
 * Choose a text, and offer it where it was not among the offered.
 * @param {any} select
 * @param {string | null} text
 */
function choose(select, text) {
  const value = text === null ? "*" : `=${text}`;
  select.value = value;
  if (select.value === value) return;
  select.append(element("option", { value, text: text ?? "" }));
  select.value = value;
}

/**
 * Return the different texts of a column.
 * @param {any} column
 * @returns {string[]}
 */
function differentTexts(column) {
  const texts = column.words ?? column;
  /** @type {Set<string>} */
  const out = new Set();
  for (let row = 0; row < texts.rows && out.size <= MOST_CHOICES; row++) out.add(texts.get(row));
  return [...out];
}
