import assert from "node:assert/strict";
import { test } from "node:test";

import { PIXEL_M, barOf, ratioOf, roundDown, roundUp } from "../page_modules/scale.js";

test("a scale is rounded so that no less ground fits on the paper", () => {
  assert.deepEqual([999, 1000, 1001, 2100, 2600, 5001].map(roundUp), [1000, 1000, 2000, 2500, 5000, 10000]);
});

test("a bar is never longer than it may be", () => {
  assert.deepEqual([0.9, 1, 24.9, 25, 99].map(roundDown), [0.5, 1, 20, 25, 50]);
});

test("a hundred metres at one to ten thousand are a centimetre of paper", () => {
  const metresOfPixel = 10000 * PIXEL_M;
  assert.ok(Math.abs(ratioOf(metresOfPixel) - 10000) < 1e-9);
  const bar = barOf(metresOfPixel, 100 / metresOfPixel);
  assert.equal(bar.metres, 100);
  assert.ok(Math.abs(bar.pixels * PIXEL_M - 0.01) < 1e-12);
});
