// What a card shows of a contract once it is told: timeline, table of terms, sums and facts.
import { datesOf, limitsOf, spansOf, termOn } from "./contractdates.js";
import { ContractRows } from "./contractrows.js";
import { element } from "./elements.js";
import { valueInWords, withUnit } from "./terms.js";
import { dayNumber, laidOut, timelineDrawing } from "./timeline.js";

const NARROWEST = 280;

/** Makes what is shown of one contract, from what is told of it. */
export class ContractTable {
  /**
   * @param {any} ledger
   * @param {any} words
   * @param {import("./terms.js").Terms} terms
   * @param {number} contract
   */
  constructor(ledger, words, terms, contract) {
    this.ledger = ledger;
    this.words = words;
    this.terms = terms;
    this.contract = contract;
    this.told = terms.told ? terms.contract(contract) : null;
  }

  /** @returns {string} */
  get asOf() {
    return this.ledger.head.as_of;
  }

  /** Return the day that puts the contracts of a parcel in order; empty where none is told. */
  get since() {
    const told = this.told?.agreed;
    return String(told?.get("signed_on")?.value ?? told?.get("supplied_on")?.value ?? "");
  }

  /** Return how the contract's term stands on the day of the scan, or null where nothing is told. */
  get term() {
    return this.told && termOn(this.told, this.asOf);
  }

  /** Return the term in words, with its first and last day. */
  termWords() {
    const ends = String(this.told?.agreed.get("tenure_ends_on")?.value ?? "");
    const { words, term } = this;
    return term ? words.say(term, { day: this.asOf, since: this.since, ends }) : "";
  }

  /**
   * Draw the timeline with the list of the same dates; nothing where no date is told.
   * @param {number} width
   */
  timeline(width) {
    const { words, ledger, told, terms, asOf } = this;
    const limits = limitsOf(
      words,
      ledger.findingsOf(this.contract).map((/** @type {number} */ row) => {
        const { rule, text, value } = ledger.finding(row);
        return { rule, status: text("status"), limit: text("limit_on"), days: value("days_past") };
      }),
    );
    const dates = [...(told ? datesOf(words, terms.head, told, asOf) : []), ...limits.dates];
    if (!dates.length) return null;
    dates.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    const spans = [...limits.spans, ...(told ? spansOf(words, terms.head, told, asOf) : [])];
    const laid = laidOut(dates, spans, {
      asOf,
      width: Math.max(width, NARROWEST),
      today: words.say("card_today"),
      several: (name, more) => words.say("card_several", { name, more }),
    });
    const label = words.say("card_timeline_label", { count: dates.length, spans: spans.length });
    const outside = laid.outside ? words.say("card_outside", { count: laid.outside }) : "";
    return element("figure", { class: "lw-timeline" }, [
      element("h4", { text: words.say("card_timeline") }),
      timelineDrawing(laid, label),
      element("figcaption", { class: "lw-note", text: words.say("card_timeline_key") + outside }),
      this.listOfDates(dates, spans),
    ]);
  }

  /**
   * List the dates in their order, with what is drawn of them: for readers of the screen and paper.
   * @param {import("./timeline.js").Dated[]} dates
   * @param {import("./timeline.js").Span[]} spans
   */
  listOfDates(dates, spans) {
    const { words } = this;
    const now = { day: this.asOf, name: words.say("card_today"), more: "", side: "today" };
    const at = dates.findIndex(({ day }) => day > this.asOf);
    const lines = dates.map((one) => ({ ...one, side: String(one.side) }));
    lines.splice(at < 0 ? lines.length : at, 0, now);
    const sides = { agreed: "card_side_agreed", limit: "card_side_limit", real: "card_side_real", today: "" };
    return element("details", { class: "lw-dates", "data-fold": "dates" }, [
      element("summary", { text: words.say("card_dates", { count: dates.length }) }),
      element("ol", {}, lines.map(({ day, name, more, side }) => {
        const kind = sides[/** @type {keyof typeof sides} */ (side)];
        const what = [kind && side !== "limit" ? words.say(kind) : "", name].filter(Boolean).join(words.say("colon"));
        return element("li", { class: `lw-date-${side}` }, [
          element("time", { datetime: day, text: day }),
          element("span", { dir: "auto" }, [what, more ? element("span", { class: "lw-sub", text: more }) : null]),
        ]);
      })),
      spans.length
        ? element("ul", {}, spans.map(({ name, from, to }) => {
            const told = words.say("card_span", { name, from, to });
            return element("li", { text: told, dir: "auto" });
          }))
        : null,
    ]);
  }

