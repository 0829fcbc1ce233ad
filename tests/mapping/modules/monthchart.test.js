import assert from "node:assert/strict";
import { test } from "node:test";

import { stacked } from "../page_modules/monthchart.js";

test("bars are stacked against the month of most contracts, those not there leave room", () => {
  const [early, late] = stacked([
    [1, 0, 1, 2],
    [3, 1, 0, 0],
  ]);
  assert.deepEqual(late, [
    { kind: 0, from: 0, to: 75 },
    { kind: 1, from: 75, to: 100 },
  ]);
  assert.equal(early.at(-1).to, 50);
});

test("a page without contracts has bars without parts", () => {
  assert.deepEqual(stacked([[0, 0, 0]]), [[]]);
});
