// Layers of tiles: as they are where they lie on the page's grid, piece by piece where they do not.
import { unpack } from "./columns.js";
import { byId, element } from "./elements.js";
import { isStraight, pieces } from "./warping.js";

const MOST_HELD = 400; // pictures that are kept for the pieces of neighbouring tiles
const FARTHEST_ZOOM = 21;

/**
 * A backdrop as the page is told of it; see landwatch/mapping/backdrops/part.py.
 * @typedef {{kind: string, name: string, templates: string[], hosts: string[], matrix: string,
 *   lowest: number, highest: number, names: string[], gcj02: boolean, credit: string, block: string,
 *   notes: Record<string, string>[]}} Backdrop
 */
/**
 * Returns the address of a tile's picture; null where there is none.
 * @typedef {(zoom: number, column: number, row: number) => string | null} Finder
 */

/**
 * Return an address with its places filled.
 * @param {string} template
 * @param {number} zoom
 * @param {number} column
 * @param {number} row counted from the north
 */
export function filled(template, zoom, column, row) {
  /** @type {Record<string, number>} */
  const told = { z: zoom, x: column, y: row, "-y": 2 ** zoom - 1 - row };
  return template.replace(/\{(z|x|y|-y)\}/g, (_, place) => String(told[place]));
}

/**
 * Return what finds the tiles of templates, the hosts in turn.
 * @param {string[]} templates
 * @returns {Finder}
 */
export function finderOf(templates) {
  return (zoom, column, row) =>
    filled(templates[(column + row) % templates.length], zoom, column, row);
}

/**
 * Unpack the tiles that the page carries, and return what finds them.
 * @param {string} name of their block
 * @returns {Promise<Finder>}
 */
export async function carriedTiles(name) {
  const block = byId(`landwatch-${name}`);
  const packed = block.textContent;
  block.remove();
  const { columns } = await unpack(packed);
  const { tile_zoom: zooms, tile_x: across, tile_y: down, tile_picture: picture } = columns;
  const begins = pictureBegins(columns.picture_length);
  const rowOf = new Map();
  for (let i = 0; i < zooms.length; i++) rowOf.set(`${zooms[i]}/${across[i]}/${down[i]}`, picture[i]);
  /** @type {Map<number, string>} */
  const addresses = new Map();
  return (zoom, column, row) => {
    const found = rowOf.get(`${zoom}/${column}/${row}`);
    if (found === undefined) return null;
    if (!addresses.has(found)) {
      const bytes = columns.picture_bytes.subarray(begins[found], begins[found + 1]);
      addresses.set(found, URL.createObjectURL(new Blob([bytes])));
    }
    return addresses.get(found) ?? null;
  };
}

/** @param {Uint32Array} lengths */
function pictureBegins(lengths) {
  const out = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) out[i + 1] = out[i] + lengths[i];
  return out;
}

/**
 * Return the layer of a backdrop's tiles.
 * @param {Backdrop} source
 * @param {Finder} find
 * @param {number} [order] higher layers cover lower ones
 */
export function tileLayer(source, find, order = 1) {
  const options = {
    minZoom: source.lowest,
    maxZoom: FARTHEST_ZOOM,
    keepBuffer: 1,
    updateWhenZooming: false,
    zIndex: order,
    className: "lw-backdrop",
  };
  if (isStraight(source)) return straightLayer(source, find, options);
  return warpedLayer(source, find, options);
}

/**
 * @param {Backdrop} source
 * @param {Finder} find
 * @param {any} options
 */
