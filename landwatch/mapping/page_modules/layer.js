// The parcels on the map: a canvas layer, the outlines under it, the selected parcel above it.
import { element } from "./elements.js";
import { HIDDEN } from "./ledger.js";
import { Palette, paintTile } from "./paint.js";
import { WORLD, placeOf } from "./shapes.js";

const TILE = 512;

/** Return the layer that paints parcels; `repaint(classes)` shows them in other classes. */
export function parcelLayer(shapes, tree, classes, kinds) {
  let ratio = Math.min(window.devicePixelRatio || 1, 2);
  const scene = { shapes, tree, classes, palette: new Palette(kinds, ratio) };
  const Layer = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = TILE * ratio;
      canvas.setAttribute("role", "presentation");
      this.paint(canvas, coords);
      setTimeout(() => done(null, canvas));
      return canvas;
    },
    paint(canvas, { x, y, z }) {
      const width = (WORLD * TILE) / (256 * 2 ** z);
      paintTile(canvas, scene, x * width, y * width, width);
    },
    /** Paint with another number of dots to a pixel: paper shows more than a screen. */
    sharpen(next) {
      ratio = next;
      scene.palette = new Palette(kinds, ratio);
      for (const { el, coords } of Object.values(this._tiles)) {
        el.width = el.height = TILE * ratio;
        this.paint(el, coords);
      }
    },
    repaint(next) {
      scene.classes = next;
      for (const { el, coords } of Object.values(this._tiles)) {
        el.getContext("2d").clearRect(0, 0, el.width, el.height);
        this.paint(el, coords);
      }
    },
  });
  return new Layer({ tileSize: TILE, updateWhenZooming: false, keepBuffer: 1, pane: "parcels" });
}

/** Return the drawn parcels under a place, the gravest first, then the smallest. */
export function parcelsAt(shapes, tree, classes, { lat, lng }) {
  const [x, y] = placeOf(lat, lng);
  const found = [];
  tree.search(x, y, x, y, (i) => {
    if (classes[i] !== HIDDEN && shapes.covers(i, x, y)) found.push(i);
  });
  const size = (i) =>
    (shapes.boxes[4 * i + 2] - shapes.boxes[4 * i]) *
    (shapes.boxes[4 * i + 3] - shapes.boxes[4 * i + 1]);
  return found.sort((a, b) => classes[a] - classes[b] || size(a) - size(b));
}

/** Draw the outlines of divisions or parks, with their names. */
export function drawOutlines(map, shapes, names, style) {
  const group = L.layerGroup();
  const renderer = L.canvas({ pane: style.pane, padding: 0.3 });
  for (let i = 0; i < shapes.count; i++) {
    if (style.only && !style.only(i)) continue;
    const land = shapes.closed[shapes.rings[i]];
    const draw = land && style.fill ? L.polygon : L.polyline;
    const line = draw(shapes.latLngs(i), { ...style, renderer, interactive: false });
    group.addLayer(line);
    if (names.get(i)) {
      const made = element("span", { text: names.get(i) });
      const icon = L.divIcon({ html: made, className: style.labelClass(i), iconSize: [140, 20] });
      const options = { icon, pane: style.pane, interactive: false, keyboard: false };
      group.addLayer(L.marker(style.place(line.getBounds()), options));
    }
  }
  return group.addTo(map);
}

/** Put still copies in the place of the canvases, and return how to take them away again.
 *
 * A browser prints a canvas by painting it once more, and what was cleared on it comes out white.
 */
export function stillPictures(box) {
  const copies = Array.from(box.querySelectorAll("canvas"), (canvas) => {
    const copy = canvas.cloneNode();
    if (canvas.width && canvas.height) copy.getContext("2d").drawImage(canvas, 0, 0);
    canvas.after(copy);
    canvas.hidden = true;
    return [canvas, copy];
  });
  return () => {
    for (const [canvas, copy] of copies) {
      canvas.hidden = false;
      copy.remove();
    }
  };
}

/** Mark the selected parcels with a strong outline. */
export class Mark {
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
  }

  set(shapes, parcels) {
    this.group.clearLayers();
    for (const parcel of parcels) {
      const rings = shapes.latLngs(parcel);
      for (const [color, weight] of [
        ["#ffffff", 6],
        ["#111111", 2.5],
      ]) {
        const line = { color, weight, fill: false, interactive: false, pane: "mark" };
        this.group.addLayer(L.polyline(rings, line));
      }
    }
  }
}
