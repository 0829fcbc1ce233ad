// The order of the list: by gravity, days past, area, holder or number, either way round.

/** What the list may be sorted by. */
export const SORTS = ["grave", "days", "area", "holder", "number"];
const MOST_DAYS = 36500; // days past: longer ones are told apart when the few first are sorted

/**
 * Return the contracts that the filters leave, sorted; those without a value stand last either way.
 * @param {any} ledger
 * @param {{contracts: Uint32Array, classes: Uint8Array, days: Float64Array}} view
 * @param {{by: string, back: boolean}} sort `back` turns the usual direction round
 * @param {number} most how many are wanted
 * @returns {number[] | Uint32Array}
 */
export function ordered(ledger, view, sort, most) {
  if (sort.by === "grave") return byGravity(ledger, view, sort.back, most);
  if (sort.by === "days") return byDays(view, sort.back, most);
  return picked(standing(ledger, sort.by), view.contracts, ledger.contractCount, sort.back, most);
}

/**
 * @param {any} ledger
 * @param {{contracts: Uint32Array, classes: Uint8Array, days: Float64Array}} view
 * @param {boolean} back
 * @param {number} most
 */
function byGravity(ledger, { contracts, classes, days }, back, most) {
  const sizes = new Uint32Array(ledger.classes.length);
  for (let i = 0; i < contracts.length; i++) sizes[classes[contracts[i]]]++;
  const kinds = Array.from(sizes.keys()).filter((kind) => sizes[kind]);
  if (back) kinds.reverse();
  const out = new Uint32Array(Math.min(most, contracts.length));
  let filled = 0;
  for (const kind of kinds) {
    if (filled >= out.length) break;
    const same = new Uint32Array(sizes[kind]);
    for (let i = 0, at = 0; at < same.length; i++) {
      if (classes[contracts[i]] === kind) same[at++] = contracts[i];
    }
    for (const row of byDays({ contracts: same, days }, back, out.length - filled)) out[filled++] = row;
  }
  return out;
}

/**
 * Sort by days past, the longest first; then those whose days are not told, then those on time.
 * @param {{contracts: Uint32Array, days: Float64Array}} view
 * @param {boolean} back
 * @param {number} most
 */
function byDays({ contracts, days }, back, most) {
  const late = latest(contracts, days, back, most);
  if (back) late.sort((a, b) => days[a] - days[b] || a - b);
  else late.sort((a, b) => days[b] - days[a] || a - b);
  if (late.length >= most) return late.subarray(0, most);
  const out = new Uint32Array(Math.min(most, contracts.length));
  out.set(late);
  let filled = late.length;
  for (const untold of [true, false]) {
    for (let i = 0; i < contracts.length && filled < out.length; i++) {
      const at = days[contracts[i]];
      if (!(at > 0) && Number.isNaN(at) === untold) out[filled++] = contracts[i];
    }
  }
  return out;
}

/**
 * Return those past their day, or of very many only those that can be among the first.
 * @param {Uint32Array} contracts
 * @param {Float64Array} days
 * @param {boolean} back
 * @param {number} most
 */
function latest(contracts, days, back, most) {
  const late = new Uint32Array(contracts.length);
  let size = 0;
  const counts = new Uint32Array(MOST_DAYS + 1);
  for (let i = 0; i < contracts.length; i++) {
    const at = days[contracts[i]];
    if (!(at > 0)) continue;
    late[size++] = contracts[i];
    counts[Math.min(MOST_DAYS, Math.floor(at))]++;
  }
  if (size < 4 * most) return late.subarray(0, size);
  let bound = back ? 0 : MOST_DAYS;
  for (let sum = counts[bound]; sum < most; sum += counts[bound]) bound += back ? 1 : -1;
  return late.subarray(0, size).filter((row) => {
    const day = Math.min(MOST_DAYS, Math.floor(days[row]));
    return back ? day <= bound : day >= bound;
  });
}

/**
 * Return all contracts in an order that no filter changes, worked out once.
 * @param {any} ledger
 * @param {string} by
 * @returns {{rows: Uint32Array, told: number}} the first `told` have a value
 */
function standing(ledger, by) {
  ledger.orders ??= {};
  ledger.orders[by] ??=
    by === "area"
      ? byNumber(ledger.columns.contract_area_mu.values)
      : byText(ledger.columns[by === "holder" ? "holder" : "contract_id"]);
  return ledger.orders[by];
}

/**
 * Sort rows by a number, the largest first; NaN last.
 * @param {Float64Array} values
 */
