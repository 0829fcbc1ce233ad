import assert from "node:assert/strict";
import { test } from "node:test";

import { frameCounts, frameListed, frameShown } from "../page_modules/frame_rows.js";

const CLASSES = Uint8Array.of(0, 1, 1, 2, 0);

test("a class that is switched off hides its rows and no others", () => {
  assert.deepEqual([...frameShown(CLASSES, new Set([1]), null)], [0, 255, 255, 2, 0]);
  assert.deepEqual([...frameShown(CLASSES, new Set(), null)], [...CLASSES]);
});

test("a search hides what does not hold the words", () => {
  const found = Uint8Array.of(1, 1, 0, 0, 0);
  assert.deepEqual([...frameShown(CLASSES, new Set([0]), found)], [255, 1, 255, 255, 255]);
});

test("the legend counts what the search leaves, switched off or not", () => {
  assert.deepEqual([...frameCounts(CLASSES, null, 4)], [2, 2, 1, 0]);
  assert.deepEqual([...frameCounts(CLASSES, Uint8Array.of(0, 1, 1, 1, 0), 4)], [0, 2, 1, 0]);
});

test("the list goes by the order of the legend and stops at its most", () => {
  const shown = Uint8Array.of(2, 1, 255, 0, 1);
  assert.deepEqual(frameListed(shown, 3, 10), [3, 1, 4, 0]);
  assert.deepEqual(frameListed(shown, 3, 2), [3, 1]);
});
