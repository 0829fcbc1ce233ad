// What changed since an earlier scan: counts by kind, a filter, the map as it was, the list, the card.
import { ChangeList } from "./changelist.js";
import { changeMask } from "./changes.js";
import { byId, element } from "./elements.js";
import { addMoment, signOfMoment } from "./moments.js";

const TELLING = ["altered", "new", "escalated", "changed", "eased", "cured", "vanished"];

/** The comparison with an earlier scan; a page that was told of none has none. */
export class Compare {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.head = page.ledger.head.parts?.compare;
    /** @type {Set<string>} */
    this.wanted = new Set();
    if (!this.head) return;
    /** @type {any} */
    this.list = new ChangeList(page, this.head, this.wanted);
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
    byId("lw-fresh").before(
      element("section", { class: "lw-compare", "aria-labelledby": "lw-compare-name" }, [
        this.name,
        this.scans,
        this.switch,
        this.kinds,
        this.notes,
        this.list.box,
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
    this.list.fill();
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
    this.sign?.show();
    this.markMoment();
    this.list.show(view);
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

  /** @param {Subject} subject */
  opened(subject) {
    if (this.head) this.list.opened(subject);
  }
}
