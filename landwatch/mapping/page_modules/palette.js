// What classes are painted with in the theme that is on: colours, and forms that repeat.
import { inkOfTheme, themed } from "./inks.js";

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
export function penOf(canvas) {
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
