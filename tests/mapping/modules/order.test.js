// The first of many contracts are those that sorting all of them puts first.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ordered } from "../page_modules/order.js";

const COUNT = 4000;
let seed = 11;
const random = (/** @type {number} */ most) => (seed = (seed * 48271) % 2147483647) % most;

const days = Float64Array.from({ length: COUNT }, (_, row) => {
  if (row % 11 === 0) return NaN;
  return row % 7 === 0 ? 0 : 1 + random(row % 5 ? 300 : 90000);
});
const view = { contracts: Uint32Array.from(days.keys()), classes: new Uint8Array(COUNT), days };

/**
 * @param {number} a
 * @param {number} b
 * @param {boolean} back
 */
function before(a, b, back) {
  const rank = (/** @type {number} */ row) => (days[row] > 0 ? 0 : Number.isNaN(days[row]) ? 1 : 2);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  const later = rank(a) ? 0 : days[b] - days[a];
  return (back ? -later : later) || a - b;
}

for (const back of [false, true]) {
  for (const most of [1, 7, 200, 3500, 5000]) {
    test(`the first ${most} by days past, ${back ? "the shortest" : "the longest"} first`, () => {
      const sorted = Array.from(view.contracts).sort((a, b) => before(a, b, back));
      const found = ordered({}, view, { by: "days", back }, most);
      assert.deepEqual(Array.from(found), sorted.slice(0, most));
    });
  }
}
