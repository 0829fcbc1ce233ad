// The list of what is found: sorted, linked both ways with the map, and opened line by line.
import { byId, element, swatch } from "./elements.js";
import { SORTS, ordered } from "./order.js";

const STEP = 60;
const PRINTED = 3000; // a browser takes minutes to print more

/** The list; `open(subject, button)` on a click, `hint(subject)` under a pointer or the focus. */
export class ResultList {
  /**
   * @param {any} ledger
   * @param {any} words
   * @param {{open: (subject: Subject, from: any) => void, hint: (subject: Subject | null) => void,
   *   sorted: () => void}} actions
   */
  constructor(ledger, words, actions) {
    this.ledger = ledger;
    this.words = words;
    this.actions = actions;
    this.most = STEP;
    this.before = STEP;
    this.sort = { by: "grave", back: false };
    /** @type {Subject | null} */
    this.marked = null;
    /** @type {import("./filters.js").View | null} */
    this.view = null;
    /** @type {{key: string, rows: any} | null} */
    this.all = null;
    this.listen();
  }

  listen() {
    const { hint } = this.actions;
    const list = byId("lw-list");
    const subjectAt = (/** @type {any} */ { target }) => {
      const line = target.closest?.(".lw-line");
      return line ? lineSubject(line) : null;
    };
    for (const kind of ["mouseover", "focusin"]) list.addEventListener(kind, (/** @type {any} */ event) => hint(subjectAt(event)));
    for (const kind of ["mouseleave", "focusout"]) list.addEventListener(kind, () => hint(null));
    byId("lw-more").addEventListener("click", () => {
      const reached = list.childElementCount;
      this.most += STEP * 4;
      this.fill();
      list.children[reached]?.querySelector("button").focus();
    });
    byId("lw-sort").addEventListener("change", (/** @type {any} */ { target }) => this.sortBy(target.value, false));
    byId("lw-direction").addEventListener("click", () => this.sortBy(this.sort.by, !this.sort.back));
  }

  /**
   * @param {string} by
   * @param {boolean} back
   */
  sortBy(by, back) {
    this.sort = { by: SORTS.includes(by) ? by : "grave", back };
    this.most = STEP;
    this.say();
    this.fill();
    this.actions.sorted();
  }

  /** Say the sorts in the language that is on. */
  say() {
    const { words, sort } = this;
    const names = ["panel_sort_grave", "panel_sort_days", "panel_sort_area", "panel_sort_holder", "panel_sort_number"];
    const options = SORTS.map((value, i) => element("option", { value, text: words.say(names[i]) }));
    byId("lw-sort").replaceChildren(...options);
    byId("lw-sort").value = sort.by;
    const falling = ["grave", "days", "area"].includes(sort.by) !== sort.back;
    const direction = byId("lw-direction");
    direction.textContent = falling ? "↓" : "↑";
    direction.title = words.say(falling ? "panel_falling_now" : "panel_rising_now");
    direction.setAttribute("aria-label", direction.title);
  }

  /**
   * Show what the filters leave, from the top.
   * @param {import("./filters.js").View} view
   */
  show(view) {
    if (view !== this.view) this.all = null;
    this.view = view;
    this.fill();
  }

  /** Show fewer lines again: something else is asked. */
  shorten() {
    this.most = STEP;
  }

  /** Return every contract that the filters leave, in the order of the list. */
  everyContract() {
    const { ledger, view, sort } = this;
    const key = `${sort.by} ${sort.back}`;
    if (!view) return new Uint32Array(0);
    if (this.all?.key !== key) this.all = { key, rows: ordered(ledger, view, sort, view.contracts.length) };
    return this.all.rows;
  }

  fill() {
    const { ledger, view, words } = this;
    if (!view) return;
    const found = view.contracts.length + view.parcels.length;
    byId("lw-found").textContent = found
      ? words.say(view.parcels.length ? "found_with_parcels" : "found", {
          contracts: words.number(view.contracts.length),
          parcels: words.number(view.parcels.length),
        })
      : words.say("nothing_found");
    const contracts = Array.from(ordered(ledger, view, this.sort, this.most));
    const parcels = Array.from(view.parcels.subarray(0, this.most - contracts.length));
    byId("lw-list").replaceChildren(
      ...contracts.map((contract) => this.contractLine(contract, view)),
      ...parcels.map((parcel) => this.parcelLine(parcel)),
    );
    const more = found - contracts.length - parcels.length;
    byId("lw-more").hidden = more <= 0;
    byId("lw-more").textContent = words.say("more", { count: words.number(more) });
    byId("lw-cut").hidden = more <= 0;
    byId("lw-cut").textContent = words.say("printed_first", {
      first: words.number(found - more),
      count: words.number(found),
    });
    this.mark(this.marked, false);
  }

