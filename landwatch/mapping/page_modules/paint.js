// Painting a tile: small parcels as pixels, larger ones as filled paths, graver ones on top.
import { inkOfTheme, themed } from "./inks.js";
import { HIDDEN } from "./ledger.js";
import { Shapes, Tree } from "./shapes.js";

const DOT = 2.5; // pixels: below this a parcel is a dot
const SPECK = 10; // below this its inside is filled line by line, without a path
const BATCH = 400; // parcels in one path: longer ones are slower
const OPAQUE = 0.86;
const MOTIF = 12; // pixels: the side of the tile of a form
const STRIPES = 8;

/** What the classes are painted with in the theme that is on: fills, and one pixel's colour. */
export class Palette {
  /**
   * @param {MapClass[]} classes
   * @param {number} ratio
   */
  constructor(classes, ratio) {
    const { border, width, ground } = inkOfTheme();
    const kinds = themed(classes);
    this.ratio = ratio;
    this.border = border;
    this.width = width;
    this.fills = kinds.map((kind) => (kind.motif ? motifFill(kind, ratio) : kind.colour));
    this.pixels = Uint32Array.from(kinds, (kind) => pixel(kind.colour, kind.hatched ? 0.45 : 1, ground));
  }
}

/**
 * Return the form of a class as a fill that repeats.
 * @param {MapClass & {motif: string}} kind
 * @param {number} ratio
 */
function motifFill(kind, ratio) {
  const tile = motifTile(kind, ratio);
  return /** @type {CanvasPattern} */ (penOf(tile).createPattern(tile, "repeat"));
}

/**
 * Return the form of a class as a background of the style sheet, for the legend.
 * @param {MapClass & {motif: string}} kind
 */
export function motifBackground(kind) {
  const tile = motifTile(kind, 2);
  return `url("${tile.toDataURL()}") 0 0 / ${tile.width / 2}px`;
}

/**
 * Draw the form of a class: of a draft in its colour on the ground, of law in ink on its colour.
 * @param {MapClass & {motif: string}} kind
 * @param {number} ratio
 */
function motifTile(kind, ratio) {
  const tile = document.createElement("canvas");
  const side = Math.round((kind.motif === "stripes" ? STRIPES : MOTIF) * ratio);
  tile.width = tile.height = side;
  const pen = penOf(tile);
  const { ground, border } = inkOfTheme();
  pen.fillStyle = kind.hatched ? ground : kind.colour;
  pen.fillRect(0, 0, side, side);
  pen.fillStyle = pen.strokeStyle = kind.hatched ? kind.colour : border;
  pen.lineWidth = side * (kind.motif === "stripes" ? 0.22 : kind.hatched ? 0.24 : 0.15);
  MOTIF_LINES[kind.motif](pen, side);
  return tile;
}

/** @type {Record<string, (pen: CanvasRenderingContext2D, side: number) => void>} */
const MOTIF_LINES = {
  stripes: (pen, side) => slanted(pen, side, [1]),
  cross: (pen, side) => slanted(pen, side, [1, -1]),
  rows: (pen, side) => pen.fillRect(0, side * 0.4, side, pen.lineWidth * 1.2),
  columns: (pen, side) => pen.fillRect(side * 0.4, 0, pen.lineWidth * 1.2, side),
  dots: (pen, side) => rounds(pen, side, 0.17, [0.25, 0.75]),
  specks: (pen, side) => rounds(pen, side, 0.1, [0.5]),
};

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} side
 * @param {number[]} slopes
 */
function slanted(pen, side, slopes) {
  pen.beginPath();
  for (const slope of slopes) {
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift - 1, slope > 0 ? side + 1 : -1);
      pen.lineTo(shift + side + 1, slope > 0 ? -1 : side + 1);
    }
  }
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} side
 * @param {number} radius
 * @param {number[]} places along the diagonal
 */
