// What narrows by a property of a contract that no finding changes: one byte for each contract.

const MS_OF_A_DAY = 86400000;

/**
 * A range with both ends in it; null is no limit. `untold` keeps what tells no value.
 * @typedef {{from: number | null, to: number | null, untold: boolean}} Span
 */

/** Return a range that leaves everything. */
export function wholeSpan() {
  return { from: null, to: null, untold: true };
}

/**
 * Tell whether a range narrows.
 * @param {Span} span
 */
export function narrows({ from, to }) {
  return from !== null || to !== null;
}

/**
 * Tell whether a value is in a range; NaN is none.
 * @param {Span} span
 * @param {number} value
 */
export function within({ from, to, untold }, value) {
  if (Number.isNaN(value)) return untold;
  return (from === null || value >= from) && (to === null || value <= to);
}

/**
 * Return the masks of contracts, and of parcels where a property is one of parcels too; null for the
 * parcels where something is asked that no parcel without contract has.
 * @param {any} ledger
 * @param {any} filters
 * @returns {{contracts: Uint8Array[], parcels: Uint8Array[] | null}}
 */
export function ownMasks(ledger, filters) {
  const asked = [
    filters.landUse !== null && keptMask(ledger, "landUse", filters.landUse, ofLandUse),
    filters.industry !== null && keptMask(ledger, "industry", filters.industry, ofIndustry),
    filters.holder !== null && keptMask(ledger, "holder", filters.holder, ofHolder),
    narrows(filters.area) && keptMask(ledger, "area", filters.area, ofArea),
    filters.seen !== null && keptMask(ledger, "seen", filters.seen, ofSeen),
  ].filter(Boolean);
  const parcels = asked.map((one) => one.parcels);
  const ofParcels = parcels.includes(null) || narrows(filters.days) ? null : parcels;
  return { contracts: asked.map((one) => one.contracts), parcels: ofParcels };
}

/**
 * Return the masks of one filter, made again only when it asks for something else.
 * @param {any} ledger
 * @param {string} name
 * @param {any} wanted
 * @param {(ledger: any, wanted: any) => {contracts: Uint8Array, parcels: Uint8Array | null}} make
 */
function keptMask(ledger, name, wanted, make) {
  ledger.masks ??= new Map();
  const key = JSON.stringify(wanted);
  if (ledger.masks.get(name)?.key !== key) ledger.masks.set(name, { key, ...make(ledger, wanted) });
  return ledger.masks.get(name);
}

/**
 * Mark the rows of a column that say exactly a text.
 * @param {any} column texts one after the other, or a dictionary of them
 * @param {string} wanted
 */
export function saying(column, wanted) {
  const texts = column.words ?? column;
  const offsets = texts.open();
  const same = new Uint8Array(offsets.length - 1);
  for (let row = 0; row < same.length; row++) {
    if (offsets[row + 1] - offsets[row] !== wanted.length) continue;
    if (texts.text.startsWith(wanted, offsets[row])) same[row] = 1;
  }
  if (!column.words) return same;
  const out = new Uint8Array(column.codes.length);
  for (let row = 0; row < out.length; row++) out[row] = same[column.codes[row]];
  return out;
}

/**
 * A contract's land is used as it tells; one that tells nothing, as one of its parcels does.
 * @param {any} ledger
 * @param {string} wanted
 */
function ofLandUse(ledger, wanted) {
  const parcels = saying(ledger.columns.parcel_land_use, wanted);
  const own = ledger.columns.contract_land_use;
  const contracts = own ? saying(own, wanted) : new Uint8Array(ledger.contractCount);
  const silent = own ? saying(own, "") : contracts.map(() => 1);
  const { parcelStart: begins, parcelRows: on } = ledger;
  for (let row = 0; row < contracts.length; row++) {
    if (!silent[row]) continue;
    const bare = begins[row] === begins[row + 1];
    contracts[row] = bare && wanted === "" ? 1 : 0;
    for (let at = begins[row]; at < begins[row + 1]; at++) contracts[row] |= parcels[on[at]];
  }
  return { contracts, parcels };
}

/**
 * @param {any} ledger
 * @param {string} wanted
 */
function ofIndustry(ledger, wanted) {
  return { contracts: saying(ledger.columns.contract_industry, wanted), parcels: null };
}

/**
 * @param {any} ledger
 * @param {string} wanted
 */
function ofHolder(ledger, wanted) {
  return { contracts: saying(ledger.columns.holder, wanted), parcels: null };
}

/**
 * @param {any} ledger
 * @param {Span} span
 */
function ofArea(ledger, span) {
  const inside = (/** @type {any} */ column) => {
    const out = new Uint8Array(column.values.length);
    for (let row = 0; row < out.length; row++) out[row] = within(span, column.values[row]) ? 1 : 0;
    return out;
  };
  const { contract_area_mu: contracts, parcel_area_mu: parcels } = ledger.columns;
  return { contracts: inside(contracts), parcels: inside(parcels) };
}

/**
 * Not seen for more than so many days before the day of the page, or "never".
 * @param {any} ledger
 * @param {number | "never"} wanted
 */
function ofSeen(ledger, wanted) {
  const { seen_on: column } = ledger.evidence();
  const today = Date.parse(ledger.head.as_of) / MS_OF_A_DAY;
  const contracts = new Uint8Array(ledger.contractCount);
  column.get(0); // the days are read when the first is asked for
  for (let row = 0; row < contracts.length; row++) {
    const told = column.read[row]; // 0 is never, else 1 and the day folded: see columns.js
    const seen = told % 2 ? (told - 1) / 2 : -told / 2;
    contracts[row] = told === 0 || (wanted !== "never" && today - seen > wanted) ? 1 : 0;
  }
  return { contracts, parcels: null };
}
