import assert from "node:assert/strict";
import { test } from "node:test";

import { Changes, alike, changeMask } from "../page_modules/changes.js";
import { HIDDEN } from "../page_modules/ledger.js";

const KINDS = ["new", "escalated", "changed", "eased", "cured", "vanished", "added", "quiet", "unchanged", "altered"];
const texts = (values) => ({ get: (row) => values[row] });

// contract 2: new, and cured by another program's hand; contract 5: eased; then one gone, one park
function told() {
  return new Changes(
    { here: 3, gone: 2, parks: 1, rules: [{ code: "A" }, { code: "B" }] },
    {
      change_gap: Uint32Array.of(2, 0, 3),
      change_rule: Uint8Array.of(0, 1, 0, 0, 1, 1),
      change_kind: Uint8Array.of(0, 4, 3, 5, 5, 0),
      change_altered: Uint8Array.of(0, 1, 0, 0, 0, 0),
      change_before: Uint8Array.of(10, 0, 0, 8, 1, 10),
      change_after: Uint8Array.of(0, 11, 2, HIDDEN, HIDDEN, 0),
      change_name: texts(["G1", "G1", "甲园区"]),
      change_holder: texts(["黄河", "黄河", ""]),
    },
    KINDS,
  );
}

test("the rows of a contract are found, none of one that did not change", () => {
  const changes = told();
  assert.deepEqual(changes.of(2), [0, 1]);
  assert.deepEqual(changes.of(5), [2]);
  assert.deepEqual(changes.of(3), []);
  assert.deepEqual(changes.of(99), []);
  assert.equal(changes.rule(1).code, "B");
});

test("what another program's hand is in is never called cured", () => {
  assert.equal(told().kind(1), "altered");
  assert.equal(told().kind(2), "eased");
});

test("altered rows are read first, and kinds narrow the list", () => {
  const changes = told();
  assert.deepEqual(changes.wanted(() => true, new Set()), [1, 0, 2]);
  assert.deepEqual(changes.wanted(() => true, new Set(["cured"])), []);
  assert.deepEqual(changes.wanted(() => true, new Set(["eased", "new"])), [0, 2]);
  assert.deepEqual(changes.wanted((contract) => contract === 5, new Set()), [2]);
});

test("what has no contract on the page stands by its name, the gravest outcome first", () => {
  const changes = told();
  assert.deepEqual([...changes.gone()], [["G1", [4, 3]]]);
  assert.deepEqual([...changes.parks()], [["甲园区", [5]]]);
  assert.equal(changes.holder(4), "黄河");
});

test("a contract passes with any of the kinds that are wanted", () => {
  const mixtures = [1 << 8, (1 << 0) | (1 << 9), 1 << 4];
  const codes = Uint8Array.of(0, 1, 2, 1);
  assert.deepEqual([...changeMask(codes, mixtures, KINDS, new Set(["altered"]))], [0, 1, 0, 1]);
  assert.deepEqual([...changeMask(codes, mixtures, KINDS, new Set(["new", "cured"]))], [0, 1, 1, 1]);
});

test("rows that say the same are one line, in the order of the first", () => {
  const said = ["a", "b", "a", "c", "b"];
  assert.deepEqual(alike([0, 1, 2, 3, 4], (row) => said[row]), [[0, 2], [1, 4], [3]]);
});
