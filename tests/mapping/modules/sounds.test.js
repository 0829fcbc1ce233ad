// Letters find characters by whole syllables, by initials and by any mixture of the two.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Sounds } from "../page_modules/sounds.js";

const UNDER = {
  huang: "黄皇", he: "河和", ji: "机", xie: "械", xi: "西", an: "安", xian: "先",
  hang: "行", xing: "行", zhong: "重中", chong: "重", qing: "庆", lv: "绿", lu: "绿", yuan: "园𠮷",
};
const sounds = new Sounds(UNDER);

function found(query, texts) {
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => (offsets[i + 1] = offsets[i] + text.length));
  const rows = [];
  sounds.matcher(query)?.search(texts.join(""), offsets, (row) => rows.push(row));
  return rows;
}

test("whole syllables, initials and mixtures of them find a name", () => {
  for (const query of ["huanghe", "hhjx", "huanghjx", "hhjxie", "huanghejixie", "jixie", "hejix", "huanghej"]) {
    assert.deepEqual(found(query, ["兰山玻璃", "黄河机械", "皇"]), [1], query);
  }
  assert.deepEqual(found("huanghee", ["黄河机械"]), []);
  assert.deepEqual(found("hjx", ["黄河机械"]), [0], "from the second character on");
});

test("a character with several readings is found by each, and zh by z and by zh", () => {
  for (const query of ["chongqing", "zhongqing", "cq", "chq", "zq", "zhq"]) assert.deepEqual(found(query, ["重庆"]), [0], query);
  assert.deepEqual(found("zhonghang", ["中行"]), [0]);
  assert.deepEqual(found("zhongxing", ["中行"]), [0]);
  for (const query of ["lvyuan", "luyuan", "lüyuan"]) assert.deepEqual(found(query, ["绿园"]), [0], query);
});

test("letters that may be cut in two ways are cut in both", () => {
  assert.deepEqual(found("xian", ["西安", "先"]), [0, 1]);
});

test("only the last syllable may be begun and not ended", () => {
  assert.deepEqual(found("huahe", ["黄河"]), []);
  assert.deepEqual(found("huangh", ["黄河"]), [0]);
});

test("a name ends where its row ends", () => {
  assert.deepEqual(found("huanghe", ["黄", "河", "黄河"]), [2]);
  assert.deepEqual(found("hh", ["黄", "河"]), []);
});

test("characters and letters may stand in one query, and rare characters of two units are found", () => {
  assert.deepEqual(found("黄he", ["黄河", "黄"]), [0]);
  assert.deepEqual(found("黄hjx", ["黄河机械"]), [0]);
  assert.deepEqual(found("heyuan", ["和𠮷园", "和𠮷"]), [0, 1]);
  assert.deepEqual(found("he𠮷", ["和园"]), []);
});

test("what cannot be meant as sounds is not tried", () => {
  for (const query of ["", "h", "42", "黄河", "ht-1".repeat(10), "𠮷"]) assert.equal(sounds.matcher(query), null, query);
  assert.equal(new Sounds({}).matcher("huanghe"), null);
});
