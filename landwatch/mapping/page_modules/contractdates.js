// The dates of a contract for its timeline: what was agreed, what was done, limits and spans.
import { valueInWords } from "./terms.js";

/** @typedef {import("./timeline.js").Dated} Dated */
/** @typedef {import("./timeline.js").Span} Span */

/** @type {[string, "agreed" | "real"][]} */
const OF_CONTRACT = [
  ["signed_on", "real"],
  ["supplied_on", "real"],
  ["agreement_signed_on", "real"],
  ["conversion_approved_on", "real"],
  ["agreed_delivery_on", "agreed"],
  ["agreed_start_on", "agreed"],
  ["agreed_completion_on", "agreed"],
  ["tenure_ends_on", "agreed"],
  ["delivered_on", "real"],
  ["actual_start_on", "real"],
  ["actual_completion_on", "real"],
];
const OF_REPORTS = ["permit_on", "suspended_since", "resumed_on", "in_production_on", "completed_on", "unused_since"];
/** @type {[string, string, string][]} */
const SEEN = [
  ["started_by_on", "card_seen_started", "actual_start_on"],
  ["not_started_last_on", "card_seen_not_started", ""],
  ["completion_seen_by_on", "card_seen_complete", "actual_completion_on"],
  ["not_complete_last_on", "card_seen_not_complete", ""],
  ["production_seen_by_on", "card_seen_producing", ""],
];

/**
 * Return the dates that the terms, the reports and the events of a contract tell.
 * @param {any} words
 * @param {any} head
 * @param {import("./terms.js").ContractTerms} told
 * @param {string} asOf the day of the scan: a report or an event of a later day has not happened
 * @returns {Dated[]}
 */
export function datesOf(words, head, told, asOf) {
  const lang = words.lang;
  /** @type {Dated[]} */
  const dates = [];
  for (const [name, side] of OF_CONTRACT) {
    const found = told.agreed.get(name);
    const later = side === "real" && found && String(found.value) > asOf;
    if (!found || (name === "supplied_on" && found.value === told.agreed.get("signed_on")?.value)) continue;
    dates.push({ day: String(found.value), side: later ? "agreed" : side, name: head.contract[name][lang], more: later ? words.say("card_after_scan") : "" });
  }
  for (const name of OF_REPORTS) {
    const found = told.done.get(name);
    if (found) dates.push({ day: String(found.value), side: "real", name: head.progress[name][lang], more: seenWords(words, found) });
  }
  for (const [name, key, instead] of SEEN) {
    const found = told.known.get(name);
    if (!found || told.agreed.has(instead)) continue;
    dates.push({ day: String(found.value), side: "real", name: words.say(key) });
  }
  for (const event of told.events) dates.push(...datesOfEvent(words, head, event));
  return dates;
}

/**
 * @param {any} words
 * @param {{on: string, source: string}} found
 */
function seenWords(words, { on, source }) {
  return on ? words.say("seen_by", { day: on, by: words.name("progress_source", source) }) : "";
}

/**
 * Return the dates of an event: its own, and those that it agrees on anew.
 * @param {any} words
 * @param {any} head
 * @param {Map<string, import("./terms.js").ToldValue>} event
 * @returns {Dated[]}
 */
function datesOfEvent(words, head, event) {
  const kind = head.events.kind;
  const of = (/** @type {string} */ name) => event.get(name)?.value;
  const name = valueInWords(words, kind, String(of("kind") ?? ""));
  const told = ["cause", "until", "verified", "amount_wan", "document_no", "note"].flatMap((column) => {
    const value = of(column);
    if (value === undefined) return [];
    const title = head.events[column][words.lang];
    return [`${title}${words.say("colon")}${valueInWords(words, head.events[column], value)}`];
  });
  const anew = ["agreed_start_on", "agreed_completion_on"].flatMap((column) => {
    const day = of(column);
    if (day === undefined) return [];
    /** @type {Dated} */
    const dated = { day: String(day), side: "agreed", name: head.events[column][words.lang], more: name };
    return [dated];
  });
  return [{ day: String(of("on")), side: "real", name, more: told.join(words.say("card_semicolon")) }, ...anew];
}

/**
 * Return the spans of a contract: delays told by events, and a building halt.
 * @param {any} words
 * @param {any} head
 * @param {import("./terms.js").ContractTerms} told
 * @param {string} asOf
 * @returns {Span[]}
 */
export function spansOf(words, head, told, asOf) {
  /** @type {Span[]} */
  const spans = [];
  for (const event of told.events) {
    if (event.get("kind")?.value !== "delay") continue;
    const verified = event.get("verified")?.value === true;
    const cause = event.get("cause")?.value;
    const until = event.get("until")?.value;
    const name = words.say(verified ? "card_delay_verified" : "card_delay_claimed", {
      cause: cause ? valueInWords(words, head.events.cause, cause) : words.say("card_no_cause"),
    });
    spans.push({
      from: String(event.get("on")?.value),
      to: String(until ?? asOf),
      kind: verified ? "exempt" : "claimed",
      name: until ? name : `${name}${words.say("card_lasting")}`,
    });
  }
  const since = told.done.get("suspended_since");
  const resumed = told.done.get("resumed_on");
  if (since) {
    const over = resumed && resumed.value >= since.value;
    const to = String(over ? resumed.value : since.on || asOf);
    spans.push({ from: String(since.value), to, kind: "halted", name: words.say(over ? "card_halted" : "card_halted_seen", { day: to }) });
  }
  return spans;
}

/**
 * Return the limits of findings, one for each day and name, and a bar for each suspected delay.
 * @param {any} words
 * @param {{rule: any, status: string, limit: string, days: number}[]} findings
 * @returns {{dates: Dated[], spans: Span[]}}
 */
export function limitsOf(words, findings) {
  /** @type {Map<string, Dated>} */
  const dates = new Map();
  /** @type {Map<string, {span: Span, codes: string[]}>} */
  const bars = new Map();
  for (const { rule, status, limit, days } of findings) {
    if (!limit) continue;
    const name = words.say("card_limit", { rule: rule.code });
    dates.set(`${limit} ${rule.code}`, { day: limit, side: "limit", name, more: rule[`title_${words.lang}`] });
    if (status !== "breach" || !(days > 0)) continue;
    const to = dayAfter(limit, days);
    const known = bars.get(`${limit} ${to}`);
    if (known) known.codes.push(rule.code);
    else bars.set(`${limit} ${to}`, { span: { from: limit, to, kind: "late", name: String(days) }, codes: [rule.code] });
  }
  const spans = Array.from(bars.values(), ({ span, codes }) => ({
    ...span,
    name: words.say("card_late", { rules: codes.join(words.say("list_comma")), days: words.number(Number(span.name)) }),
  }));
  return { dates: [...dates.values()], spans };
}

/**
 * @param {string} day
 * @param {number} days
 */
export function dayAfter(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
}

/**
 * How a contract's term stands on the day of the scan; unknown where the ledger does not tell.
 * @param {import("./terms.js").ContractTerms} told
 * @param {string} asOf
 * @returns {"card_term_later" | "card_term_over" | "card_term_open" | "card_term_untold" | "card_term_running"}
 */
export function termOn(told, asOf) {
  const signed = told.agreed.get("signed_on")?.value ?? told.agreed.get("supplied_on")?.value;
  const ends = told.agreed.get("tenure_ends_on")?.value;
  if (ends !== undefined && ends < asOf) return "card_term_over";
  if (signed === undefined) return "card_term_untold";
  if (signed > asOf) return "card_term_later";
  return ends === undefined ? "card_term_open" : "card_term_running";
}
