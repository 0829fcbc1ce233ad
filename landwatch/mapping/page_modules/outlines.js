// Outlines on the map with their names: of divisions by tiles, of parks and other areas as lines.
import { element } from "./elements.js";
import { inkOfTheme } from "./inks.js";
import { Shapes, WORLD } from "./shapes.js";

const LAND_TILE = 256; // what is painted to the edge is worth no larger tiles: more of them would stand out of sight
const OVERLAP = 1; // pixel that a tile of land reaches over the next: on paper tiles stand between its dots
const LEAST_STEP = 0.7; // pixels: a corner nearer to the one before is not drawn
const FARTHEST = 4096; // pixels: what reaches further out of a tile is cut before it is drawn

/**
 * How outlines are drawn: `pane`, and `inked(ink)`, Leaflet's style in a theme.
 * @typedef {{pane: string, inked: (ink: import("./inks.js").Ink) => any, dashArray?: string}} OutlineStyle
 */

/**
 * Draw the outlines of a few areas as lines, each with its name (`labelClass`) on its northern edge.
 * @param {any} map
 * @param {Shapes} shapes
 * @param {{get: (i: number) => string}} names
 * @param {OutlineStyle & {labelClass: string}} style
 */
export function drawOutlines(map, shapes, names, style) {
  const { inked, labelClass, ...drawn } = style;
  const group = L.layerGroup();
  const renderer = L.canvas({ pane: style.pane, padding: 0.1 });
  for (let i = 0; i < shapes.count; i++) {
    group.addLayer(L.polyline(shapes.latLngs(i), { ...drawn, ...inked(inkOfTheme()), renderer, interactive: false }));
  }
  for (let i = 0; i < shapes.count; i++) {
    const text = names.get(i);
    if (!text) continue;
    const bounds = L.latLngBounds(shapes.bounds([i]));
    const icon = L.divIcon({ html: element("span", { text }), className: labelClass, iconSize: [140, 20] });
    const options = { icon, pane: style.pane, interactive: false, keyboard: false };
    group.addLayer(L.marker([bounds.getNorth(), bounds.getCenter().lng], options));
  }
  const dress = () => group.eachLayer((/** @type {any} */ line) => line.setStyle?.(inked(inkOfTheme())));
  (map.outlines ??= []).push({ dress });
  group.addTo(map);
}

/**
 * Draw the land of divisions with their borders, in the order of the shapes.
 *
 * By tiles, as parcels are: a canvas as large as the map, which is moved with it, takes twice its
 * size, and a line of Leaflet's own an object for each corner.
 * @param {any} map
 * @param {Shapes} shapes
 * @param {OutlineStyle & {bordered: (i: number, zoom: number) => boolean}} style `bordered` tells
 *   whether a border is drawn, or the land alone
 */
export function drawDivisions(map, shapes, style) {
  if (!shapes.count) return;
  const layer = divisionLayer(shapes, style);
  (map.outlines ??= []).push(layer);
  layer.addTo(map);
}

/**
 * @param {Shapes} shapes
 * @param {OutlineStyle & {bordered: (i: number, zoom: number) => boolean}} style
 */
function divisionLayer(shapes, style) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const Layer = L.GridLayer.extend({
    /**
     * @param {{x: number, y: number, z: number}} coords
     * @param {(error: null, tile: HTMLCanvasElement) => void} done
     */
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.setAttribute("role", "presentation");
      canvas.className = "lw-land";
      this.paint(canvas, coords);
      setTimeout(() => done(null, canvas));
      return canvas;
    },
    /**
     * Paint a tile; giving a canvas its size clears it.
     * @param {HTMLCanvasElement} canvas
     * @param {{x: number, y: number, z: number}} coords
     */
    paint(canvas, { x, y, z }) {
      canvas.width = canvas.height = (LAND_TILE + OVERLAP) * ratio;
      const width = (WORLD * LAND_TILE) / (256 * 2 ** z);
      const scale = (LAND_TILE * ratio) / width;
      const view = { left: x * width, top: y * width, scale, size: canvas.width, ratio };
      paintLand(canvas, shapes, view, style.inked(inkOfTheme()), (i) => style.bordered(i, z));
    },
    /** Paint in the colours of the theme that is on. */
    dress() {
      for (const { el, coords } of /** @type {any[]} */ (Object.values(this._tiles))) this.paint(el, coords);
    },
  });
  return new Layer({ tileSize: LAND_TILE, updateWhenZooming: false, keepBuffer: 1, pane: style.pane });
}

