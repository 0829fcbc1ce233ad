// What the ledger tells of one contract: its terms, what was done, its events, and how findings came.
// The writer is landwatch/mapping/terms.py. A cell is read where it lies, never a whole column of a
// million: a card asks for one row of each.
import { unfolded } from "./columns.js";

const BLOCK = 256;
const DAY_LENGTH_MS = 86400000;

/**
 * What a column is called, what it holds, in which unit, and what its codes mean.
 * @typedef {{zh: string, en: string, holds: string, unit?: string,
 *   codes?: {[code: string]: [string, string]}}} Described
 */

/**
 * A value that was told of a contract: when it was seen and by whom, where a report tells it.
 * @typedef {{value: string | number | boolean, on: string, source: string}} ToldValue
 */

/**
 * What the ledger tells of a contract.
 * @typedef {{agreed: Map<string, ToldValue>, done: Map<string, ToldValue>,
 *   known: Map<string, ToldValue>, unreadable: Set<string>,
 *   events: Map<string, ToldValue>[]}} ContractTerms
 */

/**
 * A fact behind a finding, as one row of the ledger told it.
 * @typedef {{name: string, value: string, on: string, source: string, file: string, sheet: string,
 *   row: number}} FactTold
 */

/**
 * Return one varint of many: every 256th is looked up, the others are counted from there.
 * @param {any} column a column of numbers or days
 * @param {number} row
 */
export function peeked(column, row) {
  const { bytes } = column;
  column.blocks ??= blocksOf(bytes, column.head.rows);
  let p = column.blocks[Math.floor(row / BLOCK)];
  for (let left = row % BLOCK; left > 0; left--) {
    while (bytes[p++] > 127);
  }
  let value = 0;
  for (let weight = 1, byte = 128; byte > 127; weight *= 128) {
    byte = bytes[p++];
    value += (byte & 127) * weight;
  }
  return value;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} rows
 */
function blocksOf(bytes, rows) {
  const blocks = new Uint32Array(Math.ceil(rows / BLOCK) + 1);
  for (let row = 0, p = 0; row < rows; row++) {
    if (row % BLOCK === 0) blocks[row / BLOCK] = p;
    while (bytes[p++] > 127);
  }
  return blocks;
}

/**
 * Return what a cell tells; null where it tells nothing, never zero.
 * @param {any} column
 * @param {string} holds
 * @param {number} row
 * @returns {string | number | boolean | null}
 */
export function cellAt(column, holds, row) {
  if (!column) return null;
  if (holds === "date") {
    const day = peeked(column, row);
    return day ? new Date(unfolded(day - 1) * DAY_LENGTH_MS).toISOString().slice(0, 10) : null;
  }
  if (holds === "decimal" || holds === "integer") {
    const told = peeked(column, row);
    return told ? unfolded(told - 1) / 10 ** (column.head.places ?? 0) : null;
  }
  if (holds === "yes_no") return column[row] ? column[row] === 2 : null;
  return column.get(row) || null;
}

/** What is told of each contract and finding; made from the pack of details. */
export class Terms {
  /**
   * @param {{head: any, columns: any}} details
   * @param {any} ledger
   */
  constructor({ head, columns }, ledger) {
    const { card } = head.parts;
    /** Up to how many contracts a page tells their terms, where it has more and tells none. */
    this.most = card?.left_out ?? 0;
    this.head = card && !this.most ? card : null;
    this.columns = columns;
    this.ledger = ledger;
    /** @type {{[name: string]: Uint32Array}} */
    this.starts = {};
  }

  /** Tell whether the page was told the terms of contracts. */
  get told() {
    return this.head !== null;
  }

  /**
   * Return the rows that are a contract's (or a finding's), among those counted in a column.
   * @param {string} counts
   * @param {number} row
   */
  rowsOf(counts, row) {
    this.starts[counts] ??= summedUp(this.columns[counts] ?? []);
    const from = this.starts[counts][row] ?? 0;
    const to = this.starts[counts][row + 1] ?? from;
    return Array.from({ length: to - from }, (_, i) => from + i);
  }

