// The table of the summary: the same figures as on the map, and more; sorted, and written as CSV.
import { csvLine } from "./csv.js";
import { byId, element } from "./elements.js";
import { UNTOLD, shareText } from "./tally.js";

/**
 * A column: its key, the words of its head, what it tells of a row's figures, whether that is a share, and
 * whether it speaks of idle land.
 * @typedef {{key: string, head: string, of: (figures: any) => number, share?: boolean, idle?: boolean}} TableColumn
 */

/** @type {TableColumn[]} */
const TABLE_COLUMNS = [
  { key: "all", head: "summary_col_all", of: (figures) => figures.all },
  { key: "mu", head: "summary_col_mu", of: (figures) => (figures.all && figures.untold === figures.all ? UNTOLD : figures.mu) },
  { key: "breach", head: "summary_col_breach", of: (figures) => figures.breach },
  { key: "breach_share", head: "summary_col_breach_share", of: (figures) => figures.breachShare, share: true },
  { key: "breach_area", head: "summary_col_breach_area", of: (figures) => figures.breachArea, share: true },
  { key: "verify", head: "summary_col_verify", of: (figures) => figures.verify },
  { key: "verify_share", head: "summary_col_verify_share", of: (figures) => figures.verifyShare, share: true },
  { key: "unknown", head: "summary_col_unknown", of: (figures) => figures.unknown },
  { key: "idle_breach", head: "summary_col_idle_breach", of: (figures) => (figures.idleCount && !figures.idleMu ? UNTOLD : figures.idleMu), idle: true },
  { key: "idle_verify", head: "summary_col_idle_verify", of: (figures) => (figures.idleVerify && !figures.idleVerifyMu ? UNTOLD : figures.idleVerifyMu), idle: true },
  { key: "idle_unknown", head: "summary_col_idle_unknown", of: (figures) => figures.idleUnknown, idle: true },
];

/** @type {Record<string, {name: string, title: string, blank: string}>} */
const TABLE_WORDS = {
  division: { name: "summary_division", title: "summary_title_division", blank: "summary_nowhere" },
  park: { name: "summary_park", title: "summary_title_park", blank: "no_zone" },
};

