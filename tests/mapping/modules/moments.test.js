import assert from "node:assert/strict";
import { test } from "node:test";

import { HIDDEN } from "../page_modules/ledger.js";
import { addMoment, classesOfMonth, contractsOf, countedClasses, linesOf, momentName, runsOf } from "../page_modules/moments.js";

test("a month is all of its classes, or the month after with some of them otherwise", () => {
  assert.deepEqual([...classesOfMonth(Uint8Array.of(0, 3, 1, 255), Uint8Array.of(0, 0, 0))], [3, 1, 255]);
  const after = Uint8Array.of(5, 5, 5, 5, 5);
  const bytes = Uint8Array.of(1, 2, 1, 2, 7, 255); // two of them: gaps 1 and 2, classes 7 and 255
  assert.deepEqual([...classesOfMonth(bytes, after)], [5, 7, 5, 5, 255]);
  assert.deepEqual([...after], [5, 5, 5, 5, 5], "the month after stays what it is");
});

test("a month in which nothing was different is the month after", () => {
  assert.deepEqual([...classesOfMonth(Uint8Array.of(1, 0), Uint8Array.of(4, 2))], [4, 2]);
});

test("gaps beyond a byte are read to the last contract", () => {
  const after = new Uint8Array(400).fill(9);
  const out = classesOfMonth(Uint8Array.of(1, 1, 0x8f, 0x03, 2), after); // 399 contracts before it
  assert.equal(out[399], 2);
  assert.equal(out.filter((kind) => kind === 9).length, 399);
});

test("contracts are counted by class, those not there last, all or of one park", () => {
  const classes = Uint8Array.of(0, 1, 1, HIDDEN, 0);
  const zones = Uint8Array.of(1, 1, 2, 2, 2);
  assert.deepEqual(countedClasses(classes, 3, zones, -1), [2, 2, 0, 1]);
  assert.deepEqual(countedClasses(classes, 3, zones, 2), [1, 1, 0, 1]);
});

test("a month tells how many more than the month before, and nothing against a month of which nothing is known", () => {
  const counts = [[0, 0, 5], [2, 0, 3], [1, 4, 0]];
  assert.deepEqual(linesOf(counts, [false, true], 1), [
    { kind: 0, count: 2, more: 0 },
    { kind: 2, count: 3, more: 0 },
  ]);
  assert.deepEqual(linesOf(counts, [false, true], 2), [
    { kind: 0, count: 1, more: -1 },
    { kind: 1, count: 4, more: 4 },
    { kind: 2, count: 0, more: -3 },
  ]);
  assert.deepEqual(linesOf(counts, [true, true], 0), [{ kind: 2, count: 5, more: 0 }]);
});

test("months in which a contract stays as it is are one run", () => {
  assert.deepEqual(runsOf([4, 4, 0, HIDDEN, HIDDEN]), [
    { from: 0, to: 1, kind: 4 },
    { from: 2, to: 2, kind: 0 },
    { from: 3, to: 4, kind: HIDDEN },
  ]);
});

test("a moment is worked out once, when it is first wanted", () => {
  const ledger = { moments: [] };
  let times = 0;
  const make = () => {
    times++;
    return Uint8Array.of(1);
  };
  assert.equal(addMoment(ledger, make), 0);
  assert.equal(addMoment(ledger, make), 1);
  assert.equal(times, 0);
  assert.equal(ledger.moments[1], ledger.moments[1]);
  assert.equal(times, 1);
  assert.equal(ledger.moments.length, 2);
});

test("a card of parcels speaks of each of their contracts once, a park of none", () => {
  const on = [[1, 2], [2]];
  const ledger = { contractsOn: (parcel) => Uint32Array.from(on[parcel]) };
  assert.deepEqual(contractsOf(ledger, { parcels: [0, 1] }), [1, 2]);
  assert.deepEqual(contractsOf(ledger, { contract: 7 }), [7]);
  assert.deepEqual(contractsOf(ledger, { park: 3 }), []);
});

test("a breach of the past is suspected too, and one not there is said to be so", () => {
  const page = {
    ledger: { classes: [{ gravity: "breach", code: "breach" }, { gravity: "unknown", code: "unknown" }] },
    words: {
      className: (kind) => (kind.gravity === "breach" ? "suspected breach" : kind.gravity),
      say: (key, values) => `${key} ${values?.name ?? ""}`.trim(),
    },
  };
  assert.equal(momentName(page, 0), "suspected breach");
  assert.equal(momentName(page, 1), "unknown");
  assert.equal(momentName(page, HIDDEN), "time_not_there");
});
