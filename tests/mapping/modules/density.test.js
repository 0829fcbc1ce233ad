import assert from "node:assert/strict";
import { test } from "node:test";

import { bandEnds, bandPicture, blurred, peaks } from "../page_modules/density.js";
import { roundDown } from "../page_modules/scale.js";

const [WIDE, HIGH] = [60, 50];

function surfaceOf(spots) {
  const grid = new Float32Array(WIDE * HIGH);
  for (const [x, y, weight] of spots) grid[y * WIDE + x] += weight;
  return blurred(grid, WIDE, HIGH);
}

test("blurring keeps the weight where the kernel stays inside", () => {
  const sum = surfaceOf([[30, 25, 120]]).reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum - 120) < 1e-2);
});

test("the surface is the same to the left and to the right, above and below", () => {
  const surface = surfaceOf([[30, 25, 100]]);
  const at = (x, y) => surface[y * WIDE + x];
  for (const d of [1, 4, 8]) {
    assert.ok(Math.abs(at(30 - d, 25) - at(30 + d, 25)) < 1e-5);
    assert.ok(Math.abs(at(30, 25 - d) - at(30 + d, 25)) < 1e-5);
  }
  assert.equal(at(41, 25), 0);
});

test("two far spots are two tops, the heavier first; two near ones are one", () => {
  const asked = { most: 5, least: 0.01, apart: 7 };
  const far = peaks(surfaceOf([[12, 12, 50], [45, 35, 80]]), WIDE, HIGH, asked);
  assert.deepEqual(far.map(({ x, y }) => [x, y]), [[45, 35], [12, 12]]);
  assert.equal(peaks(surfaceOf([[20, 20, 50], [22, 20, 50]]), WIDE, HIGH, asked).length, 1);
});

test("nothing gives no tops and no bands", () => {
  assert.deepEqual(peaks(surfaceOf([]), WIDE, HIGH, { most: 5, least: 0, apart: 3 }), []);
  assert.deepEqual(bandEnds(0, roundDown), []);
});

test("bands end at round numbers, and the highest value is in the last", () => {
  assert.deepEqual(bandEnds(800, roundDown), [50, 125, 250, 500]);
  const surface = surfaceOf([[30, 25, 100]]);
  const ends = bandEnds(surface[25 * WIDE + 30], roundDown);
  const picture = bandPicture(surface, WIDE, HIGH, { grain: 2, ends });
  assert.equal(picture[(25 * 2 + 1) * WIDE * 2 + 61], 4);
  assert.equal(picture[0], 0);
});
