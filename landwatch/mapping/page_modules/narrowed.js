// What narrows at the moment, in words, each with how to take it back; and what that would give.
import { shown } from "./filters.js";
import { industryName } from "./industries.js";
import { narrows, wholeSpan } from "./masks.js";

/**
 * One thing that narrows.
 * @typedef {{name: string, text: string, clear: (filters: any) => void}} Narrowing
 */

/**
 * Return what narrows, in the order of the panel.
 * @param {any} ledger
 * @param {any} filters
 * @param {any} words
 * @param {any[]} features those that narrow tell it by `narrowing()`
 * @returns {Narrowing[]}
 */
export function narrowings(ledger, filters, words, features) {
  const { head } = ledger;
  const pair = (/** @type {string} */ key, /** @type {string} */ value) =>
    `${words.say(key)}${words.say("colon")}${value}`;
  const hidden = [...filters.hidden].map((kind) => words.className(ledger.classes[kind]));
  /** @type {[boolean, string, () => string, (filters: any) => void][]} */
  const all = [
    [filters.words.trim() !== "", "words", () => pair("search", filters.words.trim()), (f) => (f.words = "")],
    [hidden.length > 0, "hidden", () => pair("panel_hidden", hidden.join(words.say("list_comma"))), (f) => f.hidden.clear()],
    [filters.rule >= 0, "rule", () => pair("rule", head.rules[filters.rule].code), (f) => (f.rule = -1)],
    [filters.zone >= 0, "zone", () => pair("zone", head.zones[filters.zone] || words.say("no_zone")), (f) => (f.zone = -1)],
    [filters.toVerify, "verify", () => words.say("only_to_verify"), (f) => (f.toVerify = false)],
    [filters.unplaced, "unplaced", () => words.say("panel_unplaced"), (f) => (f.unplaced = false)],
    [filters.holder !== null, "holder", () => pair("panel_holder", filters.holder), (f) => (f.holder = null)],
    [filters.landUse !== null, "use", () => pair("land_use", filters.landUse || words.say("panel_no_use")), (f) => (f.landUse = null)],
    [filters.industry !== null, "industry", () => pair("panel_industry", industryName(ledger, words, filters.industry) || words.say("panel_no_industry")), (f) => (f.industry = null)],
    [narrows(filters.area), "area", () => pair("panel_area", spanInWords(filters.area, "panel_mu_value", words)), (f) => (f.area = wholeSpan())],
    [narrows(filters.days) && filters.moment < 0, "days", () => pair("panel_days", spanInWords(filters.days, "panel_days_value", words)), (f) => (f.days = wholeSpan())],
    [filters.seen !== null, "seen", () => pair("panel_seen", seenInWords(filters.seen, words)), (f) => (f.seen = null)],
  ];
  const own = all.filter(([on]) => on).map(([, name, text, clear]) => ({ name, text: text(), clear }));
  return [...own, ...ofFeatures(filters, features)];
}

/**
 * @param {any} filters
 * @param {any[]} features
 * @returns {Narrowing[]}
 */
function ofFeatures(filters, features) {
  return features.flatMap((feature) => {
    const told = feature.narrowing?.();
    if (!told) return [];
    const clear = (/** @type {any} */ asked) => {
      asked.masks.delete(told.mask);
      if (asked === filters) told.undo();
    };
    return [{ name: told.mask, text: told.text, clear }];
  });
}

/**
 * @param {import("./masks.js").Span} span
 * @param {string} unit
 * @param {any} words
 */
function spanInWords({ from, to }, unit, words) {
  const told = (/** @type {number | null} */ value) => words.say(unit, { value: words.number(value ?? 0, 6) });
  if (from === null) return words.say("panel_at_most", { value: told(to) });
  if (to === null) return words.say("panel_at_least", { value: told(from) });
  return words.say("panel_between", { from: words.number(from, 6), to: told(to) });
}

/**
 * @param {number | "never"} seen
 * @param {any} words
 */
function seenInWords(seen, words) {
  return seen === "never" ? words.say("panel_seen_never") : words.say("panel_seen_over", { days: words.number(seen) });
}

/**
 * Return how much would be left without each thing that narrows, the most first; nothing helps at 0.
 * @param {any} ledger
 * @param {any} filters
 * @param {{found: (words: string) => any}} searcher
 * @param {Narrowing[]} narrowing
 */
export function loosened(ledger, filters, searcher, narrowing) {
  return narrowing
    .map((one) => {
      const tried = { ...filters, hidden: new Set(filters.hidden), masks: new Map(filters.masks) };
      one.clear(tried);
      const { contracts, parcels } = shown(ledger, tried, tried.words.trim() ? searcher.found(tried.words) : null);
      return { ...one, left: contracts.length + parcels.length };
    })
    .sort((a, b) => b.left - a.left);
}
