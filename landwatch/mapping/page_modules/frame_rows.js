// Which rows of a frame are shown: by the classes that are switched on and the words searched.
import { HIDDEN } from "./ledger.js";

/**
 * Return the class of each row, HIDDEN where it is switched off or holds not what is searched.
 * @param {Uint8Array} classes
 * @param {Set<number>} off the classes that are switched off
 * @param {Uint8Array | null} found a byte for each row that holds the words, null where none are asked
 */
export function frameShown(classes, off, found) {
  const shown = Uint8Array.from(classes);
  for (let row = 0; row < shown.length; row++) {
    if (off.has(shown[row]) || (found && !found[row])) shown[row] = HIDDEN;
  }
  return shown;
}

/**
 * Return how many rows there are of each class among those that hold the words.
 * @param {Uint8Array} classes
 * @param {Uint8Array | null} found
 * @param {number} kinds
 */
export function frameCounts(classes, found, kinds) {
  const counts = new Uint32Array(kinds);
  for (let row = 0; row < classes.length; row++) if (!found || found[row]) counts[classes[row]]++;
  return counts;
}

/**
 * Return the first rows that are shown, class by class in the order of the legend.
 * @param {Uint8Array} shown
 * @param {number} kinds
 * @param {number} most
 */
export function frameListed(shown, kinds, most) {
  /** @type {number[]} */
  const rows = [];
  for (let kind = 0; kind < kinds && rows.length < most; kind++) {
    for (let row = 0; row < shown.length && rows.length < most; row++) if (shown[row] === kind) rows.push(row);
  }
  return rows;
}