  /**
   * Give paper the whole list, and the screen what it had before.
   * @param {boolean} printing
   */
  print(printing) {
    if (printing) this.before = this.most;
    this.most = printing ? PRINTED : this.before;
    this.fill();
  }

  /**
   * Mark the lines of what is open, and bring the first into view inside the panel.
   * @param {Subject | null} subject
   * @param {boolean} [seen] whether to scroll
   */
  mark(subject, seen = true) {
    this.marked = subject;
    const { contracts, parcels } = this.rowsOf(subject);
    let first = null;
    for (const line of byId("lw-list").querySelectorAll(".lw-line")) {
      const { contract, parcel } = lineSubject(line);
      if (contract === undefined ? parcels.has(parcel ?? -1) : contracts.has(contract)) {
        line.setAttribute("aria-current", "true");
        first ??= line;
      } else {
        line.removeAttribute("aria-current");
      }
    }
    const side = byId("lw-side");
    if (!first || !seen || side.scrollHeight <= side.clientHeight || first.contains(document.activeElement)) return;
    const [line, box] = [first.getBoundingClientRect(), side.getBoundingClientRect()];
    if (line.top < box.top) side.scrollTop += line.top - box.top - 40;
    else if (line.bottom > box.bottom) side.scrollTop += line.bottom - box.bottom + 40;
  }

  /**
   * Return the rows that a subject is about.
   * @param {Subject | null} subject
   */
  rowsOf(subject) {
    if (subject?.contract !== undefined) return { contracts: new Set([subject.contract]), parcels: new Set() };
    const parcels = subject?.parcels ?? (subject?.parcel === undefined ? [] : [subject.parcel]);
    const contracts = parcels.flatMap((parcel) => Array.from(this.ledger.contractsOn(parcel)));
    return { contracts: new Set(contracts), parcels: new Set(parcels) };
  }

  /**
   * Return the contract or parcel that stands so many lines after what is open; null beyond the ends.
   * @param {number} step
   * @returns {Subject | null}
   */
  beside(step) {
    const { view, marked } = this;
    if (!view || !marked) return null;
    const rows = this.everyContract();
    const { contracts, parcels } = this.rowsOf(marked);
    let at = rows.findIndex((/** @type {number} */ row) => contracts.has(row));
    if (at < 0) at = view.parcels.findIndex((parcel) => parcels.has(parcel)) + rows.length;
    if (at === rows.length - 1 && !contracts.has(rows[at])) return null; // it is not in the list
    const to = at + step;
    if (to < 0 || to >= rows.length + view.parcels.length) return null;
    return to < rows.length ? { contract: rows[to] } : { parcel: view.parcels[to - rows.length] };
  }

  /**
   * @param {number} contract
   * @param {import("./filters.js").View} view
   */
  contractLine(contract, view) {
    const { ledger, words } = this;
    const kind = ledger.classes[view.classes[contract]];
    const days = view.days[contract];
    const holder = ledger.text("holder", contract);
    const project = ledger.text("project", contract);
    const mu = ledger.columns.contract_area_mu.get(contract);
    const told = [
      words.className(kind),
      days > 0 ? words.say("days_past", { days: words.number(days) }) : "",
      Number.isNaN(mu) ? "" : words.mu(mu),
    ];
    return this.line({ contract }, kind, holder || project || words.say("no_holder"), [
      element("span", { class: "lw-sub", text: ledger.text("contract_id", contract) }),
      holder && project ? element("span", { class: "lw-sub", text: project }) : null,
      element("span", { class: "lw-sub", text: told.filter(Boolean).join(" · ") }),
      ledger.placed[contract] ? null : element("span", { class: "lw-badge", text: words.say("unplaced") }),
    ]);
  }

  /** @param {number} parcel */
  parcelLine(parcel) {
    const { ledger, words } = this;
    const kind = ledger.classes[ledger.noContract];
    const title = ledger.text("parcel_id", parcel);
    return this.line({ parcel }, kind, title, [
      element("span", { class: "lw-sub", text: words.className(kind) }),
    ]);
  }

  /**
   * @param {Subject} subject
   * @param {MapClass} kind
   * @param {string} title
   * @param {any[]} more
   */
  line(subject, kind, title, more) {
    const text = element("span", { class: "lw-line-text" }, [element("strong", { text: title, dir: "auto" }), ...more]);
    const marks = { "data-contract": subject.contract, "data-parcel": subject.parcel };
    const button = element("button", { type: "button", class: "lw-line", ...marks }, [swatch(kind), text]);
    button.addEventListener("click", () => this.actions.open(subject, button));
    return element("li", {}, [button]);
  }
}

/**
 * @param {HTMLElement} line
 * @returns {Subject}
 */
function lineSubject({ dataset }) {
  if (dataset.contract !== undefined) return { contract: Number(dataset.contract) };
  return { parcel: Number(dataset.parcel) };
}
