import assert from "node:assert/strict";
import { test } from "node:test";

import { IDLE, UNTOLD, bandOf, figuresOf, idleStates, measured, rolledUp, tallied } from "../page_modules/tally.js";

const CLASSES = [
  { code: "breach", gravity: "breach" },
  { code: "to_verify", gravity: "to_verify" },
  { code: "breach_hatched", gravity: "breach" },
  { code: "unknown", gravity: "unknown" },
  { code: "compliant", gravity: "compliant" },
];
// unit 1: a breach of 30 mu, a compliant one of 70, one unknown; unit 2: unknown only; unit 3: nothing
const GIVEN = {
  units: 4,
  unitOf: Uint8Array.of(1, 1, 1, 2, 2),
  kinds: CLASSES.length,
  classes: Uint8Array.of(0, 4, 3, 3, 1),
  passed: null,
  areas: Float64Array.of(30, 70, 5, NaN, 20),
  idle: Uint8Array.of(IDLE.breach, IDLE.none, IDLE.none, IDLE.unknown, IDLE.verify),
};

test("shares are of what could be judged, by number and by area", () => {
  const told = figuresOf(tallied(GIVEN), 1, CLASSES);
  assert.deepEqual([told.all, told.judged, told.breach], [3, 2, 1]);
  assert.equal(told.breachShare, 0.5);
  assert.equal(told.breachArea, 0.3);
});

test("where nothing was judged the share is untold, never nought", () => {
  const told = figuresOf(tallied({ ...GIVEN, passed: Uint8Array.of(1, 1, 1, 1, 0) }), 2, CLASSES);
  assert.equal(told.breachShare, UNTOLD);
  assert.equal(measured("breach_share", told, true), UNTOLD);
  assert.equal(told.untold, 1);
});

test("what a draft or a report says is no breach here", () => {
  const told = figuresOf(tallied({ ...GIVEN, classes: Uint8Array.of(2, 4, 3, 3, 1) }), 1, CLASSES);
  assert.deepEqual([told.breach, told.judged], [0, 2]);
});

test("a unit that the ledger does not know is untold by every measure", () => {
  const told = figuresOf(tallied(GIVEN), 3, CLASSES);
  for (const name of ["count", "breach_share", "idle_mu"]) assert.equal(measured(name, told, false), UNTOLD);
  assert.equal(measured("count", told, true), 0);
});

test("idle land is what is in breach or to be verified; nought only where nothing is open", () => {
  const tally = tallied(GIVEN);
  assert.equal(measured("idle_mu", figuresOf(tally, 1, CLASSES), true), 30);
  assert.equal(measured("idle_mu", figuresOf(tally, 2, CLASSES), true), 20);
  const open = tallied({ ...GIVEN, passed: Uint8Array.of(0, 1, 1, 1, 0) });
  assert.equal(measured("idle_mu", figuresOf(open, 1, CLASSES), true), 0);
  assert.equal(measured("idle_mu", figuresOf(open, 2, CLASSES), true), UNTOLD);
});

test("what a filter leaves out is not counted, and a hidden class is not a class", () => {
  assert.equal(figuresOf(tallied({ ...GIVEN, passed: Uint8Array.of(0, 1, 1, 1, 1) }), 1, CLASSES).all, 2);
  assert.equal(figuresOf(tallied({ ...GIVEN, classes: Uint8Array.of(255, 4, 3, 3, 1) }), 1, CLASSES).all, 2);
});

test("districts add up to their province, and one without stays", () => {
  const up = rolledUp(tallied(GIVEN), (unit) => (unit === 1 ? 2 : -1));
  assert.equal(figuresOf(up, 2, CLASSES).all, 5);
  assert.equal(figuresOf(up, 1, CLASSES).all, 0);
  assert.equal(figuresOf(up, 2, CLASSES).idleMu, 30);
});

test("a break belongs to the band above it; nought and untold stand apart", () => {
  const bands = [UNTOLD, 0, 0.001, 0.05, 0.0999, 0.1, 0.4, 1].map((v) => bandOf("breach_share", v));
  assert.deepEqual(bands, [-1, 0, 1, 2, 2, 3, 5, 5]);
});

test("the gravest rule of idle land speaks for a contract, other rules not", () => {
  const given = {
    contractCount: 3,
    findingStart: Uint32Array.of(0, 2, 3, 4),
    rules: Uint8Array.of(1, 1, 0, 1),
    gravities: Uint8Array.of(1, 0, 0, 4),
  };
  const states = idleStates(given, new Set([1]), { breach: 0, to_verify: 1, unknown: 4 });
  assert.deepEqual([...states], [IDLE.breach, IDLE.none, IDLE.unknown]);
});
