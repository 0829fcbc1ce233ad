import assert from "node:assert";
import { test } from "node:test";
import { dayAfter, limitsOf, spansOf, termOn } from "../page_modules/contractdates.js";
import { cellAt, peeked } from "../page_modules/terms.js";
import { axisOf, clipped, dayNumber, drawnWidth, inLanes, laidOut } from "../page_modules/timeline.js";

const HOW = {
  asOf: "2021-07-01",
  width: 380,
  today: "核对日",
  several: (name, more) => `${name}（另${more}项）`,
};
const words = {
  lang: "zh",
  say: (key, values = {}) => `${key} ${Object.values(values).join(" ")}`.trim(),
  number: String,
};

/** Numbers that look random and are the same every time. */
function* dice(seed) {
  for (let value = seed; ; ) yield (value = (value * 48271) % 2147483647) / 2147483647;
}

function overlapping(flags) {
  return flags.flatMap((a, i) =>
    flags.slice(i + 1).filter((b) => a.lane === b.lane && a.left < b.right && b.left < a.right),
  );
}

test("labels never cover one another, however many dates there are", () => {
  for (const count of [1, 2, 7, 30, 90]) {
    const rolls = dice(count + 11);
    const labels = Array.from({ length: count }, () => ({
      text: `约定竣工时间 2021-0${1 + Math.floor(rolls.next().value * 9)}`,
      at: rolls.next().value * 380,
      side: "real",
    }));
    const flags = inLanes(labels, 380);
    assert.deepStrictEqual(overlapping(flags), []);
    for (const { left, right, lane } of flags) assert(left >= 0 && right <= 380.001 && lane >= 0);
  }
});

test("two labels far apart share the lane next to the axis", () => {
  const flags = inLanes([{ text: "甲", at: 20, side: "real" }, { text: "乙", at: 350, side: "real" }], 380);
  assert.deepStrictEqual(flags.map(({ lane }) => lane), [0, 0]);
});

test("what stands on one day has one label, and tells how many there are", () => {
  const dates = ["约定开工", "约定竣工", "约定开工"].map((name) => ({ day: "2020-03-01", side: "agreed", name }));
  const { above, below } = laidOut(dates, [], HOW);
  assert.deepStrictEqual(above.map(({ text }) => text), ["约定开工（另1项） 2020-03-01"]);
  assert.deepStrictEqual(below, []);
});

test("agreed days and limits stand above, what was done below", () => {
  const dates = [
    { day: "2020-01-01", side: "agreed", name: "约定" },
    { day: "2020-06-01", side: "limit", name: "期限" },
    { day: "2020-09-01", side: "real", name: "实际" },
  ];
  const { above, below } = laidOut(dates, [], HOW);
  assert.deepStrictEqual(above.map(({ side }) => side), ["agreed", "limit"]);
  assert.deepStrictEqual(below.map(({ side }) => side), ["real"]);
});

test("a day too far off to draw is counted and left to the list", () => {
  const dates = [
    { day: "2020-01-01", side: "agreed", name: "约定" },
    { day: "2069-01-01", side: "agreed", name: "终止" },
    { day: "1900-01-01", side: "real", name: "错" },
  ];
  const { outside, axis } = laidOut(dates, [], HOW);
  assert.strictEqual(outside, 2);
  assert(axis.to < dayNumber("2069-01-01") && axis.from > dayNumber("1900-01-01"));
});

test("a delay is a bar from its limit to its end, inside the drawing, its words beside it", () => {
  const span = { from: "2020-03-01", to: "2021-07-01", kind: "late", name: "涉嫌超期 487 天" };
  const early = { from: "2018-01-01", to: "2018-02-01", kind: "exempt", name: "延误" };
  const laid = laidOut([{ day: "2018-01-01", side: "real", name: "签订" }], [span, early], HOW);
  const [late, other] = laid.bars;
  assert(late.left < late.right && late.right <= 380);
  assert(other.y > late.y, "each bar has a row of its own");
  for (const bar of laid.bars) assert(bar.textLeft >= 0 && bar.textLeft + drawnWidth(bar.text) <= 380);
});

test("an axis of one day is still an axis, and the day of the scan is always on it", () => {
  const { x, from, to } = axisOf([], dayNumber("2021-07-01"), 380);
  assert(from < to && Math.abs(x(dayNumber("2021-07-01")) - 190) < 1);
});

