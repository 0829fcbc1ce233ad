// What changed since an earlier scan: counts by kind, a filter, the map as it was, the list, the card.
import { byId, element, swatch } from "./elements.js";
import { Changes, alike, changeMask } from "./changes.js";
import { HIDDEN } from "./ledger.js";
import { addMoment, contractsOf, momentName, signOfMoment } from "./moments.js";

const LISTED = 40;
const RULES = 12; // rules of one contract that may have changed alike, and be one line
const TELLING = ["altered", "new", "escalated", "changed", "eased", "cured", "vanished"];

/** The comparison with an earlier scan; a page that was told of none has none. */
export class Compare {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.head = page.ledger.head.parts?.compare;
    /** @type {Set<string>} */
    this.wanted = new Set();
    /** @type {Changes | null} */
    this.rows = null;
    this.most = LISTED;
    if (!this.head) return;
    this.was = addMoment(page.ledger, () => page.ledger.columns.change_was);
    this.sign = signOfMoment(page);
    this.sign.names.set(this.was, () => this.standing());
    this.build();
  }

  build() {
    this.name = element("h2", { id: "lw-compare-name" });
    this.scans = element("p", { class: "lw-note" });
    this.switch = element("fieldset", { class: "lw-compare-switch" });
    this.kinds = element("fieldset", { class: "lw-compare-kinds" });
    this.notes = element("div", {});
    this.list = element("details", { class: "lw-compare-list" });
    this.list.addEventListener("toggle", () => this.listSoon());
    byId("lw-fresh").before(
      element("section", { class: "lw-compare", "aria-labelledby": "lw-compare-name" }, [
        this.name,
        this.scans,
        this.switch,
        this.kinds,
        this.notes,
        this.list,
      ]),
    );
  }

  /** @param {{scan: number | null, day: string, known_at: string}} scan */
  scanInWords(scan) {
    return this.page.words.say(scan.scan === null ? "compare_day" : "compare_scan", scan);
  }

  standing() {
    return this.page.words.say("compare_shown", { scan: this.scanInWords(this.head.before) });
  }

  /** Say all that stands still in the language that is on. */
  say() {
    if (!this.head) return;
    const { words } = this.page;
    const { before, after } = this.head;
    this.name.textContent = words.say("compare_title", { day: before.day });
    this.scans.textContent = words.say("compare_scans", {
      before: this.scanInWords(before),
      after: this.scanInWords(after),
    });
    this.saySwitch();
    this.sayKinds();
    this.sayNotes();
    this.listSoon();
  }

  saySwitch() {
    const { words } = this.page;
    const choices = [
      ["compare_now", this.head.after.day, -1],
      ["compare_then", this.head.before.day, this.was],
    ];
    this.switch.replaceChildren(
      element("legend", { text: words.say("compare_map") }),
      ...choices.map(([key, day, moment]) => {
        const box = element("input", { type: "radio", name: "lw-compare-moment", value: moment });
        box.addEventListener("change", () => this.sign?.go(Number(moment)));
        return element("label", { class: "lw-check" }, [box, element("span", { text: words.say(String(key), { day }) })]);
      }),
    );
    this.markMoment();
  }

  markMoment() {
    for (const box of this.switch.querySelectorAll("input")) {
      box.checked = Number(box.value) === this.page.filters.moment;
    }
  }

  sayKinds() {
    const { words } = this.page;
    const { outcomes } = this.head;
    const shown = this.head.kinds.filter((/** @type {string} */ kind) => this.outcomes(kind));
    const order = (/** @type {string} */ kind) => (TELLING.indexOf(kind) + 99) % 99;
    shown.sort((/** @type {string} */ a, /** @type {string} */ b) => order(a) - order(b));
    const heads = ["compare_kind", "compare_contracts", "compare_outcomes"].map((key) =>
      element("span", { text: words.say(key) }),
    );
    const all = Object.values(outcomes).reduce((sum, count) => sum + Number(count), 0);
    this.kinds.replaceChildren(
      element("legend", { text: words.say("compare_only") }),
      element("div", { class: "lw-compare-row lw-legend-top", "aria-hidden": "true" }, heads),
      ...shown.map((/** @type {string} */ kind) => this.kindRow(kind)),
      element("div", { class: "lw-compare-row lw-compare-sum" }, [
        element("span", { text: words.say("compare_all") }),
        element("span", { text: words.number(this.page.ledger.contractCount) }),
        element("span", { text: words.number(all), "data-outcomes": all }),
      ]),
    );
  }

  /**
   * Return how many outcomes are of a kind; those altered outside are of no other.
   * @param {string} kind
   */
  outcomes(kind) {
    const { outcomes, altered } = this.head;
    const sum = (/** @type {Record<string, number>} */ counts) => Object.values(counts).reduce((a, b) => a + b, 0);
    return kind === "altered" ? sum(altered) : (outcomes[kind] ?? 0) - (altered[kind] ?? 0);
  }

  /** @param {string} kind */
  kindRow(kind) {
    const { words } = this.page;
    const choice = kind !== "unchanged";
    const box = choice ? element("input", { type: "checkbox", "data-change": kind }) : null;
    if (box) {
      box.checked = this.wanted.has(kind);
      box.addEventListener("change", () => this.choose(kind, box.checked));
    }
    const contracts = this.head.contracts[kind];
    const outcomes = this.outcomes(kind);
    const name = element("span", { class: "lw-legend-name" }, [
      box,
      element("span", { text: words.name("compare.kind", kind) }),
    ]);
    return element(choice ? "label" : "div", { class: "lw-compare-row", "data-change": kind }, [
      name,
      element("span", { text: words.number(contracts), "data-contracts": contracts }),
      element("span", { text: words.number(outcomes), "data-outcomes": outcomes }),
    ]);
  }

  /**
   * @param {string} kind
   * @param {boolean} chosen
   */
  choose(kind, chosen) {
    const { wanted, head, page } = this;
    if (chosen) wanted.add(kind);
    else wanted.delete(kind);
    const { masks } = page.filters;
    const codes = page.ledger.columns.change_kinds;
    if (wanted.size) masks.set("compare", changeMask(codes, head.mixtures, head.kinds, wanted));
    else masks.delete("compare");
    page.changedSoon();
  }

  /** Say what the counts leave open: contracts gone, parks, those the page leaves out, foreign hands. */
  sayNotes() {
    const { words } = this.page;
    const { gone, left_out: left, parks, altered } = this.head;
    const ofParks = Object.entries(parks).reduce((sum, [kind, count]) => (kind === "unchanged" ? sum : sum + count), 0);
    const notes = [words.say("compare_meaning")];
    if (this.outcomes("altered")) {
      const kinds = Object.entries(altered).map(([kind, count]) =>
        words.say("time_count", { name: words.name("compare.kind", kind), count }),
      );
      notes.push(words.say("compare_altered", { kinds: kinds.join(words.say("list_comma")) }));
    }
    if (gone) notes.push(words.say("compare_gone", { count: words.number(gone) }));
    if (left) notes.push(words.say("compare_left_out", { count: words.number(left) }));
    if (ofParks) notes.push(words.say("compare_parks", { count: words.number(ofParks) }));
    this.notes.replaceChildren(...notes.map((text) => element("p", { class: "lw-note", text })));
  }

  /** @param {any} view */
  show(view) {
    if (!this.head) return;
    this.view = view;
    this.sign?.show();
    this.markMoment();
    this.most = LISTED;
    this.listSoon();
  }

  reset() {
    this.wanted.clear();
    if (this.head) this.sayKinds();
  }

  /** Return what is chosen, for a link to the page as it is. */
  link() {
    const then = this.head && this.page.filters.moment === this.was;
    return { changes: [...this.wanted].join(","), then: then ? "1" : "" };
  }

  /** @param {Map<string, string>} told a link; what it tells wrongly is not chosen */
  follow(told) {
    if (!this.head) return;
    const kinds = (told.get("changes") ?? "").split(",");
    for (const kind of this.head.kinds) if (kind !== "unchanged" && kinds.includes(kind)) this.choose(kind, true);
    if (told.get("then") === "1") this.page.filters.moment = this.was;
    this.sayKinds();
  }

  /** Return that only some changes are shown, where that is so. */
  narrowing() {
    const { words } = this.page;
    const names = [...this.wanted].map((kind) => words.name("compare.kind", kind)).join(words.say("list_comma"));
    const text = `${words.say("compare_only")}${words.say("colon")}${names}`;
    return names ? { text, mask: "compare", undo: () => this.reset() } : null;
  }

  /** Return the changes, unpacked when they are first wanted. */
  async changes() {
    if (!this.rows) {
      const { head, columns } = await this.page.details();
      this.rows ??= new Changes(head.parts.changes, columns, this.head.kinds);
    }
    return this.rows;
  }

  /** Fill the list, once it is open. */
  async listSoon() {
    const { words } = this.page;
    const summary = element("summary", { text: words.say("compare_list") });
    if (!this.list.open) {
      this.list.replaceChildren(summary);
      return;
    }
    const rows = await this.changes();
    const shown = new Uint8Array(this.page.ledger.contractCount);
    for (const contract of this.view?.contracts ?? []) shown[contract] = 1;
    const wanted = rows.wanted((contract) => shown[contract] === 1, this.wanted);
    const lines = this.together(rows, wanted.slice(0, this.most * RULES)).slice(0, this.most);
    const more = wanted.length - lines.reduce((sum, line) => sum + line.length, 0);
    const button = element("button", { type: "button", text: words.say("more", { count: words.number(more) }) });
    button.addEventListener("click", async () => {
      const reached = lines.length;
      this.most += LISTED * 4;
      await this.listSoon();
      this.list.querySelectorAll("button.lw-line")[reached]?.focus();
    });
    this.list.replaceChildren(
      summary,
      wanted.length ? "" : element("p", { class: "lw-note", text: words.say("compare_none") }),
      element("ul", {}, lines.map((line) => this.line(rows, line))),
      more > 0 ? button : "",
      ...this.away(rows.gone(), "compare_gone_list", (row) => rows.holder(row)),
      ...this.away(rows.parks(), "compare_parks_list", () => ""),
      element("p", { class: "lw-note", text: words.say("compare_advice") }),
    );
    document.documentElement.dataset.compared = String(wanted.length);
  }

  /**
   * Put the changes of a contract together that are alike but for their rule.
   * @param {Changes} rows
   * @param {number[]} some
   */
  together(rows, some) {
    const told = (/** @type {number} */ row) => this.told(rows, [row], "").join("\n");
    return alike(some, (row) => `${rows.contracts[row]}\n${told(row)}`);
  }

  /**
   * @param {Changes} rows
   * @param {number[]} same
   */
  line(rows, same) {
    const [row] = same;
    const { ledger, words } = this.page;
    const contract = rows.contracts[row];
    const who = ledger.text("holder", contract) || words.say("no_holder");
    const now = rows.columns.change_after[row];
    const text = element("span", { class: "lw-line-text" }, [
      element("strong", { text: who, dir: "auto" }),
      element("span", { class: "lw-sub", text: ledger.text("contract_id", contract) }),
      ...this.told(rows, same).map(sub),
    ]);
    const square = now === HIDDEN ? null : swatch(ledger.classes[now]);
    const button = element("button", { type: "button", class: "lw-line" }, [square, text]);
    button.addEventListener("click", () => this.page.openSubject({ contract }, button));
    return element("li", {}, [button]);
  }

  /**
   * Return what is said of a change: its kind and rules, what it was and is, its figures, its cause.
   * @param {Changes} rows
   * @param {number[]} same
   * @param {string} [rules] in place of their names
   */
  told(rows, same, rules) {
    const { page } = this;
    const { words } = page;
    const [row] = same;
    const { columns } = rows;
    const name = (/** @type {number} */ kind) => (kind === HIDDEN ? words.name("compare", "nothing") : momentName(page, kind));
    const told = {
      kind: words.name("compare.kind", rows.kind(row)),
      rules: rules ?? same.map((one) => this.rule(rows.rule(one))).join(words.say("list_comma")),
      before: name(columns.change_before[row]),
      after: name(columns.change_after[row]),
    };
    const lines = [words.say("compare_line", told), ...this.figures(columns, row)];
    const why = columns[`change_why_${words.lang}`].get(row);
    if (why) lines.push(words.say("compare_why", { why }));
    return lines;
  }

  /** @param {any} rule */
  rule(rule) {
    const { words } = this.page;
    const title = rule[`title_${words.lang}`];
    return title ? words.say("compare_rule", { title, code: rule.code }) : rule.code;
  }

  /**
   * Return the figures that are not what they were.
   * @param {Columns} columns
   * @param {number} row
   */
  figures(columns, row) {
    const { words } = this.page;
    const lines = [];
    const [was, is] = ["before", "after"].map((when) => columns[`change_measured_${when}`].get(row));
    if (was !== is && !(Number.isNaN(was) || Number.isNaN(is))) {
      lines.push(words.say("compare_measured", { before: words.figure(was, is), after: words.figure(is, was) }));
    }
    const [last, next] = ["before", "after"].map((when) => columns[`change_limit_${when}`].get(row));
    if (last && next && last !== next) lines.push(words.say("compare_limit", { before: last, after: next }));
    return lines;
  }

  /**
   * List what has no contract on the page: contracts that are gone, or parks.
   * @param {Map<string, number[]>} named
   * @param {string} key
   * @param {(row: number) => string} holder
   */
  away(named, key, holder) {
    if (!named.size) return [];
    const { words } = this.page;
    const rows = this.rows;
    const lines = [...named].slice(0, LISTED).map(([name, of]) => {
      const many = of.length > 1 ? words.say("compare_rules", { count: of.length }) : "";
      return element("li", { class: "lw-compare-away" }, [
        element("strong", { text: [name, of.map(holder).find(Boolean)].filter(Boolean).join(" · "), dir: "auto" }),
        ...this.told(/** @type {Changes} */ (rows), [of[0]]).map(sub),
        many ? element("span", { class: "lw-sub", text: many }) : null,
      ]);
    });
    const more = named.size - lines.length;
    return [
      element("h3", { text: words.say(key, { count: words.number(named.size) }) }),
      element("ul", {}, lines),
      more > 0 ? element("p", { class: "lw-note", text: words.say("compare_more", { count: words.number(more) }) }) : "",
    ];
  }

  /** @param {Subject} subject */
  opened(subject) {
    if (!this.head) return;
    const contracts = contractsOf(this.page.ledger, subject);
    if (!contracts.length) return;
    const box = element("div", { class: "lw-in-card lw-compare-card" });
    byId("lw-card-body").append(box);
    this.changes().then((rows) => box.replaceChildren(...contracts.flatMap((one) => this.inCard(rows, one, contracts.length > 1))));
  }

  /**
   * Say how a contract stood then, and what became of it.
   * @param {Changes} rows
   * @param {number} contract
   * @param {boolean} named
   */
  inCard(rows, contract, named) {
    const { ledger, words } = this.page;
    const { day } = this.head.before;
    const was = ledger.columns.change_was[contract];
    const of = rows.of(contract);
    return [
      named ? element("strong", { text: ledger.text("contract_id", contract) }) : "",
      element("h3", {}, [
        was === HIDDEN ? null : swatch(ledger.classes[was]),
        element("span", { text: words.say("time_was", { day, name: momentName(this.page, was) }) }),
      ]),
      of.length
        ? element("ul", {}, this.together(rows, of).map((same) => element("li", {}, this.told(rows, same).map(sub))))
        : element("p", { class: "lw-note", text: words.say("compare_same", { day }) }),
    ].filter(Boolean);
  }
}

/** @param {string} text */
function sub(text) {
  return element("span", { class: "lw-sub", text, dir: "auto" });
}
