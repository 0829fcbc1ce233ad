// The user's own layers over the parcels: painted by tiles, their labels as text.
import { unpack } from "./columns.js";
import { byId, element } from "./elements.js";
import { Shapes, Tree, WORLD, latLngOf, placeOf } from "./shapes.js";

const OVERLAY_TILE = 512;
const OVERLAY_HALO = "rgba(255, 255, 255, 0.75)"; // over tiles of any colour, in every theme
const MOST_LABELS = 120;
const OVERLAY_LABEL_HIGH = 18;
const OVERLAY_LABEL_WIDE = 12; // of a full-width letter

/**
 * A layer as the page is told of it; see landwatch/mapping/backdrops/layers.py.
 * @typedef {{name: string, colour: string, kind: string, count: number, block: string,
 *   notes: Record<string, string>[]}} OverlayHead
 */

/** One layer: unpacked when it is first shown. */
export class Overlay {
  /**
   * @param {any} map
   * @param {OverlayHead} head
   */
  constructor(map, head) {
    this.map = map;
    this.head = head;
    this.shown = false;
    this.labels = L.layerGroup();
    this.label = () => this.putLabels();
    /** @type {Promise<void> | null} */
    this.unpacked = null;
  }

  /**
   * Show the layer or take it away.
   * @param {boolean} shown
   */
  async show(shown) {
    this.shown = shown;
    if (shown) await this.open();
    if (this.shown !== shown) return; // the user was quicker
    for (const layer of [this.tiles, this.labels]) {
      if (shown) layer.addTo(this.map);
      else layer?.remove();
    }
    this.map.off("moveend", this.label);
    if (shown) this.map.on("moveend", this.label);
    if (shown) this.putLabels();
  }

  /** Unpack the shapes, once. */
  async open() {
    this.unpacked ??= this.unpack();
    await this.unpacked;
  }

  async unpack() {
    const block = byId(`landwatch-${this.head.block}`);
    const packed = block.textContent;
    block.remove();
    const { columns } = await unpack(packed);
    this.shapes = new Shapes(columns, "layer");
    this.tree = new Tree(this.shapes.boxes);
    this.names = columns.layer_label;
    this.tiles = overlayTiles(this.shapes, this.tree, this.head);
  }

  /** Put the labels of what is in view, none over another. */
  putLabels() {
    this.labels.clearLayers();
    const { map, shapes, tree, names } = this;
    if (!shapes || !tree || !names) return;
    const view = map.getBounds();
    const [west, south] = placeOf(view.getSouth(), view.getWest());
    const [east, north] = placeOf(view.getNorth(), view.getEast());
    /** @type {{left: number, right: number, top: number, bottom: number}[]} */
    const taken = [];
    let [from, to] = [0, 0];
    tree.search(west, north, east, south, (/** @type {number} */ i) => {
      const text = names.get(i);
      if (!text || taken.length >= MOST_LABELS) return;
      [from, to] = [Math.max(shapes.boxes[4 * i], west), Math.min(shapes.boxes[4 * i + 2], east)];
      const [top, bottom] = [Math.max(shapes.boxes[4 * i + 1], north), Math.min(shapes.boxes[4 * i + 3], south)];
      const place = latLngOf((from + to) / 2, (top + bottom) / 2);
      const { x, y } = map.latLngToContainerPoint(place);
      const half = (Math.min(text.length, 20) * OVERLAY_LABEL_WIDE) / 2;
      const box = { left: x - half, right: x + half, top: y - OVERLAY_LABEL_HIGH, bottom: y + OVERLAY_LABEL_HIGH };
      if (taken.some((other) => labelsTouch(box, other))) return;
      taken.push(box);
      const isPoint = shapes.boxes[4 * i] === shapes.boxes[4 * i + 2];
      this.labels.addLayer(labelAt(place, text, isPoint));
    });
  }
}

/**
 * @param {number[]} place
 * @param {string} text
 * @param {boolean} isPoint
 */
function labelAt(place, text, isPoint) {
  const html = element("span", { text, dir: "auto" });
  const iconAnchor = [80, isPoint ? 26 : 10]; // over a point, else in the middle of what is seen
  const icon = L.divIcon({ html, className: "lw-layer-label", iconSize: [160, 20], iconAnchor });
  return L.marker(place, { icon, pane: "layer-labels", interactive: false, keyboard: false });
}

/**
 * @param {{left: number, right: number, top: number, bottom: number}} a
 * @param {{left: number, right: number, top: number, bottom: number}} b
 */
function labelsTouch(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/**
 * @param {Shapes} shapes
 * @param {Tree} tree
 * @param {OverlayHead} head
 */
function overlayTiles(shapes, tree, head) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const Layer = L.GridLayer.extend({
    /**
     * @param {{x: number, y: number, z: number}} coords
     * @param {(error: null, tile: HTMLCanvasElement) => void} done
     */
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = OVERLAY_TILE * ratio;
      canvas.setAttribute("role", "presentation");
      const width = (WORLD * OVERLAY_TILE) / (256 * 2 ** coords.z);
      paintOverlay(canvas, shapes, tree, head.colour, coords.x * width, coords.y * width, width);
      setTimeout(() => done(null, canvas));
      return canvas;
    },
  });
  return new Layer({ tileSize: OVERLAY_TILE, updateWhenZooming: false, keepBuffer: 1, pane: "layers" });
}

/**
 * Paint what of a layer lies in a square: areas and lines with a halo, points as discs.
 * @param {HTMLCanvasElement} canvas
 * @param {Shapes} shapes
 * @param {Tree} tree
 * @param {string} colour
 * @param {number} left
 * @param {number} top
 * @param {number} width
 */
function paintOverlay(canvas, shapes, tree, colour, left, top, width) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const scale = canvas.width / width;
  const dot = canvas.width / OVERLAY_TILE;
  const margin = (8 * dot) / scale;
  const [areas, lines, points] = [new Path2D(), new Path2D(), new Path2D()];
  tree.search(left - margin, top - margin, left + width + margin, top + width + margin, (/** @type {number} */ i) => {
    const [west, north] = [left - shapes.originX(i), top - shapes.originY(i)];
    for (let ring = shapes.rings[i]; ring < shapes.rings[i + 1]; ring++) {
      const [from, to] = [shapes.begins[ring], shapes.begins[ring + 1]];
      const [x, y] = [(shapes.x[from] - west) * scale, (shapes.y[from] - north) * scale];
      if (to - from === 1) {
        points.moveTo(x + 5 * dot, y);
        points.arc(x, y, 5 * dot, 0, 2 * Math.PI);
        continue;
      }
      const path = shapes.closed[ring] ? areas : lines;
      path.moveTo(x, y);
      for (let k = from + 1; k < to; k++) path.lineTo((shapes.x[k] - west) * scale, (shapes.y[k] - north) * scale);
      if (shapes.closed[ring]) path.closePath();
    }
  });
  pen.lineJoin = "round";
  pen.fillStyle = colour;
  pen.globalAlpha = 0.1;
  pen.fill(areas, "evenodd");
  pen.globalAlpha = 1;
  for (const [style, wide] of /** @type {[string, number][]} */ ([[OVERLAY_HALO, 4.5], [colour, 2]])) {
    pen.strokeStyle = style;
    pen.lineWidth = wide * dot;
    for (const path of [areas, lines, points]) pen.stroke(path);
  }
  pen.fill(points);
}
