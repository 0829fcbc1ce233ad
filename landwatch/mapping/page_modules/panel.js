// The side panel: legend with live counts, filters, search, and the list of what is found.
import { statusName } from "./card.js";
import { byId, element } from "./elements.js";
import { csvBlob, csvOf } from "./exporting.js";
import { clearFilters } from "./filters.js";
import { Finer } from "./finer.js";
import { printFreshness, showFreshness } from "./freshness.js";
import { showLegend } from "./legend.js";
import { ResultList } from "./list.js";
import { loosened, narrowings } from "./narrowed.js";
import { holdersFound } from "./searching.js";

const SUGGESTED = 5;

/** The panel of a page. */
export class Panel {
  /** @param {any} page */
  constructor(page) {
    const { ledger, filters, words } = page;
    this.page = page;
    this.ledger = ledger;
    this.filters = filters;
    this.words = words;
    /** @type {any} */
    this.view = null;
    this.list = new ResultList(ledger, words, {
      open: (subject, from) => page.openSubject(subject, from),
      hint: (subject) => page.opening.hint(subject),
      sorted: () => page.linking?.writeSoon(),
    });
    this.finer = new Finer(ledger, filters, words, () => this.changed());
    this.listen();
  }

  listen() {
    const { filters } = this;
    const change = (/** @type {string} */ id, /** @type {string} */ kind, /** @type {(box: any) => void} */ set) =>
      byId(id).addEventListener(kind, (/** @type {any} */ { target }) => {
        set(target);
        this.changed();
      });
    change("lw-rule", "change", (box) => (filters.rule = Number(box.value)));
    change("lw-zone", "change", (box) => (filters.zone = Number(box.value)));
    change("lw-verify", "change", (box) => (filters.toVerify = box.checked));
    change("lw-unplaced", "change", (box) => (filters.unplaced = box.checked));
    change("lw-search", "input", (box) => (filters.words = box.value));
    byId("lw-search").addEventListener("focus", () => this.page.searcher.warm(), { once: true });
    byId("lw-search-form").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
    byId("lw-reset").addEventListener("click", () => this.reset());
    byId("lw-csv").addEventListener("click", () => this.export());
  }

  changed() {
    this.list.shorten();
    this.page.changedSoon();
  }

  reset() {
    clearFilters(this.filters);
    this.list.sortBy("grave", false);
    this.page.each("reset");
    this.put();
    this.changed();
  }

  /**
   * Show all of one holder and nothing else.
   * @param {string} holder
   */
  onlyHolder(holder) {
    clearFilters(this.filters);
    this.page.each("reset");
    this.filters.holder = holder;
    this.put();
    this.changed();
  }

  /** Show in every box what the filters ask. */
  put() {
    const { filters } = this;
    byId("lw-search").value = filters.words;
    byId("lw-verify").checked = filters.toVerify;
    byId("lw-unplaced").checked = filters.unplaced;
    byId("lw-rule").value = String(filters.rule);
    byId("lw-zone").value = String(filters.zone);
    this.finer.put();
    this.list.say();
  }

  /** Say what stands in the panel in the language that is on. */
  say() {
    this.choices();
    this.finer.say();
    this.list.say();
  }

  /** Fill the choices in the language that is on. */
  choices() {
    const { head, columns, placed } = this.ledger;
    const { lang } = this.words;
    const rules = head.rules.map((/** @type {any} */ rule, /** @type {number} */ i) => [
      i,
      `${rule.code} ${rule[`title_${lang}`]}`,
      rule[`policy_${lang}`],
    ]);
    fill("lw-rule", [[-1, this.words.say("every_rule")], ...rules], this.filters.rule);
    const zones = head.zones.map((/** @type {string} */ name, /** @type {number} */ i) => [i, name]).slice(1);
    const blank = columns.contract_zone.includes(0) || columns.parcel_zone.includes(0);
    if (blank) zones.push([0, this.words.say("no_zone")]);
    fill("lw-zone", [[-1, this.words.say("every_zone")], ...zones], this.filters.zone);
    let unplaced = 0;
    for (let row = 0; row < placed.length; row++) unplaced += 1 - placed[row];
    byId("lw-unplaced-name").textContent = this.words.say("only_unplaced", { count: this.words.number(unplaced) });
    byId("lw-unplaced").disabled = !unplaced;
  }

  /**
   * Show what the filters leave.
   * @param {import("./filters.js").View} view
   */
  show(view) {
    this.view = view;
    showLegend(this.ledger, this.filters, this.words, view, () => this.changed());
    showFreshness(this.ledger.head.freshness, this.words, this.filters.zone);
    this.parks();
    this.finer.count();
    this.suggest();
    this.list.show(view);
    this.narrowed();
    byId("lw-csv").disabled = !(view.contracts.length + view.parcels.length);
  }

