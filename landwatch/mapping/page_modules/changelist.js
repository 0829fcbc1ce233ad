// The list of what changed since an earlier scan, and what a card says of it; unpacked when wanted.
import { Changes, alike } from "./changes.js";
import { byId, element, swatch } from "./elements.js";
import { HIDDEN } from "./ledger.js";
import { contractsOf, momentName } from "./moments.js";

const LISTED = 40;
const RULES = 12; // rules of one contract that may have changed alike, and be one line

/** The changes of a page, one line after the other. */
export class ChangeList {
  /**
   * @param {any} page
   * @param {any} head of the comparison
   * @param {Set<string>} wanted the kinds that are chosen; none means all
   */
  constructor(page, head, wanted) {
    this.page = page;
    this.head = head;
    this.wanted = wanted;
    /** @type {any} */
    this.view = null;
    /** @type {Changes | null} */
    this.rows = null;
    this.most = LISTED;
    this.box = element("details", { class: "lw-compare-list" });
    this.box.addEventListener("toggle", () => this.fill());
  }

  /**
   * List the changes of what the filters leave, from the top.
   * @param {any} view
   */
  show(view) {
    this.view = view;
    this.most = LISTED;
    this.fill();
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
  async fill() {
    const { words } = this.page;
    const summary = element("summary", { text: words.say("compare_list") });
    if (!this.box.open) {
      this.box.replaceChildren(summary);
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
      await this.fill();
      this.box.querySelectorAll("button.lw-line")[reached]?.focus();
    });
    this.box.replaceChildren(
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
