// Names that would stand on one another: the first keeps its place, the other waits for a closer look.
import assert from "node:assert/strict";
import { test } from "node:test";

import { apartFrom, boxesMeet } from "../page_modules/placenames.js";

/**
 * @param {number} left
 * @param {number} top
 */
const box = (left, top) => ({ left, right: left + 10, top, bottom: top + 10 });

test("boxes that only touch do not stand on one another", () => {
  assert.equal(boxesMeet(box(0, 0), box(10, 0)), false);
  assert.equal(boxesMeet(box(0, 0), box(0, 10)), false);
  assert.equal(boxesMeet(box(0, 0), box(9, 9)), true);
  assert.equal(boxesMeet(box(2, 2), { left: 0, right: 30, top: 0, bottom: 30 }), true);
});

test("the first keeps its place; one that is left out takes none from the next", () => {
  const all = [box(0, 0), box(5, 0), box(12, 0), box(0, 30)];
  assert.deepEqual(apartFrom(all, (one) => one), [all[0], all[2], all[3]]);
});
