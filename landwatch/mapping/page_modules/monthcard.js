// What a card says of the months: how its contracts stood one after the other, and in the one shown.
import { byId, element, swatch } from "./elements.js";
import { HIDDEN } from "./ledger.js";
import { contractsOf, momentName, runsOf } from "./moments.js";

/** A section of the card; filled anew when another month is shown. */
export class MonthCard {
  /** @param {any} months the slider whose months these are */
  constructor(months) {
    this.months = months;
    this.page = months.page;
    /** @type {Subject | null} */
    this.subject = null;
    /** @type {any} */
    this.inCard = null;
  }

  /** @param {Subject} subject */
  opened(subject) {
    this.subject = subject;
    this.inCard = element("div", { class: "lw-in-card" });
    byId("lw-card-body").append(this.inCard);
    this.show();
  }

  closed() {
    this.subject = null;
  }

  /** Say in the card how its contracts stood month by month, and in the month that is shown. */
  show() {
    if (!this.subject || !this.inCard) return;
    const { page } = this;
    const { words, ledger } = page;
    const contracts = contractsOf(ledger, this.subject);
    const lines = contracts.map((contract) => {
      const kinds = this.months.moments.map((/** @type {number} */ moment) => ledger.moments[moment][contract]);
      kinds.push(ledger.columns.contract_class[contract]);
      return element("div", { class: "lw-months-one" }, [
        contracts.length > 1 ? element("strong", { text: ledger.text("contract_id", contract) }) : null,
        this.months.at >= 0 && this.months.at < this.months.count ? this.thatMonth(kinds[this.months.at]) : null,
        element("ul", {}, runsOf(kinds).map((run) => this.run(run))),
      ]);
    });
    this.inCard.hidden = !contracts.length;
    this.inCard.replaceChildren(element("h3", { text: words.say("time_in_card") }), ...lines);
  }

  /** @param {number} kind */
  thatMonth(kind) {
    const { words } = this.page;
    const { day } = this.months.head.months[this.months.at];
    const told = { day, name: momentName(this.page, kind) };
    return element("p", { class: "lw-months-that", text: words.say("time_was", told) });
  }

  /** @param {{from: number, to: number, kind: number}} run */
  run({ from, to, kind }) {
    const { words, ledger } = this.page;
    const month = (/** @type {number} */ at) =>
      at < this.months.count ? this.months.head.months[at].day.slice(0, 7) : words.say("time_page");
    const days = from === to ? month(from) : words.say("time_from_to", { from: month(from), to: month(to) });
    const told = { days, name: momentName(this.page, kind) };
    return element("li", {}, [
      kind === HIDDEN ? null : swatch(ledger.classes[kind]),
      element("span", { text: words.say("time_run", told) }),
    ]);
  }
}
