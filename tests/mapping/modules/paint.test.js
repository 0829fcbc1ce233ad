// Which part of a tile small parcels are painted into: no more of it is touched.
import assert from "node:assert/strict";
import { test } from "node:test";
import { patchOf } from "../page_modules/paint.js";

const view = { left: 1000, top: 2000, scale: 0.5, size: 512, ratio: 1 };

test("the patch holds the whole pixels around its box and tells its place in the world", () => {
  const patch = patchOf(view, [1011, 2020, 1031, 2021]);
  assert.deepEqual(patch, { x: 5, y: 10, wide: 11, high: 1, left: 1010, top: 2020, scale: 0.5 });
});

test("what reaches over the edges of the tile is cut at them", () => {
  const patch = patchOf(view, [0, 0, 9000, 9000]);
  assert.deepEqual(patch, { x: 0, y: 0, wide: 512, high: 512, left: 1000, top: 2000, scale: 0.5 });
});

test("a box beside the tile, and no box at all, need no patch", () => {
  assert.equal(patchOf(view, [0, 2000, 990, 2100]), null);
  assert.equal(patchOf(view, [2024, 2000, 2100, 2100]), null);
  assert.equal(patchOf(view, [Infinity, Infinity, -Infinity, -Infinity]), null);
});
