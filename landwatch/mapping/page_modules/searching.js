// Search by contract, parcel, project and holder: by their letters, and by the sounds of these.
import { folded } from "./columns.js";
import { Sounds } from "./sounds.js";

const MOST_PARTS = 8;
const LOOKED_AT = 4000; // rows, for the names that are suggested
const TEXTS = ["contract_id", "holder", "project"];
const BETWEEN = "[-_ ./\\\\·•–—−]";
const SEPARATORS = new RegExp(BETWEEN, "g");
const IN_NAMES = /[\u3400-\u9fff]/;
const LONG_NUMBER = 7; // figures in a row that are one number, however it is parted

/**
 * What a search found: a byte for each contract, for each parcel, and for each contract whose holder
 * has all the words in its name.
 * @typedef {{contracts: Uint8Array, parcels: Uint8Array, holders: Uint8Array}} Found
 */

/** Searches the ledger of the page; the last answer is kept, for other filters change beside it. */
export class Searcher {
  /** @param {any} ledger */
  constructor(ledger) {
    this.ledger = ledger;
    this.said = "";
    /** @type {Found | null} */
    this.answer = null;
    /** @type {{of: Sounds, among: Set<string>} | null} */
    this.opened = null;
  }

  /**
   * Return what holds all the words, null where nothing is asked.
   * @param {string} words
   * @returns {Found | null}
   */
  found(words) {
    const parts = folded(words).trim().split(/\s+/).filter(Boolean).slice(0, MOST_PARTS);
    const said = parts.join(" ");
    if (said !== this.said) {
      this.said = said;
      this.answer = parts.map((part) => this.part(part)).reduce(both, null);
    }
    return this.answer;
  }

  /** Unpack what will be searched, before the first letter is typed. */
  warm() {
    this.sounds();
    for (const name of [...TEXTS, "parcel_id"]) this.ledger.columns[name].search("\u0000", () => {});
  }

  /** Return the sounds of the page, opened when they are first wanted. */
  sounds() {
    const { sounds } = this.ledger.head.parts ?? {};
    this.opened ??= { of: new Sounds(sounds?.of ?? {}), among: new Set(sounds?.among ?? []) };
    return this.opened;
  }

  /**
   * @param {string} part
   * @returns {Found}
   */
  part(part) {
    const { ledger } = this;
    const { of, among } = this.sounds();
    const heard = of.matcher(part);
    const loose = apart(part);
    let asWritten = false;
    const contracts = new Uint8Array(ledger.contractCount);
    const parcels = new Uint8Array(ledger.parcelCount);
    const holders = new Uint8Array(ledger.contractCount);
    for (const name of [...TEXTS, "parcel_id"]) {
      const rows = { holder: holders, parcel_id: parcels }[name] ?? contracts;
      const column = ledger.columns[name];
      column.search(part, (/** @type {number} */ row) => {
        rows[row] = 1;
        asWritten = true;
      });
      if (heard && among.has(name)) heardIn(column, heard, rows);
    }
    // A name with figures is written in one way nearly always: looked for otherwise where it is not there.
    if (loose && !(asWritten && IN_NAMES.test(part))) {
      for (const name of [...TEXTS, "parcel_id"]) {
        heardIn(ledger.columns[name], loose, { holder: holders, parcel_id: parcels }[name] ?? contracts);
      }
    }
    for (let row = 0; row < holders.length; row++) contracts[row] |= holders[row];
    const { contractStart: begins, contractRows: on } = ledger;
    for (let parcel = 0; parcel < parcels.length; parcel++) {
      if (!parcels[parcel]) continue;
      for (let at = begins[parcel]; at < begins[parcel + 1]; at++) contracts[on[at]] = 1;
    }
    return { contracts, parcels, holders };
  }
}

/**
 * Return what finds a query however it is parted, by "-", "_", "/" or blanks, on either side: lz06
 * finds LZ-06, LZ_06 finds lz 06. Null where there is nothing to part: a word without figures, few
 * figures alone.
 * @param {string} part folded
 */
export function apart(part) {
  const bare = part.replace(SEPARATORS, "");
  if (bare.length < 2 || (bare === part && !/\d/.test(bare))) return null;
  const signs = [...bare];
  const numbers = /\d/.test(part) ? part.split(/\D+/).map((one) => one.length) : [];
  const long = bare !== part || Math.max(...numbers, 0) >= LONG_NUMBER;
  let apart = false;
  const pattern = signs.map((sign, at) => {
    const own = sign.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    const parted = at && (long || !/\d/.test(sign) || !/\d/.test(signs[at - 1]));
    if (parted) apart = true;
    return parted ? `${BETWEEN}{0,2}${own}` : own;
  });
  if (!apart) return null;
  return new Apart(new RegExp(pattern.join(""), "gu"));
}

/** Finds a query of which the signs may stand apart. */
class Apart {
  /** @param {RegExp} pattern */
  constructor(pattern) {
    this.pattern = pattern;
  }

  /**
   * Call `found` with each row of texts that stand one after the other and hold the query.
   * @param {string} text
   * @param {Uint32Array} offsets where each row begins, and the end
   * @param {(row: number) => void} found
   */
  search(text, offsets, found) {
    const { pattern } = this;
    pattern.lastIndex = 0;
    for (let hit = pattern.exec(text), row = 0; hit; hit = pattern.exec(text)) {
      while (offsets[row + 1] <= hit.index) row++;
      if (pattern.lastIndex > offsets[row + 1]) {
        pattern.lastIndex = hit.index + 1; // it ends in the next row
      } else {
        found(row);
        pattern.lastIndex = offsets[row + 1];
      }
    }
  }
}

/**
 * Mark the rows of a column that hold a query by sound, or with its signs apart.
 * @param {any} column texts one after the other, or a dictionary of them
 * @param {{search: Function}} heard
 * @param {Uint8Array} rows
 */
function heardIn(column, heard, rows) {
  const texts = column.words ?? column;
  const offsets = texts.open();
  texts.folded ||= folded(texts.text);
  if (!column.words) {
    heard.search(texts.folded, offsets, (/** @type {number} */ row) => (rows[row] = 1));
    return;
  }
  const wanted = new Uint8Array(offsets.length);
  heard.search(texts.folded, offsets, (/** @type {number} */ word) => (wanted[word] = 1));
  const { codes } = column;
  for (let row = 0; row < codes.length; row++) rows[row] |= wanted[codes[row]];
}

/**
 * @param {Found | null} before
 * @param {Found} now
 */
function both(before, now) {
  if (!before) return now;
  for (const name of /** @type {const} */ (["contracts", "parcels", "holders"])) {
    const [one, other] = [now[name], before[name]];
    for (let row = 0; row < one.length; row++) one[row] &= other[row];
  }
  return now;
}

/**
 * Return the names of some holders that a search found, each once.
 * @param {any} ledger
 * @param {Found} found
 * @param {number} most
 */
export function holdersFound(ledger, found, most) {
  /** @type {Set<string>} */
  const names = new Set();
  const { holders } = found;
  for (let row = 0, left = LOOKED_AT; row < holders.length && left && names.size < most; row++) {
    if (!holders[row]) continue;
    names.add(ledger.columns.holder.get(row));
    left--;
  }
  return [...names];
}
