// Other moments than the page's own: how their classes are read, and what says that one is shown.
import { naturals } from "./columns.js";
import { byId, element } from "./elements.js";
import { HIDDEN } from "./ledger.js";

const SPARSE = 1;

/**
 * Return the classes of a month from its bytes and the month after: all, or only what is different.
 * @param {Uint8Array} bytes see changes_packed in landwatch/mapping/months.py
 * @param {Uint8Array} after
 * @returns {Uint8Array}
 */
export function classesOfMonth(bytes, after) {
  if (bytes[0] !== SPARSE) return bytes.subarray(1);
  const [count] = naturals(bytes.subarray(1), 1);
  const gaps = naturals(bytes.subarray(1), count + 1);
  const kinds = bytes.subarray(bytes.length - count);
  const out = after.slice();
  for (let i = 0, at = -1; i < count; i++) {
    at += gaps[i + 1] + 1;
    out[at] = kinds[i];
  }
  return out;
}

/**
 * Count contracts by class, and last those that were not there; of one park where it is not -1.
 * @param {Uint8Array} classes
 * @param {number} kinds
 * @param {Rows} zones
 * @param {number} zone
 */
export function countedClasses(classes, kinds, zones, zone) {
  const counts = new Uint32Array(HIDDEN + 1);
  for (let c = 0; c < classes.length; c++) {
    if (zone < 0 || zones[c] === zone) counts[classes[c]]++;
  }
  return [...counts.subarray(0, kinds), counts[HIDDEN]];
}

/**
 * Return how many contracts each class had in a month, and how many more than the month before.
 *
 * Against a month of which nothing is known there is no difference: `more` is 0.
 * @param {number[][]} counts by month and class; the page itself stands last
 * @param {boolean[]} known whether anything was known in each of the months before the page
 * @param {number} at
 * @returns {{kind: number, count: number, more: number}[]} without the classes that tell nothing
 */
export function linesOf(counts, known, at) {
  const before = at > 0 && known[at - 1] ? counts[at - 1] : counts[at];
  return counts[at]
    .map((count, kind) => ({ kind, count, more: count - before[kind] }))
    .filter(({ count, more }) => count || more);
}

/**
 * Return where a row of months stays the same: first and last month, and the class.
 * @param {number[]} kinds the class in each month
 */
export function runsOf(kinds) {
  /** @type {{from: number, to: number, kind: number}[]} */
  const runs = [];
  kinds.forEach((kind, at) => {
    const last = runs.at(-1);
    if (last && last.kind === kind) last.to = at;
    else runs.push({ from: at, to: at, kind });
  });
  return runs;
}

/**
 * Let a page know of a moment whose classes are worked out when they are first wanted.
 * @param {any} ledger
 * @param {() => Uint8Array} make
 * @returns {number} what `filters.moment` calls it
 */
export function addMoment(ledger, make) {
  const moment = ledger.moments.length;
  /** @type {Uint8Array | null} */
  let made = null;
  const get = () => (made ??= make());
  Object.defineProperty(ledger.moments, moment, { get, enumerable: true, configurable: true });
  return moment;
}

/**
 * Return the contracts that a card speaks of.
 * @param {any} ledger
 * @param {Subject} subject
 * @returns {number[]}
 */
export function contractsOf(ledger, { contract, parcels }) {
  if (contract !== undefined) return [contract];
  return [...new Set((parcels ?? []).flatMap((parcel) => Array.from(ledger.contractsOn(parcel))))];
}

/**
 * Return what an outcome is called of which nobody has decided: a breach is only suspected.
 * @param {any} page
 * @param {number} kind
 */
export function momentName({ words, ledger }, kind) {
  if (kind === HIDDEN) return words.say("time_not_there");
  return words.className(ledger.classes[kind]);
}

/** The line above the map that says which moment is shown, and leads back to the page's own. */
export class MomentSign {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<number, () => string>} */
    this.names = new Map();
    this.text = element("strong", {});
    this.note = element("span", {});
    this.back = element("button", { type: "button" });
    this.back.addEventListener("click", () => this.go(-1));
    this.box = element("p", { class: "lw-moment", id: "lw-moment", role: "note", hidden: true }, [
      this.text,
      this.note,
      this.back,
    ]);
    byId("lw-map").before(this.box);
  }

  /**
   * Show the map of a moment; -1 is the page's own.
   * @param {number} moment
   */
  go(moment) {
    const { page } = this;
    if (page.filters.moment === moment) return;
    const leaving = this.back === document.activeElement;
    page.filters.moment = moment;
    page.changedSoon();
    if (leaving) page.map.getContainer().focus({ preventScroll: true });
  }

  /** Say which moment is shown, unless it is the page's own. */
  show() {
    const { words, filters, ledger } = this.page;
    const name = this.names.get(filters.moment);
    this.box.hidden = !name;
    this.back.textContent = words.say("time_back", { day: ledger.head.as_of });
    this.note.textContent = words.say("time_note");
    if (name) this.text.textContent = name();
  }
}

/**
 * Return the sign of a page, which all features share.
 * @param {any} page
 * @returns {MomentSign}
 */
export function signOfMoment(page) {
  page.momentSign ??= new MomentSign(page);
  return page.momentSign;
}