/** A dialog with a row for each division or park. */
export class SummaryTable {
  /**
   * @param {any} page
   * @param {any} summary whose rows it shows
   */
  constructor(page, summary) {
    this.page = page;
    this.summary = summary;
    this.sorted = { key: "breach", down: true };
    this.dialog = element("dialog", { class: "lw-dialog lw-summary-table", "aria-labelledby": "lw-table-title" }, [
      element("div", { class: "lw-dialog-head" }, [
        element("h2", { id: "lw-table-title" }),
        element("button", { type: "button", id: "lw-table-csv", "data-say": "summary_csv" }),
        element("button", { type: "button", id: "lw-table-close", "data-label": "close", text: "✕" }),
      ]),
      element("p", { class: "lw-note", id: "lw-table-note" }),
      element("div", { class: "lw-table-box", tabindex: "0", role: "region", "aria-labelledby": "lw-table-title" }, [
        element("table", { id: "lw-table" }),
      ]),
    ]);
    document.body.append(this.dialog);
    byId("lw-table-close").addEventListener("click", () => this.close());
    byId("lw-table-csv").addEventListener("click", () => this.save());
    // The page's own Escape would close the card behind the table.
    this.dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") event.stopPropagation();
    });
  }

  open() {
    this.dialog.showModal();
    this.show();
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  say() {
    this.show();
  }

  /** Return the columns that this page can tell. */
  columns() {
    const idle = this.summary.idle();
    const shares = !(this.page.filters.rule >= 0 || this.page.filters.toVerify);
    return TABLE_COLUMNS.filter((one) => (idle || !one.idle) && (shares || !one.share));
  }

  /** Return the rows in the order that was chosen; what is untold stands last, whichever way. */
  rows() {
    const { key, down } = this.sorted;
    const column = TABLE_COLUMNS.find((one) => one.key === key);
    const { lang } = this.page.words;
    const order = new Intl.Collator(lang === "zh" ? "zh-CN" : "en").compare;
    return this.summary.rows(false).sort((/** @type {any} */ a, /** @type {any} */ b) => {
      if (!column) return (down ? -1 : 1) * order(this.nameOf(a), this.nameOf(b));
      const [one, two] = [a, b].map((row) => (row.known ? column.of(row.figures) : UNTOLD));
      if ((one === UNTOLD) !== (two === UNTOLD)) return one === UNTOLD ? 1 : -1;
      return (down ? two - one : one - two) || order(this.nameOf(a), this.nameOf(b));
    });
  }

  /** Fill the table, where it is open. */
  show() {
    if (!this.dialog.open) return;
    const { words } = this.page;
    const { by } = this.summary;
    const focused = document.activeElement?.getAttribute("data-sort");
    const columns = this.columns();
    byId("lw-table-title").textContent = words.say(TABLE_WORDS[by].title);
    byId("lw-table-note").textContent = words.say("summary_table_note");
    byId("lw-table").replaceChildren(
      element("thead", {}, [element("tr", {}, ["name", ...columns.map((one) => one.key)].map((key) => this.head(key)))]),
      element("tbody", {}, this.rows().map((/** @type {any} */ row) => this.row(row, columns))),
    );
    if (focused) this.dialog.querySelector(`[data-sort="${focused}"]`)?.focus();
  }

  head(/** @type {string} */ key) {
    const { words } = this.page;
    const here = this.sorted.key === key;
    const column = TABLE_COLUMNS.find((one) => one.key === key);
    const text = words.say(column?.head ?? TABLE_WORDS[this.summary.by].name);
    const button = element("button", { type: "button", "data-sort": key, text });
    button.append(element("span", { "aria-hidden": "true", text: here ? (this.sorted.down ? " ▼" : " ▲") : "" }));
    button.addEventListener("click", () => {
      this.sorted = { key, down: here ? !this.sorted.down : key !== "name" };
      this.show();
    });
    const sort = here ? (this.sorted.down ? "descending" : "ascending") : null;
    return element("th", { scope: "col", "aria-sort": sort }, [button]);
  }

  row(/** @type {any} */ row, /** @type {TableColumn[]} */ columns) {
    const name = this.nameOf(row);
    const there = this.summary.by === "park" ? row.known : row.unit > 0 && row.known;
    const button = there ? element("button", { type: "button", class: "lw-goto", text: name, dir: "auto" }) : null;
    button?.addEventListener("click", () => this.summary.go(row.unit));
    return element("tr", { "data-unit": row.unit }, [
      element("th", { scope: "row" }, [button ?? element("span", { text: name, dir: "auto" })]),
      ...columns.map((one) => element("td", { text: this.cell(row, one) })),
    ]);
  }

  cell(/** @type {any} */ row, /** @type {TableColumn} */ column) {
    const { words } = this.page;
    const value = column.of(row.figures);
    if (!row.known || value === UNTOLD) return words.say("summary_dash");
    return column.share ? shareText(words, value) : words.number(value);
  }

  nameOf(/** @type {any} */ row) {
    const { words } = this.page;
    if (row.name) return row.name;
    return words.say(TABLE_WORDS[this.summary.by].blank);
  }

  /** Give the table as a file, in the order and under the filters that are on. */
  save() {
    const { words, ledger } = this.page;
    const columns = this.columns();
    const heads = [TABLE_WORDS[this.summary.by].name, ...columns.map((one) => one.head)].map((key) => words.say(key));
    const lines = this.rows().map((/** @type {any} */ row) => [
      this.nameOf(row),
      ...columns.map((one) => {
        const value = one.of(row.figures);
        if (!row.known || value === UNTOLD) return null;
        return one.share ? Math.floor(value * 1e6) / 1e6 : value;
      }),
    ]);
    const text = `\ufeff${[heads, ...lines].map(csvLine).join("")}`;
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const link = element("a", { href: url, download: `${words.say("summary_file")}-${ledger.head.as_of}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}
