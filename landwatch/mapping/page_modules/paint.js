// Painting a tile: small parcels as pixels, larger ones as filled paths, graver ones on top.
import { HIDDEN } from "./ledger.js";

const DOT = 2.5; // pixels: below this a parcel is a dot
const SPECK = 10; // below this its inside is filled line by line, without a path
const BATCH = 400; // parcels in one path: longer ones are slower
const BORDER = "rgba(40, 40, 40, 0.75)";
const OPAQUE = 0.86;

/** The colours of the classes: solid, hatched, and as one pixel. */
export class Palette {
  constructor(classes, ratio) {
    this.ratio = ratio;
    this.fills = classes.map((kind) => (kind.hatched ? hatch(kind.colour, ratio) : kind.colour));
    this.pixels = classes.map((kind) => pixel(kind.colour, kind.hatched ? 0.45 : 1));
  }
}

/** Return a pattern of stripes of a colour on a pale ground. */
export function hatch(colour, ratio = 1) {
  const side = Math.round(8 * ratio);
  const tile = document.createElement("canvas");
  tile.width = tile.height = side;
  const pen = tile.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = colour;
  pen.lineWidth = side * 0.22;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

function pixel(colour, strength) {
  const part = (from) => {
    const value = parseInt(colour.slice(from, from + 2), 16);
    return Math.round(255 - (255 - value) * strength);
  };
  return ((255 << 24) | (part(5) << 16) | (part(3) << 8) | part(1)) >>> 0;
}

/** Paint the parcels of the square whose corner is (left, top), `width` units wide. */
export function paintTile(canvas, { shapes, tree, classes, palette }, left, top, width) {
  const pen = canvas.getContext("2d");
  const size = canvas.width;
  const view = { left, top, scale: size / width, size, ratio: palette.ratio };
  const margin = 2 / view.scale;
  const large = palette.fills.map(() => []);
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
    paintLarge(pen, shapes, large[kind], palette.fills[kind], view);
  }
}

function paintSmall(pen, shapes, lists, palette, view) {
  const image = pen.createImageData(view.size, view.size);
  const pixels = new Uint32Array(image.data.buffer);
  for (let kind = lists.length - 1; kind >= 0; kind--) {
    for (const i of lists[kind]) paintSpeck(pixels, shapes, i, palette.pixels[kind], view);
  }
  pen.putImageData(image, 0, 0);
}

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

function fillBox(pixels, size, [west, north, east, south], colour) {
  const lastX = Math.min(size - 1, Math.floor(east));
  const lastY = Math.min(size - 1, Math.floor(south));
  for (let y = Math.max(0, Math.floor(north)); y <= lastY; y++) {
    for (let x = Math.max(0, Math.floor(west)); x <= lastX; x++) pixels[y * size + x] = colour;
  }
}

/** Fill a parcel's inside one row of pixels after the other. */
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

/** Return where a parcel's borders cross a line from west to east. */
function crossed(shapes, i, height) {
  const { rings, begins, x, y } = shapes;
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

function paintLarge(pen, shapes, list, fill, view) {
  pen.fillStyle = fill;
  pen.strokeStyle = BORDER;
  pen.lineWidth = 0.8 * view.ratio;
  for (let from = 0; from < list.length; from += BATCH) {
    pen.beginPath();
    for (let k = from; k < Math.min(list.length, from + BATCH); k++) trace(pen, shapes, list[k], view);
    pen.globalAlpha = OPAQUE;
    pen.fill("evenodd");
    pen.globalAlpha = 1;
    pen.stroke();
  }
}

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
