// Reading columns: varints, folded signs, and texts searched without regard to case.
import assert from "node:assert/strict";
import { test } from "node:test";
import { columnAt, folded, naturals, unfolded } from "../page_modules/columns.js";

const bytesOf = (/** @type {string} */ text) => new TextEncoder().encode(text);

test("a number takes as many bytes as it needs, up to 2 ** 53", () => {
  assert.deepEqual([...naturals(Uint8Array.of(0, 127, 128, 1, 255, 255, 3), 4)], [0, 127, 128, 65535]);
  const most = [255, 255, 255, 255, 255, 255, 255, 15];
  assert.equal(naturals(Uint8Array.from(most), 1, Float64Array)[0], 2 ** 53 - 1);
});

test("negative numbers are folded between the others", () => {
  assert.deepEqual([0, 1, 2, 3, 4].map(unfolded), [0, -1, 1, -2, 2]);
});

test("a blank number is not zero, and a blank day is no day", () => {
  const number = columnAt(Uint8Array.of(0, 1, 7), 0, { kind: "number", parts: [3], rows: 3, places: 1 });
  assert.deepEqual([0, 1, 2].map((row) => number.get(row)), [NaN, 0, 0.3]);
  const day = columnAt(Uint8Array.of(0, 1, 3), 0, { kind: "day", parts: [3], rows: 3 });
  assert.deepEqual([0, 1, 2].map((row) => day.get(row)), ["", "1970-01-01", "1970-01-02"]);
});

test("texts are found in their own row only, whatever their case", () => {
  const text = "甲GBab";
  const bytes = Uint8Array.from([3, 0, 2, ...bytesOf(text)]);
  const column = columnAt(bytes, 0, { kind: "plain", parts: [3, bytes.length - 3], rows: 3 });
  /** @param {string} words */
  const found = (words) => {
    /** @type {number[]} */
    const rows = [];
    column.search(words, (/** @type {number} */ row) => rows.push(row));
    return rows;
  };
  assert.deepEqual([0, 1, 2].map((row) => column.get(row)), ["甲GB", "", "ab"]);
  assert.deepEqual(found("gb"), [0]);
  assert.deepEqual(found("b"), [0, 2]);
  assert.deepEqual(found("gba"), []);
});

test("folding keeps the length, also where a small letter is two", () => {
  assert.equal(folded("İABC"), "İabc");
  assert.equal(folded("ABC甲"), "abc甲");
});

test("a column of a kind that nobody reads is an error, not silence", () => {
  assert.throws(() => columnAt(new Uint8Array(), 0, { kind: "songs", parts: [0], rows: 0 }), /songs/);
});
