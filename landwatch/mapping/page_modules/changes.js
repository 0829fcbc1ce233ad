// The changes between two scans by columns: what became of each outcome, and why.
import { HIDDEN } from "./ledger.js";

/** In the order in which somebody should read of them; see landwatch/scan/compare.py. */
const FIRST = ["new", "escalated", "vanished", "changed", "eased", "cured", "added", "quiet"];

/** Changes, those of a contract together; after those of the page's contracts, of gone ones and of parks. */
export class Changes {
  /**
   * @param {any} head of the part
   * @param {Columns} columns
   * @param {string[]} kinds the codes of the kinds, the last is `altered`
   */
  constructor(head, columns, kinds) {
    this.head = head;
    this.columns = columns;
    this.kinds = kinds;
    /** The contract of each change of a contract on the page. */
    this.contracts = new Uint32Array(columns.change_gap.length);
    for (let i = 0, at = 0; i < this.contracts.length; i++) {
      at += columns.change_gap[i];
      this.contracts[i] = at;
    }
  }

  /**
   * Return the rows of a contract.
   * @param {number} contract
   */
  of(contract) {
    let [low, high] = [0, this.contracts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.contracts[middle] < contract) low = middle + 1;
      else high = middle;
    }
    const rows = [];
    while (this.contracts[low] === contract) rows.push(low++);
    return rows;
  }

  /**
   * Return the code of what became of an outcome; what another program's hand is in is only that.
   * @param {number} row
   */
  kind(row) {
    const at = this.columns.change_altered[row] ? this.kinds.length - 1 : this.columns.change_kind[row];
    return this.kinds[at];
  }

  /**
   * Return how soon somebody should read of a change: altered first, then by kind and gravity.
   * @param {number} row
   */
  order(row) {
    const kind = FIRST.indexOf(this.kind(row)) + 1;
    const now = this.columns.change_after[row];
    return kind * 256 + (now === HIDDEN ? this.columns.change_before[row] : now);
  }

  /** @param {number} row */
  rule(row) {
    return this.head.rules[this.columns.change_rule[row]];
  }

  /**
   * Return the rows of contracts that pass, those to be read first in front.
   * @param {(contract: number) => boolean} passes
   * @param {Set<string>} kinds none means all
   */
  wanted(passes, kinds) {
    const rows = [];
    for (let row = 0; row < this.contracts.length; row++) {
      if (kinds.size && !kinds.has(this.kind(row))) continue;
      if (passes(this.contracts[row])) rows.push(row);
    }
    const order = new Map(rows.map((row) => [row, this.order(row)]));
    return rows.sort((a, b) => Number(order.get(a)) - Number(order.get(b)) || a - b);
  }

  /** Return the contracts that are gone, each with its rows, the gravest outcome first. */
  gone() {
    return this.named(this.head.here, this.head.here + this.head.gone);
  }

  /** Return the parks, each with its rows. */
  parks() {
    const from = this.head.here + this.head.gone;
    return this.named(from, from + this.head.parks);
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  named(from, to) {
    const found = new Map();
    for (let row = from; row < to; row++) {
      const name = this.columns.change_name.get(row - this.head.here);
      if (!found.has(name)) found.set(name, []);
      found.get(name).push(row);
    }
    const was = (/** @type {number} */ row) => this.columns.change_before[row];
    for (const rows of found.values()) rows.sort((/** @type {number} */ a, /** @type {number} */ b) => was(a) - was(b));
    return found;
  }

  /**
   * Return who held a contract that is gone.
   * @param {number} row
   */
  holder(row) {
    return this.columns.change_holder.get(row - this.head.here);
  }
}

/**
 * Put rows together of which all that is said is the same but the rule; in the order of the first.
 * @param {number[]} rows
 * @param {(row: number) => string} saying all that is said of a row, its rule left out
 * @returns {number[][]}
 */
export function alike(rows, saying) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  for (const row of rows) {
    const key = saying(row);
    const same = found.get(key);
    if (same) same.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()];
}

/**
 * Return a byte for each contract: whether it saw one of the kinds that are wanted.
 * @param {Rows} codes the mixture of kinds of each contract
 * @param {number[]} mixtures their bits
 * @param {string[]} kinds the codes of the bits
 * @param {Set<string>} wanted
 */
export function changeMask(codes, mixtures, kinds, wanted) {
  let bits = 0;
  kinds.forEach((kind, at) => (bits |= wanted.has(kind) ? 1 << at : 0));
  const passes = Uint8Array.from(mixtures, (mixture) => (mixture & bits ? 1 : 0));
  const mask = new Uint8Array(codes.length);
  for (let c = 0; c < codes.length; c++) mask[c] = passes[codes[c]];
  return mask;
}