function rounds(pen, side, radius, places) {
  for (const place of places) {
    pen.beginPath();
    pen.arc(side * place, side * place, side * radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D}
 */
function penOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * Return a colour as one pixel, thinned towards the ground where it is weak.
 * @param {string} colour
 * @param {number} strength
 * @param {string} ground
 */
export function pixel(colour, strength, ground) {
  /** @param {number} from */
  const part = (from) => {
    const [value, under] = [colour, ground].map((hex) => parseInt(hex.slice(from, from + 2), 16));
    return Math.round(under + (value - under) * strength);
  };
  return ((255 << 24) | (part(5) << 16) | (part(3) << 8) | part(1)) >>> 0;
}

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
  tree.search(left - margin, top - margin, left + width + margin, top + width + margin, (i) => {
    const kind = classes[i];
    if (kind === HIDDEN) return;
    const wide = (boxes[4 * i + 2] - boxes[4 * i]) * view.scale;
    const high = (boxes[4 * i + 3] - boxes[4 * i + 1]) * view.scale;
    (wide < SPECK && high < SPECK ? small : large)[kind].push(i);
  });
  if (small.some((list) => list.length)) paintSmall(pen, shapes, small, palette, view);
  for (let kind = large.length - 1; kind >= 0; kind--) {
    paintLarge(pen, shapes, large[kind], palette, kind, view);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Shapes} shapes
 * @param {Lists} lists
 * @param {Palette} palette
 * @param {TileView} view
 */
function paintSmall(pen, shapes, lists, palette, view) {
  const image = pen.createImageData(view.size, view.size);
  const pixels = new Uint32Array(image.data.buffer);
  for (let kind = lists.length - 1; kind >= 0; kind--) {
    for (const i of lists[kind]) paintSpeck(pixels, shapes, i, palette.pixels[kind], view);
  }
  pen.putImageData(image, 0, 0);
}

/**
 * @param {Uint32Array} pixels
 * @param {Shapes} shapes
 * @param {number} i
 * @param {number} colour
 * @param {TileView} view
 */
function paintSpeck(pixels, shapes, i, colour, view) {
  const { boxes } = shapes;
  const { left, top, scale, size } = view;
  const west = (boxes[4 * i] - left) * scale;
  const north = (boxes[4 * i + 1] - top) * scale;
  const east = (boxes[4 * i + 2] - left) * scale;
  const south = (boxes[4 * i + 3] - top) * scale;
  if (east - west < DOT && south - north < DOT) {
    fillBox(pixels, size, [west, north, east, south], colour);
  } else {
    fillLines(pixels, shapes, i, colour, view, [Math.floor(north), Math.floor(south)]);
  }
}

/**
 * @param {Uint32Array} pixels
 * @param {number} size
 * @param {number[]} box
 * @param {number} colour
 */
function fillBox(pixels, size, [west, north, east, south], colour) {
  const lastX = Math.min(size - 1, Math.floor(east));
  const lastY = Math.min(size - 1, Math.floor(south));
  for (let y = Math.max(0, Math.floor(north)); y <= lastY; y++) {
    for (let x = Math.max(0, Math.floor(west)); x <= lastX; x++) pixels[y * size + x] = colour;
  }
}

/**
 * Fill a parcel's inside one row of pixels after the other.
 * @param {Uint32Array} pixels
 * @param {Shapes} shapes
 * @param {number} i
 * @param {number} colour
 * @param {TileView} view
 * @param {number[]} lines the first and the last
 */
function fillLines(pixels, shapes, i, colour, view, [first, last]) {
  const { left, top, scale, size } = view;
  for (let line = Math.max(0, first); line <= Math.min(size - 1, last); line++) {
    const crossings = crossed(shapes, i, top + (line + 0.5) / scale).sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.floor((crossings[k] - left) * scale));
      const to = Math.min(size - 1, Math.floor((crossings[k + 1] - left) * scale));
      for (let x = from; x <= to; x++) pixels[line * size + x] = colour;
    }
  }
}

/**
 * Return where a parcel's borders cross a line from west to east.
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
  for (let ring = rings[i]; ring < rings[i + 1]; ring++) {
    const from = begins[ring];
    pen.moveTo((x[from] - left) * scale, (y[from] - top) * scale);
    for (let k = from + 1; k < begins[ring + 1]; k++) {
      pen.lineTo((x[k] - left) * scale, (y[k] - top) * scale);
    }
    pen.closePath();
  }
}
