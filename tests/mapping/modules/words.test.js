// Words: places are filled once, figures never read as their limit, an unknown key is seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Words } from "../page_modules/words.js";

const words = new Words({ zh: { hello: "{name}，{count} 份", mu: "{area} 亩" }, en: { hello: "{name}: {count}" } }, "zh");

test("a value that looks like a place is not filled again", () => {
  assert.equal(words.say("hello", { name: "{count}", count: 3 }), "{count}，3 份");
  assert.equal(words.say("hello", { name: "$& $1 `", count: 3 }), "$& $1 `，3 份");
});

test("a place without value, and a key without sentence, stay to be seen", () => {
  assert.equal(words.say("hello", { name: "甲" }), "甲，{count} 份");
  assert.equal(words.say("nothing"), "nothing");
  assert.equal(words.name("status", "odd"), "odd");
});

test("a figure just beside its limit does not read as its limit", () => {
  assert.equal(words.figure(4.999, 5), "4.999");
  assert.equal(words.figure(5, 5), "5");
  assert.equal(words.figure(0.12345), "0.1235");
});
