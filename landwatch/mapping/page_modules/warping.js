// Tiles that do not lie on the page's own grid: which piece of which of them goes where.
import { toGcj02 } from "./gcj02.js";

const SOURCE_SIDE = 256;
const WARP_CELLS = 8; // a tile is laid in so many cells each way: within one, straight is near enough

/**
 * How a source cuts its tiles: `matrix` is "w" (Web Mercator) or "c" (Tianditu's degrees), `gcj02`
 * whether it draws in the coordinates of internet maps, `highest` its farthest zoom.
 * @typedef {{matrix: string, gcj02: boolean, highest: number}} Cutting
 */
/**
 * A piece of a source's tile (s…, of 256 pixels a side) and where it goes on a tile of the page (d…).
 * @typedef {{zoom: number, column: number, row: number, sx: number, sy: number, sw: number, sh: number,
 *   dx: number, dy: number, dw: number, dh: number}} Piece
 */

/**
 * Return where in the square of a source's tiles a place of the page's world square lies.
 * @param {number} x from 0 in the west to 1 in the east
 * @param {number} y from 0 in the north to 1 in the south
 * @param {{matrix: string, gcj02: boolean}} cutting
 * @returns {[number, number]}
 */
export function sourcePlace(x, y, { matrix, gcj02 }) {
  if (matrix !== "c" && !gcj02) return [x, y];
  let longitude = (x - 0.5) * 360;
  let latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  if (gcj02) [longitude, latitude] = toGcj02(longitude, latitude);
  if (matrix === "c") return [longitude / 360 + 0.5, (90 - latitude) / 360];
  const sine = Math.sin((latitude * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.atanh(sine) / (2 * Math.PI)];
}

/** Tell whether a source's tiles lie on the page's own grid.
 * @param {Cutting} cutting
 */
export function isStraight({ matrix, gcj02 }) {
  return matrix !== "c" && !gcj02;
}

/**
 * Return the pieces of a source's tiles that make up one tile of the page.
 * @param {{x: number, y: number, z: number}} place the tile of the page
 * @param {Cutting} cutting
 * @param {number} size how many dots wide the tile of the page is
 * @returns {Piece[]}
 */
export function pieces({ x, y, z }, cutting, size) {
  const zoom = Math.min(z, cutting.highest);
  const world = SOURCE_SIDE * 2 ** zoom;
  const out = /** @type {Piece[]} */ ([]);
  for (let line = 0; line < WARP_CELLS; line++) {
    for (let cell = 0; cell < WARP_CELLS; cell++) {
      const at = (/** @type {number} */ right, /** @type {number} */ down) =>
        sourcePlace((x + right / WARP_CELLS) / 2 ** z, (y + down / WARP_CELLS) / 2 ** z, cutting);
      const [west, north] = at(cell, line);
      const [east, south] = at(cell + 1, line + 1);
      const across = cutInTiles(west * world, east * world, (cell * size) / WARP_CELLS, size / WARP_CELLS);
      const down = cutInTiles(north * world, south * world, (line * size) / WARP_CELLS, size / WARP_CELLS);
      for (const one of across) {
        for (const other of down) out.push(pieceOf(zoom, one, other, cutting.matrix));
      }
    }
  }
  return out.filter(({ zoom: level, row, column }) => row >= 0 && row < 2 ** level && column >= 0);
}

/**
 * Cut a stretch of the source at the joints of its tiles; on the page each part begins at a whole dot.
 * @param {number} from where the stretch begins, in pixels of the source's world
 * @param {number} to where it ends
 * @param {number} begin where it begins on the page's tile, in dots
 * @param {number} length how long it is there
 */
function cutInTiles(from, to, begin, length) {
  const out = [];
  const scale = length / (to - from);
  for (let tile = Math.floor(from / SOURCE_SIDE); tile * SOURCE_SIDE < to; tile++) {
    const start = Math.round(begin + (Math.max(from, tile * SOURCE_SIDE) - from) * scale);
    const end = Math.round(begin + (Math.min(to, (tile + 1) * SOURCE_SIDE) - from) * scale);
    if (end <= start) continue;
    const inTile = (/** @type {number} */ dot) =>
      Math.min(SOURCE_SIDE, Math.max(0, from + (dot - begin) / scale - tile * SOURCE_SIDE));
    const [first, last] = [inTile(start), inTile(end)];
    out.push({ tile, start, length: end - start, first, taken: Math.max(last - first, 1e-3) });
  }
  return out;
}

/**
 * @param {number} zoom
 * @param {{tile: number, start: number, length: number, first: number, taken: number}} across
 * @param {{tile: number, start: number, length: number, first: number, taken: number}} down
 * @param {string} matrix
 * @returns {Piece}
 */
function pieceOf(zoom, across, down, matrix) {
  const rows = matrix === "c" ? 2 ** (zoom - 1) : 2 ** zoom;
  return {
    zoom,
    column: across.tile < 2 ** zoom ? across.tile : -1,
    row: down.tile < rows ? down.tile : -1,
    sx: across.first,
    sy: down.first,
    sw: across.taken,
    sh: down.taken,
    dx: across.start,
    dy: down.start,
    dw: across.length,
    dh: down.length,
  };
}
