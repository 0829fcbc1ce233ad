// Searching numbers that people part in their own way: LZ-06, LZ06, lz 06, ＬＺ＿０６.
import assert from "node:assert/strict";
import { test } from "node:test";
import { folded } from "../page_modules/columns.js";
import { apart } from "../page_modules/searching.js";

/**
 * @param {string} query
 * @param {string[]} texts
 */
function found(query, texts) {
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => (offsets[i + 1] = offsets[i] + text.length));
  /** @type {string[]} */
  const rows = [];
  apart(folded(query))?.search(folded(texts.join("")), offsets, (/** @type {number} */ row) => rows.push(texts[row]));
  return rows;
}

const WRITTEN = ["LZ-06", "LZ06", "lz 06", "ＬＺ＿０６", "LZ/06", "LZ–06", "LZ-10-6", "LZ-60", "XLZ-061"];
const SAME = ["LZ-06", "LZ06", "lz 06", "ＬＺ＿０６", "LZ/06", "LZ–06", "XLZ-061"];

for (const query of ["lz06", "LZ-06", "lz_06", "ＬＺ０６", "L-Z/06"]) {
  test(`${query} finds the number however it is parted`, () => {
    assert.deepEqual(found(query, WRITTEN), SAME);
  });
}

test("figures that stand beside each other stay together, but in a long number", () => {
  assert.equal(apart("106"), null); // the plain search finds it
  assert.deepEqual(found("z106", ["LZ-10-6", "LZ-106"]), ["LZ-106"]);
  assert.deepEqual(found("2021045", ["2021-045", "2021045", "20210-45"]), ["2021-045", "2021045", "20210-45"]);
});

test("what ends in the next text is not found, and what begins there is", () => {
  assert.deepEqual(found("lz06", ["LZ-", "06", "LZ-06"]), ["LZ-06"]);
});

test("a word without figures or signs between is left to the plain search", () => {
  assert.equal(apart("兰州"), null);
  assert.equal(apart("6"), null);
  assert.deepEqual(found("a.*b1", ["a-b1", "axxb1", "a.*b1"]), ["a.*b1"]);
});

test("full width is folded at the same length", () => {
  assert.equal(folded("ＬＺ－０６　Ａ"), "lz-06 a");
  assert.equal(folded("İ").length, 1);
});
