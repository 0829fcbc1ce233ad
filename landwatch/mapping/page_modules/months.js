// The months before the page: a slider, a chart of how many contracts were of each class, and a player.
import { byId, element } from "./elements.js";
import { addMoment, classesOfMonth, countedClasses, linesOf, signOfMoment } from "./moments.js";
import { MonthCard } from "./monthcard.js";
import { drawMonths } from "./monthchart.js";
import { MonthFigures } from "./monthfigures.js";

const STEP_MS = 900;
const THUMB = 16; // pixels; see page-time.css

/** The slider over the months; a page that was told of none has none. */
export class Months {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.head = page.ledger.head.parts?.months;
    if (!this.head) return;
    this.sign = signOfMoment(page);
    this.count = this.head.months.length;
    this.moments = this.head.months.map((/** @type {any} */ _month, /** @type {number} */ at) =>
      addMoment(page.ledger, () => this.classes(at)),
    );
    this.moments.forEach((/** @type {number} */ moment, /** @type {number} */ at) =>
      this.sign?.names.set(moment, () => this.standing(at)),
    );
    this.countedOf = -1;
    this.counts = this.head.counts;
    this.card = new MonthCard(this);
    this.build();
  }

  /**
   * Return the classes of a month; each is told by what is different in the month after it.
   * @param {number} at
   * @returns {Uint8Array}
   */
  classes(at) {
    const { columns, moments } = this.page.ledger;
    const after = at + 1 < this.count ? moments[this.moments[at + 1]] : columns.contract_class;
    return classesOfMonth(columns[`month_${at}`], after);
  }

  build() {
    this.name = element("h2", { id: "lw-months-name" });
    this.play = element("button", { type: "button", class: "lw-months-play" });
    this.play.addEventListener("click", () => this.toggle());
    this.slider = element("input", { type: "range", min: 0, max: this.count, step: 1, value: this.count });
    this.slider.addEventListener("input", () => {
      this.stop();
      this.goTo(Number(this.slider.value));
    });
    this.chart = element("div", { class: "lw-months-chart" });
    this.chart.addEventListener("click", (/** @type {any} */ event) => {
      const bar = event.target.closest("[data-at]");
      if (!bar) return;
      this.stop();
      this.goTo(Number(bar.dataset.at));
    });
    this.ticks = element("div", { class: "lw-months-ticks", "aria-hidden": "true" });
    this.said = element("p", { class: "lw-months-said" });
    this.figures = new MonthFigures(this);
    const track = element("div", { class: "lw-months-track" }, [this.chart, this.slider, this.ticks]);
    track.style.setProperty("--lw-months", String(this.count + 1));
    track.style.setProperty("--lw-thumb", `${THUMB}px`);
    byId("lw-under-map").append(
      element("section", { class: "lw-months", "aria-labelledby": "lw-months-name" }, [
        element("div", { class: "lw-months-row" }, [
          element("div", { class: "lw-months-head" }, [this.name, this.play]),
          track,
          this.said,
        ]),
        this.figures.box,
      ]),
    );
  }

  /** Return which month is shown: the last place is the page's own; -1 where it is none of these. */
  get at() {
    const { moment } = this.page.filters;
    return moment < 0 ? this.count : this.moments.indexOf(moment);
  }

  /** @param {number} at */
  goTo(at) {
    this.sign?.go(at < this.count ? this.moments[at] : -1);
  }

  /** Play from here on, or stop; where no motion is wanted, go one month on. */
  toggle() {
    if (this.timer) return this.stop();
    const from = this.at < 0 || this.at >= this.count ? -1 : this.at;
    if (still()) return this.goTo(from + 1);
    const step = (/** @type {number} */ at) => {
      this.goTo(at);
      this.timer = at < this.count ? setTimeout(() => step(at + 1), STEP_MS) : 0;
      this.sayPlay();
    };
    step(from + 1);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.sayPlay();
  }

  reset() {
    if (this.head) this.stop();
  }

  /** Return the month that is shown, for a link to the page as it is. */
  link() {
    return { month: this.head && this.at >= 0 && this.at < this.count ? this.head.months[this.at].day.slice(0, 7) : "" };
  }

  /** @param {Map<string, string>} told a link */
  follow(told) {
    const month = told.get("month");
    const at = month ? this.head?.months.findIndex((/** @type {any} */ one) => one.day.startsWith(month)) : -1;
    if (at >= 0) this.page.filters.moment = this.moments[at];
  }

  print() {
    if (this.head) this.stop();
  }

  /** Show where the page stands among its months, and how many contracts were of each class. */
  show() {
    if (!this.head) return;
    this.sign?.show();
    const { filters } = this.page;
    if (this.countedOf !== filters.zone) this.countZone(filters.zone);
    if (this.at >= 0) this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", this.inWords());
    for (const bar of this.chart.querySelectorAll("[data-at]")) {
      bar.classList.toggle("lw-chosen", Number(bar.dataset.at) === this.at);
    }
    this.said.textContent = this.shownInWords();
    this.figures?.show();
    this.card?.show();
  }

  /** @param {number} zone */
  countZone(zone) {
    const { ledger } = this.page;
    const kinds = ledger.classes.length;
    this.countedOf = zone;
    this.counts =
      zone < 0
        ? this.head.counts
        : Array.from({ length: this.count + 1 }, (_, at) => {
            const classes = at < this.count ? ledger.moments[this.moments[at]] : ledger.columns.contract_class;
            return countedClasses(classes, kinds, ledger.columns.contract_zone, zone);
          });
    this.draw();
  }

  /** Say all that stands still in the language that is on. */
  say() {
    if (!this.head) return;
    const { words } = this.page;
    this.name.textContent = words.say("time_months", { count: this.count });
    this.slider.setAttribute("aria-label", words.say("time_slider"));
    this.said.textContent = this.shownInWords();
    this.sayPlay();
    this.draw();
    this.figures?.show();
  }

  sayPlay() {
    const key = this.timer ? "time_pause" : still() ? "time_next" : "time_play";
    this.play.textContent = this.page.words.say(key);
  }

  draw() {
    const { page } = this;
    drawMonths(this.chart, this.counts, page.ledger.classes, page.words.say("time_chart"));
    const first = this.head.months[0].day.slice(0, 7);
    const labels = this.head.months.map((/** @type {any} */ month, /** @type {number} */ at) => {
      const near = at < 0.16 * this.count || at > 0.8 * this.count;
      return month.day.slice(5, 7) === "01" && !near ? [at, month.day.slice(0, 7)] : null;
    });
    const last = [this.count, page.words.say("time_page")];
    this.ticks.replaceChildren(
      ...[[0, first], ...labels.filter(Boolean), last].map(([at, text]) => {
        const tick = element("span", { text });
        tick.style.setProperty("--lw-at", String(at));
        return tick;
      }),
    );
  }

  /**
   * Say how a month was found: by a kept scan, by what was known then or now, or not at all.
   * @param {number} at
   */
  standing(at) {
    const { words } = this.page;
    const { day, known_at: known, scan } = this.head.months[at];
    if (!known) return words.say("time_shown_blind", { day });
    if (scan !== null) return words.say("time_shown_scan", { day, scan });
    const key = this.head.as_known_now ? "time_shown_now" : "time_shown_then";
    return words.say(key, { day, known });
  }

  /** Return the day that is shown, and what there is to know of it, in a few words. */
  shownInWords() {
    const { words, ledger } = this.page;
    const { at } = this;
    if (at < 0) return words.say("time_elsewhere");
    if (at === this.count) return words.say("time_said", { day: ledger.head.as_of, name: words.say("time_page") });
    const { day, known_at: known } = this.head.months[at];
    return known ? day : words.say("time_said", { day, name: words.say("time_nothing_known") });
  }

  /** Return what the slider says where it stands. */
  inWords() {
    const { words, ledger } = this.page;
    const { at } = this;
    if (at < 0) return words.say("time_elsewhere");
    const day = at < this.count ? this.head.months[at].day : ledger.head.as_of;
    const told = this.lines(at).map((/** @type {any} */ { name, count }) => words.say("time_count", { name, count }));
    return [day, ...told].join(words.say("list_comma"));
  }

  /**
   * Return the classes that contracts had in a month, and those that were not there.
   * @param {number} at
   */
  lines(at) {
    const known = this.head.months.map((/** @type {any} */ month) => Boolean(month.known_at));
    return linesOf(this.counts, known, at).map((line) => ({ ...line, name: this.className(line.kind) }));
  }

  /** @param {number} kind */
  className(kind) {
    const { words, ledger } = this.page;
    return kind < ledger.classes.length ? words.className(ledger.classes[kind]) : words.say("time_not_there");
  }

  /** @param {Subject} subject */
  opened(subject) {
    this.card?.opened(subject);
  }

  closed() {
    this.card?.closed();
  }
}

/** Tell whether the reader wants no motion. */
function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
