import assert from "node:assert/strict";
import { test } from "node:test";

import { crossesItself, measureInWords } from "../page_modules/measuring.js";

const WORDS = { say: (key, values = {}) => `${key} ${Object.values(values).join("|")}`, number: (value, most) => value.toFixed(most) };
const SQUARE = [[104, 36], [104.01, 36], [104.01, 36.01], [104, 36.01]].map(([lng, lat]) => ({ lng, lat }));

test("a square does not cross itself, a bow tie does", () => {
  assert.equal(crossesItself(SQUARE), false);
  assert.equal(crossesItself([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), true);
  assert.equal(crossesItself(SQUARE.slice(0, 3)), false);
});

test("too few points ask for more, and a crossed ring has no area", () => {
  assert.match(measureInWords(WORDS, "length", SQUARE.slice(0, 1)), /^tool_length_first/);
  assert.match(measureInWords(WORDS, "area", SQUARE.slice(0, 2)), /^tool_area_first/);
  assert.match(measureInWords(WORDS, "area", [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), /^tool_area_crossed/);
});

test("a line tells its whole and its last part, a ring its area three ways", () => {
  assert.match(measureInWords(WORDS, "length", SQUARE.slice(0, 3)), /tool_kilometres 2\.0\d\d\|tool_kilometres 1\.110/);
  assert.match(measureInWords(WORDS, "area", SQUARE), /tool_areas 1500\.\d+\|1000\d{3}\.\d\|100\.0/);
});