/**
 * Paint what of the land lies in a tile, each area over those before it.
 * @param {HTMLCanvasElement} canvas
 * @param {Shapes} shapes
 * @param {TileView} view
 * @param {{color: string, fillColor?: string, weight: number}} ink
 * @param {(i: number) => boolean} bordered
 */
function paintLand(canvas, shapes, view, ink, bordered) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const { left, top, scale, size, ratio } = view;
  const { boxes } = shapes;
  const margin = (2 * ink.weight * ratio) / scale;
  const [east, south] = [left + size / scale + margin, top + size / scale + margin];
  pen.lineJoin = pen.lineCap = "round";
  pen.lineWidth = ink.weight * ratio;
  pen.strokeStyle = ink.color;
  if (ink.fillColor) pen.fillStyle = ink.fillColor;
  for (let i = 0; i < shapes.count; i++) {
    if (boxes[4 * i] > east || boxes[4 * i + 2] < left - margin) continue;
    if (boxes[4 * i + 1] > south || boxes[4 * i + 3] < top - margin) continue;
    const [land, lines] = [new Path2D(), new Path2D()];
    for (let ring = shapes.rings[i]; ring < shapes.rings[i + 1]; ring++) {
      const closed = shapes.closed[ring] === 1;
      trail(closed ? land : lines, pointsOf(shapes, i, ring, view), closed, size);
    }
    if (ink.fillColor) pen.fill(land, "evenodd");
    if (!bordered(i)) continue;
    pen.stroke(land);
    pen.stroke(lines);
  }
}

/**
 * Return the corners of a ring in pixels of a tile, without those that stand on one another.
 * @param {Shapes} shapes
 * @param {number} i
 * @param {number} ring
 * @param {TileView} view
 */
function pointsOf(shapes, i, ring, { left, top, scale }) {
  const [west, north] = [left - shapes.originX(i), top - shapes.originY(i)];
  const [from, to] = [shapes.begins[ring], shapes.begins[ring + 1]];
  /** @type {{x: number, y: number}[]} */
  const points = [];
  let last = { x: Infinity, y: Infinity };
  for (let k = from; k < to; k++) {
    const [x, y] = [(shapes.x[k] - west) * scale, (shapes.y[k] - north) * scale];
    if (k + 1 < to && Math.abs(x - last.x) < LEAST_STEP && Math.abs(y - last.y) < LEAST_STEP) continue;
    points.push((last = { x, y }));
  }
  return points;
}

/**
 * Add a ring or a line to a path, cut where it reaches far out of the tile: a canvas counts in
 * numbers that are too coarse there.
 * @param {Path2D} path
 * @param {{x: number, y: number}[]} points
 * @param {boolean} closed
 * @param {number} size of the tile
 */
function trail(path, points, closed, size) {
  const far = points.some(({ x, y }) => Math.max(-x, -y, x - size, y - size) > FARTHEST);
  if (!far) {
    points.forEach(({ x, y }, at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (closed) path.closePath();
    return;
  }
  const around = L.bounds([-FARTHEST / 4, -FARTHEST / 4], [size + FARTHEST / 4, size + FARTHEST / 4]);
  if (closed) {
    const kept = L.PolyUtil.clipPolygon(points.map(({ x, y }) => L.point(x, y)), around);
    kept.forEach((/** @type {any} */ { x, y }, /** @type {number} */ at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (kept.length) path.closePath();
    return;
  }
  for (let at = 1; at < points.length; at++) {
    const ends = L.LineUtil.clipSegment(L.point(points[at - 1]), L.point(points[at]), around);
    if (!ends) continue;
    path.moveTo(ends[0].x, ends[0].y);
    path.lineTo(ends[1].x, ends[1].y);
  }
}