export function byNumber(values) {
  const rows = Uint32Array.from(values.keys()).filter((row) => !Number.isNaN(values[row]));
  rows.sort((a, b) => values[b] - values[a] || a - b);
  return withTheRest(rows, values.length);
}

/**
 * Sort rows by their text as Chinese is sorted (by pinyin); blanks last.
 * @param {any} column texts one after the other, or a dictionary of them
 */
export function byText(column) {
  if (!column.words) return textsInOrder(column, column.rows);
  const { codes } = column;
  const words = textsInOrder(column.words, column.words.rows);
  const places = new Uint32Array(words.rows.length);
  words.rows.forEach((/** @type {number} */ word, /** @type {number} */ at) => (places[word] = at));
  const rows = Uint32Array.from(codes.keys()).filter((row) => places[codes[row]] < words.told);
  rows.sort((a, b) => places[codes[a]] - places[codes[b]] || a - b);
  return withTheRest(rows, codes.length);
}

/**
 * @param {any} texts
 * @param {number} count
 */
function textsInOrder(texts, count) {
  const offsets = texts.open();
  const { text } = texts;
  const rank = ranks(text);
  const rows = Uint32Array.from({ length: count }, (_, row) => row).filter(
    (row) => offsets[row + 1] > offsets[row],
  );
  const keys = beginnings(text, offsets, rank);
  rows.sort((a, b) => {
    if (keys[a] !== keys[b]) return keys[a] - keys[b];
    const [endA, endB] = [offsets[a + 1], offsets[b + 1]];
    let [i, j] = [offsets[a], offsets[b]];
    for (; i < endA && j < endB; i++, j++) {
      const apart = rank[text.charCodeAt(i)] - rank[text.charCodeAt(j)];
      if (apart) return apart;
    }
    return endA - i - (endB - j) || a - b;
  });
  return withTheRest(rows, count);
}

/**
 * Return how each text begins as one number, as many characters of it as are exact in one.
 * @param {string} text
 * @param {Uint32Array} offsets
 * @param {Uint16Array} rank
 */
function beginnings(text, offsets, rank) {
  const base = rank.reduce((most, one) => Math.max(most, one), 0) + 2;
  const digits = Math.floor(53 / Math.log2(base));
  const keys = new Float64Array(offsets.length - 1);
  for (let row = 0; row < keys.length; row++) {
    const [from, end] = [offsets[row], offsets[row + 1]];
    let key = 0;
    for (let at = from; at < from + digits; at++) key = key * base + (at < end ? rank[text.charCodeAt(at)] + 1 : 0);
    keys[row] = key;
  }
  return keys;
}

/**
 * Return the place of each character of a text among its characters, as Chinese is sorted.
 * @param {string} text
 */
function ranks(text) {
  const seen = new Uint8Array(65536);
  for (let i = 0; i < text.length; i++) seen[text.charCodeAt(i)] = 1;
  const collator = new Intl.Collator("zh-CN", { sensitivity: "base" });
  const characters = Array.from(seen.keys())
    .filter((code) => seen[code])
    .map((code) => ({ code, sign: String.fromCharCode(code) }));
  characters.sort((a, b) => collator.compare(a.sign, b.sign) || a.code - b.code);
  const rank = new Uint16Array(65536);
  let place = 0;
  characters.forEach(({ code, sign }, i) => {
    if (i && collator.compare(characters[i - 1].sign, sign)) place++;
    rank[code] = place;
  });
  return rank;
}

/**
 * @param {Uint32Array} rows
 * @param {number} count
 */
function withTheRest(rows, count) {
  const there = new Uint8Array(count);
  for (let i = 0; i < rows.length; i++) there[rows[i]] = 1;
  const out = new Uint32Array(count);
  out.set(rows);
  for (let row = 0, at = rows.length; row < count; row++) if (!there[row]) out[at++] = row;
  return { rows: out, told: rows.length };
}

/**
 * Walk through an order and pick what the filters leave.
 * @param {{rows: Uint32Array, told: number}} order
 * @param {Uint32Array} contracts
 * @param {number} count
 * @param {boolean} back
 * @param {number} most
 */
function picked({ rows, told }, contracts, count, back, most) {
  const kept = new Uint8Array(count);
  for (let i = 0; i < contracts.length; i++) kept[contracts[i]] = 1;
  const out = new Uint32Array(Math.min(most, contracts.length));
  let filled = 0;
  for (let i = 0; i < count && filled < out.length; i++) {
    const row = rows[back && i < told ? told - 1 - i : i];
    if (kept[row]) out[filled++] = row;
  }
  return out;
}
