import assert from "node:assert/strict";
import { test } from "node:test";

import { Specks } from "../page_modules/specks.js";

const RED = 0xff0000ff;
const GREEN = 0xff00ff00;

/** @param {Specks} specks */
function painted(specks) {
  const patch = specks.patch();
  if (!patch) return null;
  const pixels = new Uint32Array(patch.wide * patch.high);
  specks.colour(patch, Uint32Array.from([RED, GREEN]), pixels);
  return { patch, pixels: Array.from(pixels) };
}

test("a patch is only as large as the pixels that are marked", () => {
  const specks = new Specks(512);
  specks.box(0, 11, 20.5, 12.9, 21);
  assert.deepEqual(painted(specks), {
    patch: { x: 11, y: 20, wide: 2, high: 2 }, pixels: [RED, RED, RED, RED],
  });
});

test("what reaches over the edge is cut off; what lies beside it marks nothing", () => {
  const specks = new Specks(4);
  specks.box(1, -9, -9, 0.5, 0.5);
  specks.box(1, 4, 1, 9, 1);
  specks.box(1, -3, 1, -0.1, 1);
  specks.row(1, 2, 3, 2);
  assert.deepEqual(painted(specks), { patch: { x: 0, y: 0, wide: 1, high: 1 }, pixels: [GREEN] });
});

test("the graver class stays on top, whichever comes first; between them nothing is painted", () => {
  for (const order of [[0, 1], [1, 0]]) {
    const specks = new Specks(8);
    for (const kind of order) specks.row(kind, 3, kind === 0 ? 2 : 0, kind === 0 ? 2 : 5);
    specks.row(1, 4, 0, 0);
    assert.deepEqual(painted(specks)?.pixels, [
      GREEN, GREEN, RED, GREEN, GREEN, GREEN,
      GREEN, 0, 0, 0, 0, 0,
    ]);
  }
});

test("of nothing there is no patch", () => assert.equal(new Specks(512).patch(), null));
