// How fresh the ledger is: which sources are late, what they cover, how old the evidence is.
import { byId, element } from "./elements.js";

const MOST = 8;

/**
 * A source as its line tells it; see landwatch/mapping/freshness.py. What is counted of a park is
 * in `expected` and `covered` by then.
 * @typedef {{i: number, standing: string, tone: string, file: boolean, expected: number,
 *   covered: number, zones: number[][], ofPark?: boolean, here?: boolean, [name: string]: any}} Line
 */

/**
 * The freshness of the whole page: its sources, and how old the evidence is by park.
 * @typedef {{lines: Line[], ages: number[][], bands: number[]}} Fresh
 */

/** @typedef {import("./words.js").Words} Said */

/**
 * Show the freshness of the park that is chosen, or of all.
 * @param {Fresh | null} fresh
 * @param {Said} words
 * @param {number} zone
 */
export function showFreshness(fresh, words, zone) {
  const box = byId("lw-fresh");
  box.hidden = !fresh;
  if (!fresh) return;
  const opened = new Set(
    Array.from(box.querySelectorAll("details[open]"), (/** @type {HTMLElement} */ one) => one.parentElement?.dataset.line),
  );
  const lines = fresh.lines
    .map((line, i) => ({ ...line, i, ...counted(line, zone) }))
    .filter((line) => line.here);
  const shown = lines.slice(0, MOST).map((line) => freshLine(line, words, opened));
  const notes = [];
  if (!fresh.lines.length) notes.push(words.say("fresh_nothing"));
  if (lines.length > MOST) notes.push(words.say("fresh_more", { count: lines.length - MOST }));
  notes.push(agesInWords(fresh, words, zone));
  byId("lw-fresh-list").replaceChildren(...shown);
  byId("lw-fresh-notes").replaceChildren(
    ...notes.map((text) => element("p", { class: "lw-note", text })),
  );
}

/**
 * Return how a source stands in a park: by the park's own contracts; a file is of no park.
 * @param {Line} line
 * @param {number} zone
 */
function counted(line, zone) {
  if (zone < 0 || line.file) return { here: true };
  const own = line.zones.filter(([place]) => place === zone);
  const sum = (/** @type {number} */ at) => own.reduce((total, row) => total + row[at], 0);
  const [expected, covered] = [sum(1), sum(2)];
  const complete = covered === expected ? { standing: "complete", tone: "fine" } : {};
  return { here: own.length > 0, expected, covered, ofPark: true, ...complete };
}

/**
 * Open what is folded for paper, which cannot be unfolded, and fold it again for the screen.
 * @param {boolean} printing
 */
export function printFreshness(printing) {
  for (const one of byId("lw-fresh").querySelectorAll("details")) {
    if (printing) one.dataset.was = one.open ? "open" : "";
    one.open = printing || one.dataset.was === "open";
  }
}

/**
 * @param {Line} line
 * @param {Said} words
 * @param {Set<string | undefined>} opened the lines that are unfolded
 */
function freshLine(line, words, opened) {
  const of = (/** @type {string} */ name) => line[`${name}_${words.lang}`];
  const figures = line.expected
    ? words.say("fresh_covered", { ...line, share: shareInWords(line.covered, line.expected) })
    : "";
  const standing = words.name("standing", line.standing);
  const mark = element("span", { class: "lw-fresh-mark", text: standing });
  const told = element("p", { class: "lw-sub", text: of("text"), dir: "auto" });
  const more = element("details", {}, [element("summary", { text: words.say("fresh_who") }), told]);
  more.open = opened.has(String(line.i));
  return element("li", { class: "lw-fresh-line", "data-tone": line.tone, "data-line": line.i }, [
    element("div", { class: "lw-fresh-head" }, [
      mark,
      element("strong", { text: of("source") }),
      element("span", { class: "lw-fresh-figures", text: figures }),
    ]),
    line.expected ? meter(line) : null,
    element("span", { class: "lw-sub", text: of("beside") }),
    // Of one park neither the last report nor the names of the others are told.
    line.ofPark ? null : element("span", { class: "lw-sub", text: of("latest") }),
    !line.ofPark && ["late", "due"].includes(line.tone) ? more : null,
  ]);
}

/**
 * Make a bar of the share; its figures stand beside it in words.
 * @param {Line} line
 */
function meter({ covered, expected }) {
  const bar = element("span", {});
  bar.style.width = `${(100 * covered) / expected}%`;
  return element("span", { class: "lw-meter", "aria-hidden": "true" }, [bar]);
}

/**
 * Return a share as a percentage, cut and not rounded: less than all never reads 100 %.
 * @param {number} covered
 * @param {number} expected
 */
export function shareInWords(covered, expected) {
  const permille = Math.floor((covered * 1000) / expected);
  if (permille === 0 && covered) return "<0.1%";
  return `${permille / 10}%`;
}

/**
 * @param {Fresh} fresh
 * @param {Said} words
 * @param {number} zone
 */
function agesInWords({ ages, bands }, words, zone) {
  const own = ages.filter(([place]) => zone < 0 || place === zone);
  const [first, second, third, older, never] = [1, 2, 3, 4, 5].map((at) =>
    own.reduce((total, row) => total + row[at], 0),
  );
  const building = first + second + third + older + never;
  if (!building) return words.say("fresh_no_ages");
  const [a, b, c] = bands;
  return words.say("fresh_ages", { building, first, second, third, older, never, a, b, c });
}
