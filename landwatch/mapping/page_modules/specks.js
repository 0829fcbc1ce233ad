// Small parcels of a tile as pixels: in each the gravest class that reaches into it.
import { HIDDEN } from "./ledger.js";

/**
 * The part of a tile, in whole pixels of it, that small parcels lie in. The rest of the canvas is
 * not touched, and so takes no memory.
 * @typedef {{x: number, y: number, wide: number, high: number}} Patch
 */

/** The pixels of a tile that is `size` wide and high; graver classes have lower numbers. */
export class Specks {
  /** @param {number} size */
  constructor(size) {
    this.size = size;
    this.kinds = new Uint8Array(size * size).fill(HIDDEN);
    this.west = this.north = size;
    this.east = this.south = -1;
  }

  /**
   * Mark every pixel that a box reaches into.
   * @param {number} kind
   * @param {number} west in pixels, as the others
   * @param {number} north
   * @param {number} east
   * @param {number} south
   */
  box(kind, west, north, east, south) {
    const from = Math.max(0, Math.floor(west));
    const to = Math.min(this.size - 1, Math.floor(east));
    const last = Math.min(this.size - 1, Math.floor(south));
    for (let y = Math.max(0, Math.floor(north)); y <= last; y++) this.row(kind, y, from, to);
  }

  /**
   * Mark the pixels of a row, from one to another; none where the other comes before.
   * @param {number} kind
   * @param {number} y
   * @param {number} from
   * @param {number} to
   */
  row(kind, y, from, to) {
    if (from > to) return;
    const { kinds } = this;
    const end = y * this.size + to;
    for (let at = y * this.size + from; at <= end; at++) if (kind < kinds[at]) kinds[at] = kind;
    if (from < this.west) this.west = from;
    if (to > this.east) this.east = to;
    if (y < this.north) this.north = y;
    if (y > this.south) this.south = y;
  }

  /**
   * Return the part of the tile that is marked; null where none is.
   * @returns {Patch | null}
   */
  patch() {
    if (this.east < 0) return null;
    return { x: this.west, y: this.north, wide: this.east - this.west + 1, high: this.south - this.north + 1 };
  }

  /**
   * Return the pixels of a patch, row by row, in the colours of their classes.
   * @param {Patch} patch
   * @param {Uint32Array} colours
   * @param {Uint32Array} pixels filled; one of no class stays as it is
   */
  colour({ x, y, wide, high }, colours, pixels) {
    for (let line = 0; line < high; line++) {
      const from = (y + line) * this.size + x;
      for (let k = 0; k < wide; k++) {
        const kind = this.kinds[from + k];
        if (kind !== HIDDEN) pixels[line * wide + k] = colours[kind];
      }
    }
  }
}
