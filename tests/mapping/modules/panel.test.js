// Ranges, links, cells and orders: what the panel works out without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvCell, csvLine } from "../page_modules/csv.js";
import { linkPairs, linkText, placeText, spanOf, spanText } from "../page_modules/link.js";
import { within } from "../page_modules/masks.js";
import { byNumber, byText, ordered } from "../page_modules/order.js";
import { endOf, stopOf, stopsBelow } from "../page_modules/range.js";

test("a cell that a spreadsheet would run gets an apostrophe, a number stays one", () => {
  const cells = { "=1+1": "'=1+1", " @x": "' @x", "＝A1": "'＝A1", "\tx": "'\tx", "-甲": "'-甲", "甲=1": "甲=1", "'-3": "'-3" };
  for (const [told, cell] of Object.entries(cells)) assert.equal(csvCell(told), cell);
  assert.equal(csvCell('=a"b'), '"\'=a""b"');
  assert.deepEqual([-1.5, 0, NaN, null, "", 1e-7, 30.55].map(csvCell), ["-1.5", "0", "", "", "", "0.000000", "30.55"]);
  assert.equal(csvLine(["甲,乙", "a\nb", 1]), '"甲,乙","a\nb",1\r\n');
});

test("what a link tells is read back as it was", () => {
  const pairs = [["park", ":甲 园区&x=1"], ["q", 'a+b %<"#\u0000'], ["mu", "10~200!"], ["off", ""], ["holder", "𠮷野家（来凤）"]];
  const text = linkText(pairs);
  assert.ok(!/[<>"\s]/.test(text), text);
  assert.ok(text.includes("park=:甲+园区"), text);
  assert.deepEqual([...linkPairs(`#${text}`)], pairs.filter(([, value]) => value));
});

test("rubbish after the # narrows nothing and breaks nothing", () => {
  assert.equal(linkPairs("#lw-results"), null);
  assert.equal(linkPairs(""), null);
  assert.deepEqual([...linkPairs("#=1&q=%E4%BD&__proto__=x&Q=1&rule=a&rule=b&&=")], [["rule", "a"]]);
  assert.equal(linkPairs(`#q=${"x".repeat(10000)}`).get("q").length, 200);
  assert.doesNotThrow(() => linkText([["q", "\ud800a\udfff"]]));
  for (const text of ["", "~", "a~b", "1e9~", "-1~2", "1~2~3", "NaN~"]) assert.equal(spanOf(text), null, text);
  for (const text of ["", "1,2", "91,0,3", "0,0,99", "1,2,3,4", "a,b,c", "1e1,2,3"]) assert.equal(placeText(text), null, text);
});

test("ranges and places survive a link", () => {
  for (const span of [{ from: 10, to: 200.5, untold: true }, { from: null, to: 0, untold: false }, { from: 3, to: null, untold: true }]) {
    assert.deepEqual(spanOf(spanText(span)), span);
  }
  assert.equal(spanText({ from: null, to: null, untold: false }), "");
  assert.deepEqual(placeText("36.0501,-103.8,14.25"), { lat: 36.0501, lng: -103.8, zoom: 14.25 });
});

test("both ends of a range are in it, and what tells no value is kept or not as asked", () => {
  const span = { from: 10, to: 20, untold: true };
  assert.deepEqual([9.999, 10, 20, 20.001].map((value) => within(span, value)), [false, true, true, false]);
  assert.equal(within(span, NaN), true);
  assert.equal(within({ ...span, untold: false }, NaN), false);
});

test("handles stand where nothing inside the range is hidden", () => {
  const stops = stopsBelow([1, 10, 100, 1000], 500);
  assert.deepEqual(stops, [null, 1, 10, 100, null]);
  assert.deepEqual([null, 0.5, 1, 5, 100, 400].map((value) => stopOf(stops, value, false)), [0, 0, 1, 1, 3, 3]);
  assert.deepEqual([null, 0.5, 1, 5, 100, 400].map((value) => stopOf(stops, value, true)), [4, 1, 1, 2, 3, 4]);
  assert.deepEqual(["", " ", "3.5", "0"].map(endOf), [null, null, 3.5, 0]);
  assert.ok(["-1", "x", "1e13"].every((text) => Number.isNaN(endOf(text))));
});

function plain(texts) {
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => (offsets[i + 1] = offsets[i] + text.length));
  return { text: texts.join(""), rows: texts.length, open: () => offsets };
}

test("Chinese names are sorted by their sounds, blanks last; a dictionary sorts like the texts", () => {
  const texts = ["兰山", "", "白塔", "黄河", "白", "安宁"];
  const sorted = ["安宁", "白", "白塔", "黄河", "兰山", ""];
  const { rows, told } = byText(plain(texts));
  assert.deepEqual(Array.from(rows, (row) => texts[row]), sorted);
  assert.equal(told, 5);
  const words = ["黄河", "", "白塔"];
  const column = { words: plain(words), codes: Uint8Array.from([0, 1, 2, 0]) };
  assert.deepEqual(Array.from(byText(column).rows), [2, 0, 3, 1]);
});

test("the list turns round, but what has no value stays last", () => {
  const values = Float64Array.from([5, NaN, 50, 7]);
  assert.deepEqual(Array.from(byNumber(values).rows), [2, 3, 0, 1]);
  const ledger = { contractCount: 4, classes: [{}, {}], columns: { contract_area_mu: { values } } };
  const view = {
    contracts: Uint32Array.from([0, 1, 2, 3]),
    classes: Uint8Array.from([1, 0, 0, 0]),
    days: Float64Array.from([0, NaN, 12, 40]),
  };
  const order = (by, back, most = 9) => Array.from(ordered(ledger, view, { by, back }, most));
  assert.deepEqual(order("grave", false), [3, 2, 1, 0]);
  assert.deepEqual(order("grave", true), [0, 2, 3, 1]);
  assert.deepEqual(order("days", false), [3, 2, 1, 0]);
  assert.deepEqual(order("days", true), [2, 3, 1, 0]);
  assert.deepEqual(order("area", true), [0, 3, 2, 1]);
  assert.deepEqual(order("area", false, 2), [2, 3]);
  assert.deepEqual(order("grave", false, 2), [3, 2]);
});
