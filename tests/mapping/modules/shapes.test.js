// Parcels as flat arrays: what a point lies in, holes, boxes, and the tree over them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Shapes, Tree, WORLD, latLngOf, placeOf } from "../page_modules/shapes.js";

const folds = (/** @type {number} */ step) => (step < 0 ? -2 * step - 1 : 2 * step);

/** Make shapes of rings of [x, y] corners, as the writer lays them down. */
function shapesOf(/** @type {number[][][][]} */ shapes) {
  /** @type {number[][]} */
  const [rings, corners, x, y] = [[], [], [], []];
  let first = [0, 0];
  for (const shape of shapes) {
    rings.push(shape.length);
    for (const ring of shape) {
      corners.push(2 * ring.length + 1);
      let last = first;
      for (const corner of ring) {
        x.push(folds(corner[0] - last[0]));
        y.push(folds(corner[1] - last[1]));
        last = corner;
      }
      first = ring[0];
    }
  }
  const columns = { p_rings: rings, p_corners: corners, p_x: x, p_y: y };
  return new Shapes(
    Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, Uint32Array.from(list)])),
    "p",
  );
}

const square = (/** @type {number} */ at, /** @type {number} */ side) => [
  [at, at],
  [at + side, at],
  [at + side, at + side],
  [at, at + side],
];

test("a hole is not the parcel's land, an island in it is", () => {
  const shapes = shapesOf([[square(0, 100), square(20, 60), square(40, 20)]]);
  assert.deepEqual([10, 30, 50].map((at) => shapes.covers(0, at, at)), [true, false, true]);
  assert.equal(shapes.covers(0, 200, 50), false);
});

test("boxes hold the first ring of each shape, negative steps too", () => {
  const shapes = shapesOf([[square(500, 10)], [square(7, 3)]]);
  assert.deepEqual([...shapes.boxes], [500, 500, 510, 510, 7, 7, 10, 10]);
});

test("corners are counted from the box of their shape where every shape is small enough", () => {
  const rings = [square(1_000_000, 65_535), square(1_000_100, 50)];
  const near = shapesOf([rings, [square(7, 3)]]);
  const far = shapesOf([[square(1_000_000, 65_536)], [square(7, 3)]]);
  assert.deepEqual([near.near, near.x.BYTES_PER_ELEMENT, near.originX(0), near.originY(1)], [true, 2, 1_000_000, 7]);
  assert.deepEqual([far.near, far.x.BYTES_PER_ELEMENT, far.originX(0), far.originY(1)], [false, 4, 0, 0]);
  for (const shapes of [near, far]) {
    const corners = Array.from({ length: 4 }, (_, k) => [shapes.originX(0) + shapes.x[k], shapes.originY(0) + shapes.y[k]]);
    assert.deepEqual(corners.slice(0, 2), square(1_000_000, shapes.boxes[2] - 1_000_000).slice(0, 2));
    assert.deepEqual(shapes.latLngs(1)[0][0], latLngOf(7, 7));
    assert.deepEqual([[8, 8], [11, 8]].map(([x, y]) => shapes.covers(1, x, y)), [true, false]);
  }
  assert.equal(near.covers(0, 1_000_120, 1_000_120), false);
});

test("a place on the map and back is the same place", () => {
  for (const [latitude, longitude] of [[36.06, 103.83], [-80, -179], [0, 0]]) {
    const [x, y] = placeOf(latitude, longitude);
    const back = latLngOf(x, y);
    assert.ok(Math.abs(back[0] - latitude) < 1e-9 && Math.abs(back[1] - longitude) < 1e-9);
    assert.ok(x >= 0 && x <= WORLD && y >= 0 && y <= WORLD);
  }
});

test("the tree finds what a walk over all boxes finds", () => {
  let seed = 7;
  const random = (/** @type {number} */ most) => (seed = (seed * 48271) % 2147483647) % most;
  const boxes = new Int32Array(4 * 5000);
  for (let i = 0; i < 5000; i++) {
    const [west, north] = [random(100000), random(100000)];
    boxes.set([west, north, west + random(900), north + random(900)], 4 * i);
  }
  const tree = new Tree(boxes);
  for (let turn = 0; turn < 200; turn++) {
    const [west, north] = [random(100000), random(100000)];
    const [east, south] = [west + random(9000), north + random(9000)];
    /** @type {number[]} */
    const found = [];
    tree.search(west, north, east, south, (i) => found.push(i));
    const touching = [...Array(5000).keys()].filter(
      (i) =>
        boxes[4 * i] <= east && boxes[4 * i + 2] >= west && boxes[4 * i + 1] <= south && boxes[4 * i + 3] >= north,
    );
    assert.deepEqual(found, touching);
  }
});
