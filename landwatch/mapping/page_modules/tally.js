// Adding up contracts by unit (division or park): numbers and areas by class, and idle land.

export const UNTOLD = -1;
/** What a contract's rules of idle land say of it; the gravest counts. */
export const IDLE = { none: 0, unknown: 1, verify: 2, breach: 3 };
const SHARES = [0.05, 0.1, 0.2, 0.4];
/**
 * The measures by which units are told apart: their fixed breaks, and the keys of their words.
 * @type {Record<string, {breaks: number[], share: boolean, name: string, note: string}>}
 */
export const MEASURES = {
  breach_share: { breaks: SHARES, share: true, name: "summary_breach_share", note: "summary_note_breach_share" },
  breach_area: { breaks: SHARES, share: true, name: "summary_breach_area", note: "summary_note_breach_area" },
  verify_share: { breaks: SHARES, share: true, name: "summary_verify_share", note: "summary_note_verify_share" },
  idle_mu: { breaks: [50, 200, 1000, 5000], share: false, name: "summary_idle_mu", note: "summary_note_idle_mu" },
  count: { breaks: [10, 50, 200, 1000], share: false, name: "summary_count", note: "summary_note_count" },
};
const JUDGED = new Set(["breach", "due_soon", "exempt", "not_due", "compliant"]);

/**
 * What is added up of each unit.
 * @typedef {{units: number, kinds: number, counts: Float64Array, mu: Float64Array,
 *   untold: Float64Array, idleCount: Float64Array, idleMu: Float64Array, idleUntold: Float64Array}} Tally
 */

/**
 * Add up the contracts that passed.
 * @param {{units: number, unitOf: Rows, kinds: number, classes: Rows, passed: Uint8Array | null,
 *   areas: Float64Array, idle: Uint8Array | null}} given
 * @returns {Tally}
 */
export function tallied({ units, unitOf, kinds, classes, passed, areas, idle }) {
  const counts = new Float64Array(units * kinds);
  const [mu, untold] = [new Float64Array(units * kinds), new Float64Array(units * kinds)];
  const [idleCount, idleMu, idleUntold] = [0, 0, 0].map(() => new Float64Array(units * 4));
  for (let c = 0; c < unitOf.length; c++) {
    if (passed && !passed[c]) continue;
    if (classes[c] >= kinds) continue;
    const at = unitOf[c] * kinds + classes[c];
    const area = areas[c];
    const blank = area !== area;
    counts[at]++;
    if (blank) untold[at]++;
    else mu[at] += area;
    if (!idle) continue;
    const state = unitOf[c] * 4 + idle[c];
    idleCount[state]++;
    if (blank) idleUntold[state]++;
    else idleMu[state] += area;
  }
  return { units, kinds, counts, mu, untold, idleCount, idleMu, idleUntold };
}

/**
 * Add each unit to the one above it; those that have none stay below.
 * @param {Tally} tally
 * @param {(unit: number) => number} above the unit above, -1 where there is none
 * @returns {Tally}
 */
export function rolledUp(tally, above) {
  const up = { ...tally };
  const names = /** @type {const} */ (["counts", "mu", "untold", "idleCount", "idleMu", "idleUntold"]);
  for (const name of names) {
    const width = tally[name].length / tally.units;
    const sums = new Float64Array(tally[name].length);
    for (let unit = 0; unit < tally.units; unit++) {
      const to = above(unit) < 0 ? unit : above(unit);
      for (let k = 0; k < width; k++) sums[to * width + k] += tally[name][unit * width + k];
    }
    up[name] = sums;
  }
  return up;
}

/**
 * The figures of a unit; a share is UNTOLD where nothing could be judged.
 * @typedef {{all: number, mu: number, untold: number, breach: number, breachMu: number,
 *   verify: number, judged: number, judgedMu: number, unknown: number, breachShare: number,
 *   breachArea: number, verifyShare: number, idleCount: number, idleMu: number, idleVerify: number,
 *   idleVerifyMu: number, idleUntold: number, idleUnknown: number}} Figures
 */

/**
 * Return the figures of a unit. Only what binding law, rules or contracts say is a breach or to be
 * verified here; a contract of which only a draft or a report speaks so is counted as judged.
 * @param {Tally} tally
 * @param {number} unit
 * @param {MapClass[]} classes
 * @returns {Figures}
 */
