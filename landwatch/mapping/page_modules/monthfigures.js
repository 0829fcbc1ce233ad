// The figures of the months: those of the month that is shown, what they rest on, and a table of all.
import { element, swatch } from "./elements.js";

/** A box under the slider, closed until it is asked for; it is filled when it is open. */
export class MonthFigures {
  /** @param {any} months the slider whose months these are */
  constructor(months) {
    this.months = months;
    this.page = months.page;
    this.head = months.head;
    this.name = element("summary", {});
    this.now = element("ul", { class: "lw-months-now" });
    this.basis = element("p", { class: "lw-note" });
    this.scroll = element("div", { class: "lw-months-scroll", tabindex: 0, role: "region" });
    this.box = element("details", { class: "lw-months-table" }, [this.name, this.now, this.basis, this.scroll]);
    this.box.addEventListener("toggle", () => this.show());
  }

  /** Say the figures of the month that is shown; nothing is made where nobody looks. */
  show() {
    const { words } = this.page;
    this.name.textContent = words.say("time_table");
    if (!this.box.open) return;
    this.basis.textContent = this.basisInWords();
    this.scroll.setAttribute("aria-label", words.say("time_table"));
    this.now.setAttribute("aria-label", words.say("time_counts"));
    this.now.replaceChildren(...this.lines());
    this.scroll.replaceChildren(this.table());
  }

  /** Return what the months rest on: what was known then, or what is known now. */
  basisInWords() {
    const { words } = this.page;
    if (this.head.as_known_now) return words.say("time_basis_now");
    const blind = this.head.months.filter((/** @type {any} */ month) => !month.known_at).length;
    const told = words.say("time_basis_then");
    return blind ? told + words.say("time_blind", { count: blind }) : told;
  }

  lines() {
    const { months } = this;
    const { words, ledger } = this.page;
    return months.lines(months.at < 0 ? months.count : months.at).map((/** @type {any} */ { kind, count, more, name }) => {
      const change = more ? ` (${more > 0 ? "+" : "−"}${words.number(Math.abs(more))})` : "";
      return element("li", { "data-kind": kind, "data-count": count }, [
        kind < ledger.classes.length ? swatch(ledger.classes[kind]) : null,
        element("span", { text: `${name} ${words.number(count)}${change}` }),
      ]);
    });
  }

  table() {
    const { words, ledger } = this.page;
    const { counts, count } = this.months;
    const kinds = counts[0].map((/** @type {number} */ _, /** @type {number} */ kind) => kind);
    const some = kinds.filter((/** @type {number} */ kind) => counts.some((/** @type {number[]} */ line) => line[kind]));
    const head = element("tr", {}, [
      element("th", { scope: "col", text: words.say("time_day") }),
      ...some.map((/** @type {number} */ kind) => element("th", { scope: "col", text: this.months.className(kind) })),
      element("th", { scope: "col", text: words.say("time_rests_on") }),
    ]);
    const rows = counts.map((/** @type {number[]} */ line, /** @type {number} */ at) => {
      const day = at < count ? this.head.months[at].day : ledger.head.as_of;
      return element("tr", {}, [
        element("th", { scope: "row", text: day }),
        ...some.map((/** @type {number} */ kind) => element("td", { text: words.number(line[kind]) })),
        element("td", { text: at < count ? this.restsOn(at) : words.say("time_page") }),
      ]);
    });
    return element("table", {}, [element("thead", {}, [head]), element("tbody", {}, rows)]);
  }

  /** @param {number} at */
  restsOn(at) {
    const { words } = this.page;
    const { known_at: known, scan } = this.head.months[at];
    if (!known) return words.say("time_nothing_known");
    return scan === null ? words.say("time_known", { known }) : words.say("time_kept", { scan });
  }
}
