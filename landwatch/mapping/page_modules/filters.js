// What the filters of the page are, and what they leave of parcels, contracts and findings.
import { HIDDEN } from "./ledger.js";
import { narrows, ownMasks, wholeSpan, within } from "./masks.js";

/** The filters of the page; every field narrows what is shown, null and -1 do not.
 *
 * `masks` are the features' own: by name, a byte for each contract, 0 where it is left out. `moment`
 * is a row of `ledger.moments`, or -1 for the scan of the page. `area` (mu) and `days` (past the last
 * day) are ranges; `seen` is a number of days without sight, or "never".
 */
export function noFilters() {
  return {
    hidden: new Set(),
    rule: -1,
    zone: -1,
    toVerify: false,
    unplaced: false,
    words: "",
    /** @type {string | null} */
    landUse: null,
    /** @type {string | null} */
    industry: null,
    /** @type {string | null} */
    holder: null,
    area: wholeSpan(),
    days: wholeSpan(),
    /** @type {number | "never" | null} */
    seen: null,
    masks: new Map(),
    moment: -1,
  };
}

/**
 * Take every filter back; the masks of features are theirs to set again.
 * @param {ReturnType<typeof noFilters>} filters
 */
export function clearFilters(filters) {
  const { hidden, masks } = filters;
  hidden.clear();
  masks.clear();
  Object.assign(filters, noFilters(), { hidden, masks });
}

/**
 * What the filters leave: classes to draw, contracts and bare parcels to list, counts for the legend.
 * `passed` has a byte for each contract that passes, those of classes that are switched off too.
 * @typedef {{classes: Uint8Array, days: Float64Array, counts: {count: number, mu: number,
 *   untold: number}[], parcelClasses: Uint8Array, contracts: Uint32Array, parcels: Uint32Array,
 *   passed: Uint8Array}} View
 */

/**
 * Return what the filters leave.
 * @param {any} ledger
 * @param {any} filters
 * @param {{contracts: Uint8Array, parcels: Uint8Array} | null} found what a search found
 * @returns {View}
 */
export function shown(ledger, filters, found) {
  const classes = ledger.contractClasses(filters);
  const days = ledger.daysPast(classes, filters);
  const own = ownMasks(ledger, filters);
  const masks = [...own.contracts, ...filters.masks.values()];
  if (found) masks.push(found.contracts);
  const passed = passing(ledger, filters, { classes, days, masks });
  const counted = new LegendCounts(ledger.classes.length);
  const parcelClasses = new Uint8Array(ledger.parcelCount).fill(HIDDEN);
  const contracts = passedOnes(ledger, filters, classes, passed, counted, parcelClasses);
  const parcels = bareParcels(ledger, filters, found, own.parcels, counted, parcelClasses);
  return { classes, days, counts: counted.lines(), parcelClasses, contracts, parcels, passed };
}

/** Counts and areas by class. */
class LegendCounts {
  /** @param {number} size */
  constructor(size) {
    this.count = new Float64Array(size);
    this.mu = new Float64Array(size);
    this.untold = new Float64Array(size);
  }

  /**
   * @param {number} kind
   * @param {number} mu
   */
  add(kind, mu) {
    this.count[kind]++;
    if (mu === mu) this.mu[kind] += mu;
    else this.untold[kind]++;
  }

  lines() {
    return Array.from(this.count, (count, kind) => ({ count, mu: this.mu[kind], untold: this.untold[kind] }));
  }
}

/**
 * Return a byte for each contract: whether every filter but that on classes lets it through.
 * @param {any} ledger
 * @param {any} filters
 * @param {{classes: Uint8Array, days: Float64Array, masks: Uint8Array[]}} by
 */
function passing(ledger, filters, { classes, days, masks }) {
  const { contractCount: count, placed } = ledger;
  const zones = ledger.columns.contract_zone;
  const passed = new Uint8Array(count);
  for (let c = 0; c < count; c++) passed[c] = classes[c] === HIDDEN ? 0 : 1;
  for (const mask of masks) for (let c = 0; c < count; c++) passed[c] &= mask[c] ? 1 : 0;
  if (filters.zone >= 0) for (let c = 0; c < count; c++) passed[c] &= zones[c] === filters.zone ? 1 : 0;
  if (filters.unplaced) for (let c = 0; c < count; c++) passed[c] &= placed[c] ? 0 : 1;
  if (narrows(filters.days) && filters.moment < 0) { // of another moment no days are told
    for (let c = 0; c < count; c++) passed[c] &= days[c] !== 0 && within(filters.days, days[c]) ? 1 : 0;
  }
  return passed;
}

/**
 * Count what passed, and return the contracts of the classes that are switched on.
 * @param {any} ledger
 * @param {any} filters
 * @param {Uint8Array} classes
 * @param {Uint8Array} passed
 * @param {LegendCounts} counted
 * @param {Uint8Array} parcelClasses filled with the gravest class on each parcel
 */
function passedOnes(ledger, filters, classes, passed, counted, parcelClasses) {
  const { contractCount: count, parcelStart: begins, parcelRows: on } = ledger;
  const area = ledger.columns.contract_area_mu.values;
  const off = new Uint8Array(256);
  for (const kind of filters.hidden) off[kind] = 1;
  const out = new Uint32Array(count);
  let size = 0;
  for (let c = 0; c < count; c++) {
    if (!passed[c]) continue;
    const kind = classes[c];
    counted.add(kind, area[c]);
    if (off[kind]) continue;
    out[size++] = c;
    for (let at = begins[c]; at < begins[c + 1]; at++) {
      if (kind < parcelClasses[on[at]]) parcelClasses[on[at]] = kind;
    }
  }
  return out.subarray(0, size);
}

/**
 * Count, and draw, the parcels that no contract speaks of.
 * @param {any} ledger
 * @param {any} filters
 * @param {{parcels: Uint8Array} | null} found
 * @param {Uint8Array[] | null} masks null where something is asked that such a parcel has not
 * @param {LegendCounts} counted
 * @param {Uint8Array} parcelClasses
 */
function bareParcels(ledger, filters, found, masks, counted, parcelClasses) {
  if (filters.rule >= 0 || filters.toVerify || filters.masks.size || !masks) return new Uint32Array(0);
  const asked = found ? [...masks, found.parcels] : masks;
  const { parcelCount: count, contractStart: begins, noContract, drawn } = ledger;
  const zones = ledger.columns.parcel_zone;
  const area = ledger.columns.parcel_area_mu.values;
  const out = [];
  for (let p = 0; p < count; p++) {
    if (begins[p] !== begins[p + 1] || !asked.every((mask) => mask[p])) continue;
    if (filters.zone >= 0 && zones[p] !== filters.zone) continue;
    if (filters.unplaced && p < drawn) continue;
    counted.add(noContract, area[p]);
    if (filters.hidden.has(noContract)) continue;
    out.push(p);
    parcelClasses[p] = noContract;
  }
  return Uint32Array.from(out);
}