  /**
   * @param {number} contract
   * @returns {ContractTerms}
   */
  contract(contract) {
    const { head, columns } = this;
    const reports = this.rowsOf("contract_reports", contract);
    const seenBy = (/** @type {string} */ name) => {
      const report = reports[(columns[`by_${name}`]?.[contract] ?? 0) - 1];
      if (report === undefined) return { on: "", source: "" };
      const on = String(cellAt(columns.report_on, "date", report) ?? "");
      return { on, source: columns.report_source.get(report) };
    };
    const nobody = () => ({ on: "", source: "" });
    const derived = Object.fromEntries(head.known.map((/** @type {string} */ name) => [name, heldBy(name)]));
    const unreadable = columns.terms_unreadable?.get(contract) ?? "";
    return {
      agreed: this.cells("agreed", head.contract, contract, nobody),
      done: this.cells("done", head.progress, contract, seenBy),
      known: this.cells("known", derived, contract, nobody),
      unreadable: new Set(unreadable.split(";").filter(Boolean)),
      events: this.rowsOf("contract_events", contract).map((row) =>
        this.cells("event", head.events, row, nobody),
      ),
    };
  }

  /**
   * Return what a row tells, by the names of its columns.
   * @param {string} prefix
   * @param {{[name: string]: {holds: string}}} described
   * @param {number} row
   * @param {(name: string) => {on: string, source: string}} seenBy
   * @returns {Map<string, ToldValue>}
   */
  cells(prefix, described, row, seenBy) {
    const told = new Map();
    for (const [name, { holds }] of Object.entries(described)) {
      const value = cellAt(this.columns[`${prefix}_${name}`], holds, row);
      if (value !== null) told.set(name, { value, ...seenBy(name) });
    }
    return told;
  }

  /**
   * Return the sums of a finding, line by line.
   * @param {number} contract
   * @param {number} finding
   * @param {string} lang
   * @returns {string[]}
   */
  lines(contract, finding, lang) {
    return this.once("line", contract, finding).map((row) => this.columns[`line_${lang}`].get(row));
  }

  /**
   * Return the facts behind a finding, with the file, sheet and row of each.
   * @param {number} contract
   * @param {number} finding
   * @returns {FactTold[]}
   */
  facts(contract, finding) {
    const { columns } = this;
    return this.once("fact", contract, finding).map((row) => ({
      name: columns.fact_name.get(row),
      value: columns.fact_value.get(row),
      on: String(cellAt(columns.fact_on, "date", row) ?? ""),
      source: columns.fact_source.get(row),
      file: columns.fact_file.get(row),
      sheet: columns.fact_sheet.get(row),
      row: Number(cellAt(columns.fact_row, "decimal", row) ?? NaN),
    }));
  }

  /**
   * Return the rows that a finding tells, among those that are told once for its contract.
   * @param {string} name
   * @param {number} contract
   * @param {number} finding
   */
  once(name, contract, finding) {
    if (!this.columns[`finding_${name}`]) return [];
    const [first] = this.rowsOf(`contract_${name}s`, contract);
    return this.rowsOf(`finding_${name}s`, finding).map((at) => first + this.columns[`finding_${name}`][at]);
  }
}

/**
 * @param {string} name
 * @returns {{holds: string}}
 */
function heldBy(name) {
  if (name.endsWith("_on")) return { holds: "date" };
  if (name.endsWith("_wan")) return { holds: "decimal" };
  return { holds: name === "start_shown" ? "yes_no" : "text" };
}

/** @param {ArrayLike<number>} counts */
function summedUp(counts) {
  const out = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) out[i + 1] = out[i] + counts[i];
  return out;
}

/**
 * Return a value as people read it: a code by its name, a number with its unit, a day as it is.
 * @param {any} words
 * @param {Described} described
 * @param {string | number | boolean} value
 * @param {number} [limit] a figure that this one must not read as
 * @returns {string}
 */
export function valueInWords(words, described, value, limit = NaN) {
  if (typeof value === "boolean") return words.say(value ? "card_yes" : "card_no");
  if (typeof value === "number") {
    if (described.unit === "亩") return words.mu(value);
    if (described.holds === "integer") return String(value);
    return withUnit(words, words.figure(value, limit), described.unit);
  }
  const both = described.codes?.[value];
  return both ? both[words.lang === "zh" ? 0 : 1] : value;
}

/**
 * @param {any} words
 * @param {string} figure
 * @param {string} [unit]
 */
export function withUnit(words, figure, unit = "") {
  if (unit === "万元") return words.say("wan", { amount: figure });
  const told = unit === "产能" ? "" : unit.replace("m2", words.say("card_m2"));
  return told ? `${figure} ${told}` : figure;
}