function straightLayer(source, find, options) {
  const Layer = L.GridLayer.extend({
    /**
     * @param {{x: number, y: number, z: number}} coords
     * @param {(error: Error | null, tile: HTMLElement) => void} done
     */
    createTile(coords, done) {
      const picture = element("img", { alt: "", role: "presentation", draggable: "false" });
      const across = 2 ** coords.z;
      const address = find(coords.z, ((coords.x % across) + across) % across, coords.y);
      if (address === null) setTimeout(() => done(null, picture));
      else loadPicture(picture, address, (came) => done(came ? null : new Error(address), picture));
      return picture;
    },
  });
  const layer = new Layer({ ...options, maxNativeZoom: source.highest });
  layer.on("tileunload", (/** @type {{tile: any}} */ { tile }) => {
    tile.onload = tile.onerror = null;
    tile.removeAttribute("src");
  });
  return layer;
}

/**
 * @param {any} picture
 * @param {string} address
 * @param {(came: boolean) => void} told
 */
function loadPicture(picture, address, told) {
  picture.onload = () => told(true);
  picture.onerror = () => told(false);
  picture.src = address;
}

/** Pictures that were asked for, so that neighbouring tiles of the page ask once. */
class HeldPictures {
  constructor() {
    /** @type {Map<string, {picture: any, came: boolean | null, settled: Promise<boolean>}>} */
    this.held = new Map();
  }

  /**
   * Return a picture, whether it came (null: not known yet), and when that will be known.
   * @param {string} address
   */
  get(address) {
    let held = this.held.get(address);
    if (!held) {
      const picture = new Image();
      const settled = new Promise((/** @type {(came: boolean) => void} */ settle) => {
        loadPicture(picture, address, settle);
      });
      const asked = { picture, came: /** @type {boolean | null} */ (null), settled };
      settled.then((came) => (asked.came = came));
      held = asked;
      this.held.set(address, held);
      if (this.held.size > MOST_HELD) {
        this.held.delete(/** @type {string} */ (this.held.keys().next().value));
      }
    }
    return held;
  }
}

/**
 * @param {Backdrop} source
 * @param {Finder} find
 * @param {any} options
 */
function warpedLayer(source, find, options) {
  const held = new HeldPictures();
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const Layer = L.GridLayer.extend({
    /**
     * @param {{x: number, y: number, z: number}} coords
     * @param {(error: Error | null, tile: HTMLElement) => void} done
     */
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 256 * ratio;
      canvas.setAttribute("role", "presentation");
      const drawn = drawPieces(canvas, pieces(coords, source, canvas.width), find, held);
      drawn.then(({ came, failed }) => {
        done(failed && !came ? new Error("no picture came") : null, canvas);
      });
      return canvas;
    },
  });
  return new Layer(options);
}

/**
 * Draw the pieces of a tile as their pictures come, and count these.
 * @param {HTMLCanvasElement} canvas
 * @param {import("./warping.js").Piece[]} all
 * @param {Finder} find
 * @param {HeldPictures} held
 */
async function drawPieces(canvas, all, find, held) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {Map<string, import("./warping.js").Piece[]>} */
  const byPicture = new Map();
  for (const piece of all) {
    const address = find(piece.zoom, piece.column, piece.row);
    if (address === null) continue;
    const same = byPicture.get(address);
    if (same) same.push(piece);
    else byPicture.set(address, [piece]);
  }
  const count = { came: 0, failed: 0 };
  const waiting = [];
  for (const [address, same] of byPicture) {
    const asked = held.get(address);
    const put = (/** @type {boolean} */ came) => {
      if (!came) count.failed++;
      else {
        count.came++;
        for (const piece of same) drawPiece(pen, asked.picture, piece);
      }
    };
    if (asked.came === null) waiting.push(asked.settled.then(put));
    else put(asked.came); // at once: paper does not wait
  }
  await Promise.all(waiting);
  return count;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLImageElement} picture
 * @param {import("./warping.js").Piece} piece
 */
function drawPiece(pen, picture, { sx, sy, sw, sh, dx, dy, dw, dh }) {
  const finer = picture.naturalWidth / 256; // some servers give 512 dots for a tile
  pen.drawImage(picture, sx * finer, sy * finer, sw * finer, sh * finer, dx, dy, dw, dh);
}
