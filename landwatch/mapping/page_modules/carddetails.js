// What a card adds to what the page knows at once: terms, timeline, sums and facts, in the pack that
// is read when the first card opens; and the buttons of the card.
import { ContractTable } from "./contracttable.js";
import { byId, element } from "./elements.js";
import { plainText } from "./plaintext.js";
import { Terms } from "./terms.js";

/** Fills the card once the details are read; a second card opened meanwhile is never mixed up. */
export class CardDetails {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.turn = 0;
    /** @type {Terms | null} */
    this.terms = null;
    /** What the reader unfolded stays unfolded on the next card. */
    this.unfolded = new Set();
    /** @type {Map<any, boolean>} */
    this.folds = new Map();
    byId("lw-card-body").addEventListener("toggle", (/** @type {any} */ event) => this.remember(event.target), true);
  }

  /** @param {any} fold */
  remember(fold) {
    const kind = fold.dataset?.fold;
    if (!kind || this.folds.size) return; // paper unfolds all
    if (fold.open) this.unfolded.add(kind);
    else this.unfolded.delete(kind);
  }

  /** @param {Subject} subject */
  async opened(subject) {
    const turn = (this.turn += 1);
    const body = byId("lw-card-body");
    if (subject.park === undefined) body.prepend(this.buttons(subject));
    if (subject.park !== undefined) return;
    body.setAttribute("aria-busy", "true");
    queueMicrotask(() => turn === this.turn && this.ends(body)); // the list has marked its line by then
    this.terms ??= new Terms(await this.page.details(), this.page.ledger);
    if (turn !== this.turn) return; // another card was opened meanwhile
    this.fill(body, this.terms);
    body.removeAttribute("aria-busy");
    document.documentElement.dataset.card = String(turn);
  }

  closed() {
    this.turn += 1;
    byId("lw-card-body").removeAttribute("aria-busy");
  }

  /**
   * Unfold everything for paper, which cannot be unfolded, and fold it again for the screen.
   * @param {boolean} printing
   */
  print(printing) {
    if (printing) {
      const every = /** @type {NodeListOf<HTMLDetailsElement>} */ (byId("lw-card-body").querySelectorAll("details"));
      for (const fold of every) this.folds.set(fold, fold.open);
      for (const fold of every) fold.open = true;
      return;
    }
    for (const [fold, open] of this.folds) fold.open = open;
    setTimeout(() => this.folds.clear()); // after the folds have told that they moved
  }

  /**
   * @param {any} body
   * @param {Terms} terms
   */
  fill(body, terms) {
    const { ledger, words } = this.page;
    const focused = document.activeElement;
    for (const box of body.querySelectorAll(".lw-on-parcel")) this.inOrder(box, terms);
    for (const article of body.querySelectorAll("[data-contract]")) {
      const table = new ContractTable(ledger, words, terms, Number(article.dataset.contract));
      const here = article.querySelector(".lw-told-here");
      const parts = [table.timeline(here.clientWidth), table.table(), this.leftOut(terms, article.dataset.contract)];
      here.replaceChildren(...parts.filter(Boolean));
      for (const line of article.querySelectorAll("[data-finding]")) {
        line.append(...table.reasons(Number(line.dataset.finding)));
      }
    }
    for (const fold of body.querySelectorAll("[data-fold]")) fold.open = this.unfolded.has(fold.dataset.fold);
    if (focused !== document.activeElement && focused instanceof HTMLElement && focused.isConnected) {
      focused.focus({ preventScroll: true });
    }
  }

  /**
   * Say that the page has too many contracts for their terms, and what shows them; null where it has not.
   * @param {Terms} terms
   * @param {string} contract its row
   */
  leftOut({ most }, contract) {
    const { ledger, words } = this.page;
    if (!most) return null;
    const told = { most: words.number(most), contract: ledger.text("contract_id", Number(contract)) };
    return element("p", { class: "lw-note lw-left-out", text: words.say("card_no_terms", told) });
  }

  /**
   * Put the contracts of a parcel in the order of their days, and say which are in force.
   * @param {any} box
   * @param {Terms} terms
   */
  inOrder(box, terms) {
    const { ledger, words } = this.page;
    const articles = [...box.children];
    if (articles.length < 2 || !terms.told) return;
    const tables = articles.map((article) => {
      const table = new ContractTable(ledger, words, terms, Number(article.dataset.contract));
      return { article, table, since: table.since };
    });
    const untold = "9999";
    tables.sort((a, b) => ((a.since || untold) < (b.since || untold) ? -1 : 1));
    for (const { article, table } of tables) {
      const note = element("p", { class: "lw-term-note", text: table.termWords() });
      article.querySelector("h3").after(note);
    }
    const running = tables.filter(({ table }) => ["card_term_running", "card_term_open"].includes(table.term ?? ""));
    const text = words.say(running.length > 1 ? "card_many_in_force" : "card_in_time", {
      count: tables.length,
      running: running.length,
      day: ledger.head.as_of,
    });
    box.replaceChildren(
      element("p", { class: "lw-note", text }),
      ...tables.map(({ article }) => article),
    );
  }

  /** @param {Subject} subject */
  buttons(subject) {
    const { words, ledger } = this.page;
    const contracts = subject.contract === undefined ? (subject.parcels ?? []).flatMap((p) => Array.from(ledger.contractsOn(p))) : [subject.contract];
    const holders = [...new Set(contracts.map((one) => ledger.text("holder", one)).filter(Boolean))];
    const drawn = this.drawn(subject);
    const made = [
      this.button("before", "card_before", () => this.step("before", -1)),
      this.button("after", "card_after", () => this.step("after", 1)),
      this.button("place", "card_place_on_map", drawn.length ? () => this.showPlace(drawn) : null),
      ...holders.slice(0, 1).map((holder) =>
        this.button("holder", "card_all_of_holder", holders.length === 1 ? () => this.page.onlyHolder?.(holder) : null),
      ),
      this.button("copy", "card_copy", () => this.copy()),
    ];
    const said = element("span", { class: "lw-sub", role: "status", id: "lw-copied" });
    return element("div", { class: "lw-card-tools", role: "group", "aria-label": words.say("card_tools") }, [...made, said]);
  }

  /**
   * @param {string} act
   * @param {string} key
   * @param {(() => void) | null} done null where there is nothing to do
   */
  button(act, key, done) {
    const made = element("button", { type: "button", "data-act": act, text: this.page.words.say(key) });
    made.disabled = !done;
    if (done) made.addEventListener("click", done);
    return made;
  }

  /**
   * Offer no step beyond the ends of the list.
   * @param {any} body
   */
  ends(body) {
    const steps = /** @type {[string, number][]} */ ([["before", -1], ["after", 1]]);
    for (const [act, step] of steps) {
      const button = body.querySelector(`[data-act="${act}"]`);
      if (button) button.disabled = !this.page.panel.list.beside(step);
    }
  }

  /**
   * Open the card of the line before or after in the list, and stay on the button.
   * @param {string} act
   * @param {number} step
   */
  step(act, step) {
    const { page } = this;
    const subject = page.panel.list.beside(step);
    if (!subject) return;
    page.openSubject(subject, page.opening.from, true);
    this.ends(byId("lw-card-body"));
    this.refocus(act);
  }

  /** @param {string} act */
  refocus(act) {
    const button = byId("lw-card-body").querySelector(`[data-act="${act}"]`);
    if (button && !button.disabled) button.focus({ preventScroll: true });
  }

  /**
   * Return the parcels of a card that the map draws.
   * @param {Subject} subject
   * @returns {number[]}
   */
  drawn({ contract, parcels }) {
    const { ledger } = this.page;
    /** @type {number[]} */
    const rows = contract === undefined ? (parcels ?? []) : Array.from(ledger.parcelsOf(contract));
    return rows.filter((parcel) => parcel < ledger.drawn);
  }

  /** @param {number[]} parcels */
  showPlace(parcels) {
    const { page } = this;
    page.opening.bringIntoView(page.shapes.bounds(parcels), true);
  }

  /** Copy the card as text, all of it, folded or not. */
  async copy() {
    const { words } = this.page;
    const text = plainText(byId("lw-card-title"), byId("lw-card-body"), words.say("colon"));
    const copied = await copiedText(text);
    const said = document.getElementById("lw-copied");
    if (said) said.textContent = words.say(copied ? "card_copied" : "card_not_copied");
  }
}

/**
 * Put a text on the clipboard, in the old way where a browser lets no page from a file do it.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copiedText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const back = document.activeElement;
    const box = element("textarea", { class: "lw-copying", "aria-hidden": "true" });
    box.value = text;
    document.body.append(box);
    box.select();
    const copied = document.execCommand("copy");
    box.remove();
    if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    return copied;
  }
}