export function figuresOf(tally, unit, classes) {
  const told = { all: 0, mu: 0, untold: 0, breach: 0, breachMu: 0, verify: 0, judged: 0, judgedMu: 0, unknown: 0 };
  classes.forEach((kind, k) => {
    const at = unit * tally.kinds + k;
    const [count, mu] = [tally.counts[at], tally.mu[at]];
    told.all += count;
    told.mu += mu;
    told.untold += tally.untold[at];
    if (JUDGED.has(kind.gravity)) {
      told.judged += count;
      told.judgedMu += mu;
    }
    if (kind.gravity === "unknown") told.unknown += count;
    if (kind.code === "breach") {
      told.breach += count;
      told.breachMu += mu;
    }
    if (kind.code === "to_verify") told.verify += count;
  });
  const at = unit * 4;
  return {
    ...told,
    breachShare: told.judged ? told.breach / told.judged : UNTOLD,
    breachArea: told.judgedMu ? told.breachMu / told.judgedMu : UNTOLD,
    verifyShare: told.all ? told.verify / told.all : UNTOLD,
    idleCount: tally.idleCount[at + IDLE.breach],
    idleMu: tally.idleMu[at + IDLE.breach],
    idleVerify: tally.idleCount[at + IDLE.verify],
    idleVerifyMu: tally.idleMu[at + IDLE.verify],
    idleUntold: tally.idleUntold[at + IDLE.breach] + tally.idleUntold[at + IDLE.verify],
    idleUnknown: tally.idleCount[at + IDLE.unknown],
  };
}

/**
 * Return the value of a measure; UNTOLD where it is not known, which is not zero.
 * @param {string} measure
 * @param {Figures} figures
 * @param {boolean} known whether the ledger has any contract of the unit
 */
export function measured(measure, figures, known) {
  if (!known) return UNTOLD;
  if (measure === "count") return figures.all;
  if (measure === "breach_share") return figures.breachShare;
  if (measure === "breach_area") return figures.breachArea;
  if (measure === "verify_share") return figures.verifyShare;
  const mu = figures.idleMu + figures.idleVerifyMu;
  // No land found idle is nought only where nothing is left open.
  return mu === 0 && (figures.idleUntold || figures.idleUnknown || !figures.all) ? UNTOLD : mu;
}

/**
 * Return the band of a value: -1 untold, 0 nought, then by the breaks, each belonging to the band above.
 * @param {string} measure
 * @param {number} value
 */
export function bandOf(measure, value) {
  if (value === UNTOLD) return -1;
  if (value === 0) return 0;
  const { breaks } = MEASURES[measure];
  return 1 + breaks.filter((limit) => value >= limit).length;
}

/**
 * Return what the rules of idle land say of each contract; a draft or a report accuses nobody here.
 * @param {{contractCount: number, findingStart: Uint32Array, rules: Rows, gravities: Rows}} given
 * @param {Set<number>} idleRules
 * @param {{breach: number, to_verify: number, unknown: number}} codes of the gravities
 */
export function idleStates({ contractCount, findingStart, rules, gravities }, idleRules, codes) {
  const counted = new Uint8Array(65536);
  for (const rule of idleRules) counted[rule] = 1;
  const states = new Uint8Array(contractCount);
  for (let c = 0; c < contractCount; c++) {
    for (let f = findingStart[c]; f < findingStart[c + 1]; f++) {
      if (!counted[rules[f]]) continue;
      const gravity = gravities[f];
      const state =
        gravity === codes.breach
          ? IDLE.breach
          : gravity === codes.to_verify
            ? IDLE.verify
            : gravity === codes.unknown
              ? IDLE.unknown
              : IDLE.none;
      if (state > states[c]) states[c] = state;
    }
  }
  return states;
}

/**
 * Return a share as a percentage, never rounded over a limit that it does not reach.
 * @param {any} words
 * @param {number} share
 */
export function shareText(words, share) {
  const permille = Math.floor(share * 1000 + 1e-9);
  if (permille === 0 && share > 0) return `<${words.number(0.1)} %`;
  return `${words.number(permille / 10, 1)} %`;
}
