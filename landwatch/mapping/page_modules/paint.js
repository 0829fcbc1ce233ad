// Painting a tile: small parcels as pixels, larger ones as filled paths, graver ones on top.
import { HIDDEN } from "./ledger.js";
import { Palette, penOf } from "./palette.js";
import { Shapes, Tree } from "./shapes.js";

const DOT = 2.5; // pixels: below this a parcel is a dot
const SPECK = 10; // below this its inside is filled line by line, without a path
const BATCH = 400; // parcels in one path: longer ones are slower
const OPAQUE = 0.86;

/**
 * What a tile is painted from.
 * @typedef {{shapes: Shapes, tree: Tree, classes: Uint8Array, palette: Palette}} Scene
 */

/**
 * Paint the parcels of the square whose corner is (left, top), `width` units wide.
 * @param {HTMLCanvasElement} canvas
 * @param {Scene} scene
 * @param {number} left
 * @param {number} top
 * @param {number} width
 */
export function paintTile(canvas, { shapes, tree, classes, palette }, left, top, width) {
  const pen = penOf(canvas);
  const size = canvas.width;
  const view = { left, top, scale: size / width, size, ratio: palette.ratio };
  const margin = 2 / view.scale;
  /** @type {Lists} */
  const large = palette.fills.map(() => []);
  /** @type {Lists} */
  const small = palette.fills.map(() => []);
  const { boxes } = shapes;
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  tree.search(left - margin, top - margin, left + width + margin, top + width + margin, (i) => {
    const kind = classes[i];
    if (kind === HIDDEN) return;
    const wide = (boxes[4 * i + 2] - boxes[4 * i]) * view.scale;
    const high = (boxes[4 * i + 3] - boxes[4 * i + 1]) * view.scale;
    if (wide >= SPECK || high >= SPECK) {
      large[kind].push(i);
      return;
    }
    small[kind].push(i);
    if (boxes[4 * i] < west) west = boxes[4 * i];
    if (boxes[4 * i + 1] < north) north = boxes[4 * i + 1];
    if (boxes[4 * i + 2] > east) east = boxes[4 * i + 2];
    if (boxes[4 * i + 3] > south) south = boxes[4 * i + 3];
  });
  const patch = patchOf(view, [west, north, east, south]);
  if (patch) paintSmall(pen, shapes, small, palette, patch);
  for (let kind = large.length - 1; kind >= 0; kind--) {
    paintLarge(pen, shapes, large[kind], palette, kind, view);
  }
}

/**
 * The part of a tile, in whole pixels of it, that small parcels lie in: where it stands in the tile
 * and in the world square. The rest of the canvas is not touched, and so takes no memory.
 * @typedef {{x: number, y: number, wide: number, high: number, left: number, top: number,
 *   scale: number}} Patch
 */

/**
 * Return the part of a tile around a box; null where the box does not reach into the tile.
 * @param {TileView} view
 * @param {number[]} box
 * @returns {Patch | null}
 */
export function patchOf({ left, top, scale, size }, [west, north, east, south]) {
  const [x, y] = [Math.max(0, Math.floor((west - left) * scale)), Math.max(0, Math.floor((north - top) * scale))];
  const wide = Math.min(size, Math.floor((east - left) * scale) + 1) - x;
  const high = Math.min(size, Math.floor((south - top) * scale) + 1) - y;
  if (!(wide > 0 && high > 0)) return null;
  return { x, y, wide, high, left: left + x / scale, top: top + y / scale, scale };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Shapes} shapes
 * @param {Lists} lists
 * @param {Palette} palette
 * @param {Patch} patch
 */
function paintSmall(pen, shapes, lists, palette, patch) {
  const image = pen.createImageData(patch.wide, patch.high);
  const pixels = new Uint32Array(image.data.buffer);
  for (let kind = lists.length - 1; kind >= 0; kind--) {
    for (const i of lists[kind]) paintSpeck(pixels, shapes, i, palette.pixels[kind], patch);
  }
  pen.putImageData(image, patch.x, patch.y);
}

/**
 * @param {Uint32Array} pixels
 * @param {Shapes} shapes
 * @param {number} i
 * @param {number} colour
 * @param {Patch} patch
 */
