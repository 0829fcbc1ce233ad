// The card: who holds the land, and each finding with its clause, days, figures and reasons.
import { byId, element, swatch } from "./elements.js";

/** The card of a contract, or of all that stands on a parcel. */
export class Card {
  /**
   * @param {any} ledger
   * @param {any} words
   * @param {() => void} closed
   */
  constructor(ledger, words, closed) {
    this.ledger = ledger;
    this.words = words;
    /** @type {Subject | null} */
    this.subject = null;
    byId("lw-close").addEventListener("click", () => closed());
  }

  /**
   * Show a subject: {contract}, {parcels: [...]} or {park}.
   * @param {Subject} subject
   */
  show(subject) {
    this.subject = subject;
    const parts = this.parts(subject);
    byId("lw-card-title").textContent = this.title(subject);
    byId("lw-card-body").replaceChildren(...parts);
    byId("lw-card").hidden = false;
    byId("lw-card").scrollTop = 0;
  }

  /**
   * @param {Subject} subject
   * @returns {HTMLElement[]}
   */
  parts({ contract, parcels, park }) {
    if (park !== undefined) return [this.park(park)];
    if (contract !== undefined) return [this.contract(contract, true)];
    return (parcels ?? []).flatMap((parcel) => this.parcel(parcel));
  }

  hide() {
    this.subject = null;
    byId("lw-card").hidden = true;
    byId("lw-card-body").replaceChildren();
  }

  /** @param {Subject} subject */
  title({ contract, parcels, park }) {
    const { words } = this;
    if (park !== undefined) return words.say("card_park");
    if (contract !== undefined) return words.say("card_contract");
    const count = parcels?.length ?? 0;
    return count > 1 ? words.say("card_parcels", { count }) : words.say("card_parcel");
  }

  /** @param {number} parcel */
  parcel(parcel) {
    const { ledger, words } = this;
    const area = ledger.columns.parcel_area_mu.get(parcel);
    /** @type {number[]} */
    const contracts = Array.from(ledger.contractsOn(parcel));
    const kinds = ledger.columns.contract_class;
    contracts.sort((a, b) => kinds[a] - kinds[b] || a - b);
    const told = facts([
      [words.say("parcel_id"), ledger.text("parcel_id", parcel)],
      [words.say("zone"), ledger.zone(ledger.columns.parcel_zone[parcel])],
      [words.say("land_use"), ledger.text("parcel_land_use", parcel)],
      [words.say("parcel_area"), Number.isNaN(area) ? "" : words.mu(area)],
    ]);
    told.classList.add("lw-parcel");
    const bare = element("p", { class: "lw-note", text: words.say("no_contract_here") });
    const shown = contracts.map((contract) => this.contract(contract, false));
    return [told, ...(shown.length ? [element("div", { class: "lw-on-parcel" }, shown)] : [bare])];
  }

  /**
   * @param {number} contract
   * @param {boolean} withParcels
   */
  contract(contract, withParcels) {
    const { ledger, words } = this;
    const area = ledger.columns.contract_area_mu.get(contract);
    const kind = ledger.classes[ledger.columns.contract_class[contract]];
    const parcels = Array.from(ledger.parcelsOf(contract), (p) => ledger.text("parcel_id", p));
    const findings = ledger.findingsOf(contract);
    const title = ledger.text("holder", contract) || words.say("no_holder");
    const listed = findings.map((/** @type {number} */ row) => this.finding(ledger.finding(row), row));
    return element("article", { class: "lw-contract", "data-contract": contract }, [
      element("h3", {}, [swatch(kind), element("span", { text: title, dir: "auto" })]),
      facts([
        [words.say("project"), ledger.text("project", contract)],
        [words.say("contract_id"), ledger.text("contract_id", contract)],
        [words.say("zone"), ledger.zone(ledger.columns.contract_zone[contract])],
        [words.say("contract_area"), Number.isNaN(area) ? words.say("not_told") : words.mu(area)],
        [words.say("seen"), this.seen(contract)],
        [words.say("parcel_id"), withParcels ? parcels.join(words.say("list_comma")) : ""],
      ]),
      ledger.placed[contract] ? null : element("p", { class: "lw-note", text: words.say("unplaced_why") }),
      element("div", { class: "lw-told-here" }),
      findings.length
        ? element("ol", { class: "lw-findings" }, listed)
        : element("p", { class: "lw-note", text: this.quiet(kind) }),
    ]);
  }

  /**
   * Return when a contract was last seen and by whom; nothing on a page that was not told.
   * @param {number} contract
   */
  seen(contract) {
    const { seen_on: days, seen_by: sources } = this.ledger.evidence();
    if (!days) return "";
    const by = this.words.name("progress_source", sources.get(contract));
    const day = days.get(contract);
    return day ? this.words.say("seen_by", { day, by }) : this.words.say("seen_never");
  }