test("a long name is clipped to its room and no further", () => {
  assert.strictEqual(clipped("开工", 100), "开工");
  const cut = clipped("国有建设用地使用权出让合同补充协议", 80);
  assert(cut.endsWith("…") && drawnWidth(cut) <= 80);
});

test("a bar is drawn for a suspected breach only: what is unknown or exempt is not late", () => {
  const rule = (code) => ({ code, title_zh: code });
  const finding = (code, status, days) => ({ rule: rule(code), status, limit: "2020-03-01", days });
  const { dates, spans } = limitsOf(words, [
    finding("A", "breach", 487),
    finding("B", "breach", 487),
    finding("C", "unknown", 487),
    finding("D", "exempt", 487),
    finding("E", "breach", NaN),
    { rule: rule("F"), status: "breach", limit: "", days: 3 },
  ]);
  assert.strictEqual(dates.length, 5);
  assert.deepStrictEqual(spans, [{ from: "2020-03-01", to: "2021-07-01", kind: "late", name: "card_late A list_comma B 487".replace(" list_comma ", "list_comma") }]);
  assert.strictEqual(dayAfter("2020-02-28", 1), "2020-02-29");
});

const told = (pairs) => new Map(Object.entries(pairs).map(([name, value]) => [name, { value, on: "", source: "" }]));
const contract = (agreed, { done = {}, events = [] } = {}) => ({
  agreed: told(agreed),
  done: told(done),
  known: told({}),
  unreadable: new Set(),
  events: events.map(told),
});
const HEAD = { events: { cause: { holds: "code", codes: { G1: ["未按约定交地", "late handover"] } } } };

test("a delay is exempt only where it is verified, and lasts where no end is told", () => {
  const delay = (verified, until) => ({ kind: "delay", on: "2020-01-01", cause: "G1", ...verified, ...until });
  const kinds = (events) => spansOf(words, HEAD, contract({}, { events }), "2021-07-01").map(({ kind, to }) => [kind, to]);
  assert.deepStrictEqual(kinds([delay({ verified: true }, {})]), [["exempt", "2021-07-01"]]);
  assert.deepStrictEqual(kinds([delay({ verified: false }, { until: "2020-05-01" })]), [["claimed", "2020-05-01"]]);
  assert.deepStrictEqual(kinds([delay({}, {})]), [["claimed", "2021-07-01"]], "nobody told that it is verified");
  assert.deepStrictEqual(kinds([{ kind: "payment", on: "2020-01-01" }]), []);
});

test("whether a contract is in force on the day is told only where its days are", () => {
  const term = (agreed) => termOn(contract(agreed), "2021-07-01");
  assert.strictEqual(term({ signed_on: "2015-01-01", tenure_ends_on: "2065-01-01" }), "card_term_running");
  assert.strictEqual(term({ signed_on: "2015-01-01", tenure_ends_on: "2021-07-01" }), "card_term_running");
  assert.strictEqual(term({ signed_on: "2015-01-01", tenure_ends_on: "2021-06-30" }), "card_term_over");
  assert.strictEqual(term({ signed_on: "2015-01-01" }), "card_term_open");
  assert.strictEqual(term({ signed_on: "2021-07-02" }), "card_term_later");
  assert.strictEqual(term({}), "card_term_untold");
});

test("one cell of many is read where it lies, and a blank is nothing, never zero", () => {
  const values = Array.from({ length: 1000 }, (_, row) => (row % 7 === 0 ? 0 : row * row));
  const bytes = Uint8Array.from(
    values.flatMap((value) => {
      const out = [];
      for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) + 128);
      return [...out, value];
    }),
  );
  const column = { bytes, head: { rows: 1000, places: 2 } };
  for (const row of [0, 1, 255, 256, 257, 511, 512, 999]) assert.strictEqual(peeked(column, row), values[row]);
  assert.strictEqual(cellAt(column, "decimal", 0), null);
  assert.strictEqual(cellAt(column, "decimal", 1), 0, "a told zero is a zero");
  assert.strictEqual(cellAt(column, "date", 7), null);
  assert.strictEqual(cellAt(new Uint8Array([0, 1, 2]), "yes_no", 0), null);
  assert.strictEqual(cellAt(new Uint8Array([0, 1, 2]), "yes_no", 1), false);
  assert.strictEqual(cellAt(undefined, "decimal", 1), null);
});