  /** Return the table of terms beside what was done; nothing where the page was not told them. */
  table() {
    const { words, ledger, contract, told, terms } = this;
    if (!told) return null;
    const [parcel] = ledger.parcelsOf(contract);
    const rows = new ContractRows(words, terms.head, told, {
      areaMu: ledger.columns.contract_area_mu.get(contract),
      parcelAreaMu: parcel === undefined ? NaN : ledger.columns.parcel_area_mu.get(parcel),
      parcelUse: parcel === undefined ? "" : ledger.text("parcel_land_use", parcel),
      asOf: this.asOf,
    }).rows();
    if (!rows.length) return null;
    const heads = ["card_what", "card_agreed", "card_done"];
    const missing = () => element("span", { class: "lw-untold", text: words.say("not_told") });
    const cell = (/** @type {import("./contractrows.js").Item[] | null} */ items) =>
      element("td", {}, items?.length === 0 ? [missing()] : (items ?? []).map((one) => itemShown(one, words)));
    return element("details", { class: "lw-terms", "data-fold": "terms" }, [
      element("summary", { text: words.say("card_terms", { count: rows.length }) }),
      element("table", {}, [
        element("caption", { class: "lw-note", text: words.say("card_terms_key", { day: this.asOf }) }),
        element("thead", {}, [
          element("tr", {}, heads.map((key) => element("th", { scope: "col", text: words.say(key) }))),
        ]),
        element("tbody", {}, rows.map(({ name, agreed, done }) =>
          element("tr", {}, [element("th", { scope: "row", text: name }), cell(agreed), cell(done)]),
        )),
      ]),
    ]);
  }

  /**
   * Return how a finding was worked out: its sums, its facts with their places, the age of the last.
   * @param {number} finding
   * @returns {HTMLElement[]}
   */
  reasons(finding) {
    const { words, terms, contract } = this;
    if (!terms.told) return [];
    if (!terms.columns.finding_line) {
      return [element("p", { class: "lw-note", text: words.say("card_no_sums") })];
    }
    const lines = terms.lines(contract, finding, words.lang);
    const used = terms.facts(contract, finding);
    const seen = used.filter(({ source, on }) => source && on).sort((a, b) => (a.on < b.on ? 1 : -1))[0];
    const age = seen && dayNumber(this.asOf) - dayNumber(seen.on);
    const by = seen && words.name("progress_source", seen.source);
    const evidence = seen ? words.say("card_evidence", { day: seen.on, by, age: words.number(age) }) : "";
    const shown = [];
    if (evidence) shown.push(element("p", { class: "lw-evidence", text: evidence }));
    if (lines.length || used.length) {
      shown.push(
        element("details", { class: "lw-reasons", "data-fold": "reasons" }, [
          element("summary", { text: words.say("card_reasons", { lines: lines.length, facts: used.length }) }),
          lines.length ? element("ol", { class: "lw-sums" }, lines.map((text) => element("li", { text, dir: "auto" }))) : null,
          used.length ? element("ul", { class: "lw-facts-used" }, used.map((fact) => this.fact(fact))) : null,
        ]),
      );
    }
    return shown;
  }

  /** @param {import("./terms.js").FactTold} fact */
  fact(fact) {
    const { words } = this;
    const { head } = this.terms;
    const [kind, name] = fact.name.split(/\.(.*)/s);
    const described = head.facts[fact.name] ?? head.contract[name] ?? head.progress[name];
    const event = kind === "events" ? head.events.kind.codes[name] : undefined;
    const title = event ? event[words.lang === "zh" ? 0 : 1] : described?.[words.lang] ?? name;
    const told = event ? this.eventFact(fact.value) : this.factValue(described, fact.value);
    const by = fact.source ? words.say("seen_by", { day: fact.on, by: words.name("progress_source", fact.source) }) : "";
    const place = fact.file
      ? words.say(fact.sheet ? "card_place_sheet" : "card_place", { file: fact.file, sheet: fact.sheet, row: fact.row })
      : "";
    return element("li", { dir: "auto" }, [
      `${title}${words.say("colon")}${told}`,
      element("span", { class: "lw-sub", text: [by, place].filter(Boolean).join(" · ") }),
    ]);
  }

  /**
   * @param {import("./terms.js").Described | undefined} described
   * @param {string} value as it was told
   */
  factValue(described, value) {
    if (!described) return value;
    if (described.holds === "yes_no") return valueInWords(this.words, described, value === "true");
    if (described.unit === "亩") return this.words.say("mu", { area: value });
    const isNumber = described.holds === "decimal" || described.holds === "integer";
    return isNumber ? withUnit(this.words, value, described.unit) : valueInWords(this.words, described, value);
  }

  /** @param {string} value an event's columns as JSON */
  eventFact(value) {
    const { words } = this;
    const described = this.terms.head.events;
    return Object.entries(JSON.parse(value))
      .filter(([name]) => described[name])
      .map(([name, one]) => {
        const text = this.factValue(described[name], String(one));
        return `${described[name][words.lang]} ${text}`;
      })
      .join(words.say("list_comma"));
  }
}

/**
 * @param {import("./contractrows.js").Item} item
 * @param {any} words
 */
function itemShown({ name, text, seen }, words) {
  return element("div", { class: "lw-item" }, [
    name ? element("span", { class: "lw-sub", text: name + words.say("colon").trimEnd() }) : null,
    element("span", { text, dir: "auto" }),
    seen ? element("span", { class: "lw-sub", text: seen }) : null,
  ]);
}