function paintSpeck(pixels, shapes, i, colour, patch) {
  const { boxes } = shapes;
  const { left, top, scale } = patch;
  const west = (boxes[4 * i] - left) * scale;
  const north = (boxes[4 * i + 1] - top) * scale;
  const east = (boxes[4 * i + 2] - left) * scale;
  const south = (boxes[4 * i + 3] - top) * scale;
  if (east - west < DOT && south - north < DOT) {
    fillBox(pixels, patch, [west, north, east, south], colour);
  } else {
    fillLines(pixels, shapes, i, colour, patch, [Math.floor(north), Math.floor(south)]);
  }
}

/**
 * @param {Uint32Array} pixels
 * @param {Patch} patch
 * @param {number[]} box
 * @param {number} colour
 */
function fillBox(pixels, { wide, high }, [west, north, east, south], colour) {
  const lastX = Math.min(wide - 1, Math.floor(east));
  const lastY = Math.min(high - 1, Math.floor(south));
  for (let y = Math.max(0, Math.floor(north)); y <= lastY; y++) {
    for (let x = Math.max(0, Math.floor(west)); x <= lastX; x++) pixels[y * wide + x] = colour;
  }
}

/**
 * Fill a parcel's inside one row of pixels after the other.
 * @param {Uint32Array} pixels
 * @param {Shapes} shapes
 * @param {number} i
 * @param {number} colour
 * @param {Patch} patch
 * @param {number[]} lines the first and the last
 */
function fillLines(pixels, shapes, i, colour, patch, [first, last]) {
  const { scale, wide, high } = patch;
  const [west, north] = [patch.left - shapes.originX(i), patch.top - shapes.originY(i)];
  for (let line = Math.max(0, first); line <= Math.min(high - 1, last); line++) {
    const crossings = crossed(shapes, i, north + (line + 0.5) / scale).sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.floor((crossings[k] - west) * scale));
      const to = Math.min(wide - 1, Math.floor((crossings[k + 1] - west) * scale));
      for (let x = from; x <= to; x++) pixels[line * wide + x] = colour;
    }
  }
}

/**
 * Return where a parcel's borders cross a line from west to east, counted as its corners are.
 * @param {Shapes} shapes
 * @param {number} i
 * @param {number} height
 */
function crossed(shapes, i, height) {
  const { rings, begins, x, y } = shapes;
  /** @type {number[]} */
  const found = [];
  for (let ring = rings[i]; ring < rings[i + 1]; ring++) {
    const to = begins[ring + 1];
    for (let a = begins[ring], b = to - 1; a < to; b = a++) {
      if (y[a] > height !== y[b] > height) {
        found.push(((x[b] - x[a]) * (height - y[a])) / (y[b] - y[a]) + x[a]);
      }
    }
  }
  return found;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Shapes} shapes
 * @param {number[]} list
 * @param {Palette} palette
 * @param {number} kind
 * @param {TileView} view
 */
function paintLarge(pen, shapes, list, palette, kind, view) {
  pen.fillStyle = palette.fills[kind];
  pen.strokeStyle = palette.border;
  pen.lineWidth = palette.width * view.ratio;
  for (let from = 0; from < list.length; from += BATCH) {
    pen.beginPath();
    for (let k = from; k < Math.min(list.length, from + BATCH); k++) trace(pen, shapes, list[k], view);
    pen.globalAlpha = OPAQUE;
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Shapes} shapes
 * @param {number} i
 * @param {TileView} view
 */
function trace(pen, shapes, i, { left, top, scale }) {
  const { rings, begins, x, y } = shapes;
  const [west, north] = [left - shapes.originX(i), top - shapes.originY(i)];
  for (let ring = rings[i]; ring < rings[i + 1]; ring++) {
    const from = begins[ring];
    pen.moveTo((x[from] - west) * scale, (y[from] - north) * scale);
    for (let k = from + 1; k < begins[ring + 1]; k++) {
      pen.lineTo((x[k] - west) * scale, (y[k] - north) * scale);
    }
    pen.closePath();
  }
}
