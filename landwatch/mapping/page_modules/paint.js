// Painting a tile: small parcels as pixels, larger ones as filled paths, graver ones on top.
import { HIDDEN } from "./ledger.js";
import { Palette, penOf } from "./palette.js";
import { Shapes, Tree } from "./shapes.js";
import { Specks } from "./specks.js";

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
  const scale = size / width;
  const view = { left, top, scale, size, ratio: palette.ratio };
  const margin = 2 / scale;
  /** @type {Lists} */
  const large = palette.fills.map(() => []);
  /** @type {Specks | null} */
  let small = null;
  const { boxes } = shapes;
  tree.runs([left - margin, top - margin, left + width + margin, top + width + margin], (from, to) => {
    for (let i = from; i < to; i++) {
      const kind = classes[i];
      if (kind === HIDDEN) continue;
      const west = (boxes[4 * i] - left) * scale;
      const north = (boxes[4 * i + 1] - top) * scale;
      const east = (boxes[4 * i + 2] - left) * scale;
      const south = (boxes[4 * i + 3] - top) * scale;
      if (east - west >= SPECK || south - north >= SPECK) {
        large[kind].push(i);
        continue;
      }
      small ??= new Specks(size);
      if (east - west < DOT && south - north < DOT) small.box(kind, west, north, east, south);
      else fillLines(small, shapes, i, kind, view, [Math.floor(north), Math.floor(south)]);
    }
  });
  if (small) paintSmall(pen, small, palette);
  for (let kind = large.length - 1; kind >= 0; kind--) {
    paintLarge(pen, shapes, large[kind], palette, kind, view);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Specks} specks
 * @param {Palette} palette
 */
function paintSmall(pen, specks, palette) {
  const patch = specks.patch();
  if (!patch) return;
  const image = pen.createImageData(patch.wide, patch.high);
  specks.colour(patch, palette.pixels, new Uint32Array(image.data.buffer));
  pen.putImageData(image, patch.x, patch.y);
}

/**
 * Fill a parcel's inside one row of pixels after the other.
 * @param {Specks} specks
 * @param {Shapes} shapes
 * @param {number} i
 * @param {number} kind
 * @param {TileView} view
 * @param {number[]} lines the first and the last
 */
function fillLines(specks, shapes, i, kind, { left, top, scale, size }, [first, last]) {
  const [west, north] = [left - shapes.originX(i), top - shapes.originY(i)];
  for (let line = Math.max(0, first); line <= Math.min(size - 1, last); line++) {
    const crossings = crossed(shapes, i, north + (line + 0.5) / scale).sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.floor((crossings[k] - west) * scale));
      const to = Math.min(size - 1, Math.floor((crossings[k + 1] - west) * scale));
      specks.row(kind, line, from, to);
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