  /** Offer the holders whose names hold what is searched. */
  suggest() {
    const { page, words, filters } = this;
    const found = filters.holder === null && filters.words.trim() ? page.searcher.found(filters.words) : null;
    const names = found ? holdersFound(this.ledger, found, SUGGESTED) : [];
    byId("lw-suggested").hidden = !names.length;
    byId("lw-suggested-list").replaceChildren(
      ...names.map((name) => {
        const label = words.say("panel_all_of", { holder: name });
        const button = element("button", { type: "button", class: "lw-chip", text: name, title: label, dir: "auto" });
        button.addEventListener("click", () => {
          Object.assign(filters, { holder: name, words: "" });
          this.put();
          this.changed();
          byId("lw-results").focus({ preventScroll: true });
        });
        return element("li", {}, [button]);
      }),
    );
  }

  /** Say what narrows, each with a button that takes it back; where nothing is left, what helps. */
  narrowed() {
    const { ledger, filters, words, view, page } = this;
    const narrowing = narrowings(ledger, filters, words, page.features);
    const nothing = !(view.contracts.length + view.parcels.length);
    const some = nothing && narrowing.length ? loosened(ledger, filters, page.searcher, narrowing) : narrowing;
    const helps = nothing && some.some((/** @type {any} */ one) => one.left);
    byId("lw-narrowed-name").textContent = words.say(
      helps ? "panel_loosen" : nothing && ledger.contractCount ? "panel_loosen_all" : "panel_narrowed",
    );
    byId("lw-narrowed").hidden = !narrowing.length && !(nothing && ledger.contractCount);
    byId("lw-narrowed-list").replaceChildren(
      ...some.map((/** @type {any} */ one) => {
        const told = helps ? words.say("panel_would_leave", { text: one.text, count: words.number(one.left) }) : one.text;
        const label = words.say("panel_take_back", { text: told });
        const button = element("button", { type: "button", class: "lw-chip", "aria-label": label }, [
          element("span", { text: told, dir: "auto" }),
          element("span", { text: "✕", "aria-hidden": "true" }),
        ]);
        button.addEventListener("click", () => {
          one.clear(filters);
          this.put();
          this.changed();
          byId("lw-results").focus({ preventScroll: true });
        });
        return element("li", {}, [button]);
      }),
    );
  }

  /** Write the list as a file. */
  async export() {
    const { ledger, words, view, filters, page } = this;
    const contracts = this.list.everyContract();
    const total = contracts.length + view.parcels.length;
    const middle = (/** @type {number} */ parcel) => {
      if (parcel >= ledger.drawn) return null;
      const [[south, west], [north, east]] = page.shapes.bounds([parcel]);
      return /** @type {[number, number]} */ ([(west + east) / 2, (south + north) / 2].map((one) => Number(one.toFixed(6))));
    };
    const button = byId("lw-csv");
    button.disabled = true;
    const lines = csvOf(ledger, words, { view, filters: { ...filters }, contracts, middle });
    const blob = await csvBlob(lines, total, (share) => {
      button.textContent = words.say("panel_exporting", { share: Math.round(100 * share) });
    });
    button.disabled = false;
    button.textContent = words.say("panel_csv");
    const link = element("a", { download: `landwatch-${ledger.head.as_of}.csv` });
    link.href = URL.createObjectURL(blob);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    page.announce(words.say("panel_exported", { count: words.number(total), name: link.download }));
  }

  /** Say what the rules about parks found: such a rule speaks of no contract and colours no parcel. */
  parks() {
    const { ledger, words, filters, list } = this;
    const lines = [...ledger.parks()]
      .filter(([zone]) => filters.zone < 0 || filters.zone === zone)
      .map(([park, findings]) =>
        list.line({ park }, findings[0].kind, ledger.zone(park), findings.map((/** @type {any} */ f) => this.parkLine(f))),
      );
    byId("lw-parks").hidden = !lines.length;
    byId("lw-parks-list").replaceChildren(...lines);
    byId("lw-parks-name").textContent = words.say("parks", { count: words.number(lines.length) });
  }

  /** @param {import("./ledger.js").Finding} finding */
  parkLine(finding) {
    const { words } = this;
    const { rule, value } = finding;
    const told = [statusName(words, finding), rule[`title_${words.lang}`]].join(words.say("colon"));
    const [measured, limit] = [value("measured"), value("threshold")];
    const figures = Number.isNaN(measured) || Number.isNaN(limit)
      ? ""
      : words.say("against", { measured: words.figure(measured, limit), limit: words.figure(limit, measured) });
    return element("span", { class: "lw-sub", text: told + figures });
  }

  /**
   * Give paper the whole list, and the screen what it had before.
   * @param {boolean} printing
   */
  print(printing) {
    printFreshness(printing);
    this.list.print(printing);
  }
}

/**
 * Fill a list of choices; those that name a group stand under it.
 * @param {string} id
 * @param {any[][]} choices
 * @param {number} chosen
 */
function fill(id, choices, chosen) {
  const groups = new Map();
  const made = [];
  for (const [value, text, group] of choices) {
    const option = element("option", { value, text });
    if (!group) {
      made.push(option);
      continue;
    }
    if (!groups.has(group)) {
      groups.set(group, element("optgroup", { label: group }));
      made.push(groups.get(group));
    }
    groups.get(group).append(option);
  }
  byId(id).replaceChildren(...made);
  byId(id).value = String(chosen);
}