  /**
   * What the rules about parks found of a park.
   * @param {number} zone
   */
  park(zone) {
    const { ledger, words } = this;
    const findings = ledger.parks().get(zone);
    return element("article", { class: "lw-contract" }, [
      element("h3", {}, [
        swatch(findings[0].kind),
        element("span", { text: ledger.zone(zone), dir: "auto" }),
      ]),
      element("p", { class: "lw-note", text: words.say("parks_note") }),
      element("ol", { class: "lw-findings" }, findings.map((/** @type {any} */ f) => this.finding(f))),
    ]);
  }

  /** @param {MapClass} kind */
  quiet(kind) {
    return this.words.say("no_findings", { name: this.words.className(kind) });
  }

  /**
   * @param {any} finding
   * @param {number} [row] of a finding of a contract
   */
  finding(finding, row) {
    const { words } = this;
    const { rule, kind } = finding;
    const explained = finding.text(`explanation_${words.lang}`);
    return element("li", { class: "lw-finding", "data-finding": row }, [
      element("h4", {}, [
        swatch(kind),
        element("span", { class: "lw-status", text: statusName(words, finding) }),
        element("span", { text: rule[`title_${words.lang}`] }),
        element("code", { text: rule.code }),
      ]),
      facts(this.figures(finding)),
      explained ? element("p", { class: "lw-explained", text: explained, dir: "auto" }) : null,
      this.clause(rule),
    ]);
  }

  /**
   * @param {any} finding
   * @returns {[string, string][]}
   */
  figures(finding) {
    const { words } = this;
    const { text, value } = finding;
    const number = (/** @type {string} */ name, beside = "") =>
      Number.isNaN(value(name)) ? "" : words.figure(value(name), beside ? value(beside) : NaN);
    const unit = text("unit") && text("unit") !== "1" ? ` ${text("unit")}` : "";
    const withUnit = (/** @type {string} */ told) => (told ? told + unit : "");
    const amount = number("amount_wan");
    const remedies = text("remedies").split(";").filter(Boolean);
    /** @type {[string, string][]} */
    const days = finding.park
      ? [[words.say("statistics_on"), text("clock_from")]]
      : [
          [words.say("clock_from"), text("clock_from")],
          [words.say("limit_on"), text("limit_on")],
          [words.say("days"), this.days(value("days_past"))],
        ];
    return [
      ...days,
      [words.say("measured"), withUnit(number("measured", "threshold"))],
      [words.say("threshold"), withUnit(number("threshold", "measured"))],
      [words.say("amount"), amount ? words.say("wan", { amount }) : ""],
      [
        words.say("remedies"),
        remedies.map((/** @type {string} */ code) => words.name("remedy", code)).join(words.say("list_comma")),
      ],
      [words.say("reason"), text(`reason_${words.lang}`)],
    ];
  }

  /** @param {number} days */
  days(days) {
    if (Number.isNaN(days)) return "";
    const told = { days: this.words.number(Math.abs(days)) };
    if (days === 0) return this.words.say("on_the_day");
    return this.words.say(days > 0 ? "days_past" : "days_left", told);
  }

  /** @param {any} rule */
  clause(rule) {
    const { words } = this;
    const force = words.name("authority", rule.authority);
    const source = `${rule[`policy_${words.lang}`]} ${rule.article}`.trim();
    return element("figure", { class: rule.hatched ? "lw-clause lw-weak" : "lw-clause" }, [
      element("blockquote", { text: rule.quote, lang: "zh-CN" }),
      element("figcaption", {}, [
        element("span", { text: source }),
        element("span", { class: "lw-force", text: force }),
      ]),
    ]);
  }
}

/**
 * Return what a finding says, in words: a breach is only suspected, a person decides.
 * @param {any} words
 * @param {{kind: MapClass, text: (name: string) => string}} finding
 */
export function statusName(words, { kind, text }) {
  const status = text("status");
  const toVerify = kind.gravity === "to_verify";
  const told = words.name(toVerify ? "gravity" : "status", toVerify ? "to_verify" : status);
  return status === "breach" ? words.say("suspected", { name: told }) : told;
}

/**
 * Return a list of names and values, without those that tell nothing.
 * @param {[string, string][]} pairs
 */
export function facts(pairs) {
  const told = pairs.filter(([, value]) => value);
  return element(
    "dl",
    { class: "lw-facts" },
    told.flatMap(([name, value]) => [
      element("dt", { text: name }),
      element("dd", { text: value, dir: "auto" }),
    ]),
  );
}
