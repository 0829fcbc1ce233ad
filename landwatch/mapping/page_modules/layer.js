// The parcels on the map: a canvas layer, and the selected parcel above it.
import { inkOfTheme } from "./inks.js";
import { HIDDEN } from "./ledger.js";
import { paintTile } from "./paint.js";
import { Palette } from "./palette.js";
import { Shapes, Tree, WORLD, placeOf } from "./shapes.js";

const TILE = 512;

/**
 * A place as Leaflet tells it.
 * @typedef {{lat: number, lng: number}} Place
 */

/**
 * Return the layer that paints parcels; `repaint(classes)` shows them in other classes, `dress()`
 * in the theme that is on now.
 * @param {Shapes} shapes
 * @param {Tree} tree
 * @param {Uint8Array} classes
 * @param {MapClass[]} kinds
 */
export function parcelLayer(shapes, tree, classes, kinds) {
  let ratio = Math.min(window.devicePixelRatio || 1, 2);
  const scene = { shapes, tree, classes, palette: new Palette(kinds, ratio) };
  const Layer = L.GridLayer.extend({
    /**
     * @param {{x: number, y: number, z: number}} coords
     * @param {(error: null, tile: HTMLCanvasElement) => void} done
     */
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = TILE * ratio;
      canvas.setAttribute("role", "presentation");
      this.paint(canvas, coords);
      setTimeout(() => done(null, canvas));
      return canvas;
    },
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {{x: number, y: number, z: number}} coords
     */
    paint(canvas, { x, y, z }) {
      const width = (WORLD * TILE) / (256 * 2 ** z);
      paintTile(canvas, scene, x * width, y * width, width);
    },
    /** Paint every tile anew; giving a canvas its size clears it. */
    paintAll() {
      for (const { el, coords } of /** @type {any[]} */ (Object.values(this._tiles))) {
        el.width = el.height = TILE * ratio;
        this.paint(el, coords);
      }
    },
    /** Paint in the colours of the theme that is on. */
    dress() {
      scene.palette = new Palette(kinds, ratio);
      this.paintAll();
    },
    /**
     * Paint with another number of dots to a pixel: paper shows more than a screen.
     * @param {number} next
     */
    sharpen(next) {
      ratio = next;
      this.dress();
    },
    /** @param {Uint8Array} next the class of each parcel */
    repaint(next) {
      scene.classes = next;
      this.paintAll();
    },
  });
  return new Layer({ tileSize: TILE, updateWhenZooming: false, keepBuffer: 1, pane: "parcels" });
}

/**
 * Return the drawn parcels under a place, the gravest first, then the smallest.
 * @param {Shapes} shapes
 * @param {Tree} tree
 * @param {Uint8Array} classes
 * @param {Place} place
 */
export function parcelsAt(shapes, tree, classes, { lat, lng }) {
  const [x, y] = placeOf(lat, lng);
  /** @type {number[]} */
  const found = [];
  tree.search(x, y, x, y, (i) => {
    if (classes[i] !== HIDDEN && shapes.covers(i, x, y)) found.push(i);
  });
  const size = (/** @type {number} */ i) =>
    (shapes.boxes[4 * i + 2] - shapes.boxes[4 * i]) *
    (shapes.boxes[4 * i + 3] - shapes.boxes[4 * i + 1]);
  return found.sort((a, b) => classes[a] - classes[b] || size(a) - size(b));
}

/**
 * Put still copies in the place of the canvases, and return how to take them away again.
 *
 * A browser prints a canvas by painting it once more, and what was cleared on it comes out white.
 * @param {HTMLElement} box
 */
export function stillPictures(box) {
  const copies = Array.from(box.querySelectorAll("canvas"), (canvas) => {
    const copy = /** @type {HTMLCanvasElement} */ (canvas.cloneNode());
    if (canvas.width && canvas.height) copy.getContext("2d")?.drawImage(canvas, 0, 0);
    canvas.after(copy);
    canvas.hidden = true;
    return { canvas, copy };
  });
  return () => {
    for (const { canvas, copy } of copies) {
      canvas.hidden = false;
      copy.remove();
    }
  };
}

/** Mark the selected parcels with a strong outline. */
export class Mark {
  /** @param {any} map */
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
    /** @type {any[][]} */
    this.rings = [];
  }

  /**
   * @param {Shapes} shapes
   * @param {number[]} parcels
   */
  set(shapes, parcels) {
    this.rings = parcels.map((parcel) => shapes.latLngs(parcel));
    this.dress();
  }

  /** Draw the mark in the theme that is on. */
  dress() {
    this.group.clearLayers();
    const { mark, wide } = inkOfTheme();
    for (const rings of this.rings) {
      for (const [at, weight] of [6, 2.5].entries()) {
        const line = { color: mark[at], weight: weight * wide, fill: false, interactive: false, pane: "mark" };
        this.group.addLayer(L.polyline(rings, line));
      }
    }
  }
}
