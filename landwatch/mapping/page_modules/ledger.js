// What the page knows: parcels, contracts, findings, and which of them pass the filters.
import { folded } from "./columns.js";

export const HIDDEN = 255;

/** The filters of the page; every field narrows what is shown.
 *
 * `masks` are the features' own: by name, a byte for each contract, 0 where it is left out. `moment`
 * is a row of `ledger.moments`, or -1 for the scan of the page.
 */
export function noFilters() {
  return {
    hidden: new Set(),
    rule: -1,
    zone: -1,
    toVerify: false,
    unplaced: false,
    words: "",
    masks: new Map(),
    moment: -1,
  };
}

/** Parcels, contracts and findings by columns. */
export class Ledger {
  constructor(drawing, telling, classes) {
    this.head = { ...drawing.head, ...telling.head };
    this.columns = telling.columns;
    this.classes = classes;
    this.parcelCount = drawing.head.parcels;
    this.drawn = drawing.head.drawn;
    this.contractCount = telling.head.contracts;
    this.parcelStart = added(this.columns.contract_parcels);
    this.parcelRows = this.columns.contract_parcel;
    this.findingStart = added(this.columns.contract_findings);
    this.classOf = classTable(classes);
    this.noContract = classes.findIndex((kind) => kind.code === "no_contract");
    this.moments = []; // the class of each contract at other moments, as a feature brings them
    this.linkParcels();
  }

  /** Turn "the parcels of a contract" round into "the contracts of a parcel". */
  linkParcels() {
    const counts = new Uint32Array(this.parcelCount);
    for (const parcel of this.parcelRows) counts[parcel]++;
    this.contractStart = added(counts);
    this.contractRows = new Uint32Array(this.parcelRows.length);
    const next = this.contractStart.slice();
    this.placed = new Uint8Array(this.contractCount);
    for (let contract = 0; contract < this.contractCount; contract++) {
      for (const parcel of this.parcelsOf(contract)) {
        this.contractRows[next[parcel]++] = contract;
        if (parcel < this.drawn) this.placed[contract] = 1;
      }
    }
  }

  parcelsOf(contract) {
    return this.parcelRows.subarray(this.parcelStart[contract], this.parcelStart[contract + 1]);
  }

  contractsOn(parcel) {
    return this.contractRows.subarray(this.contractStart[parcel], this.contractStart[parcel + 1]);
  }

  /** Return the rows of the findings of a contract, the gravest first. */
  findingsOf(contract) {
    const from = this.findingStart[contract];
    return Array.from({ length: this.findingStart[contract + 1] - from }, (_, i) => from + i);
  }

  text(column, row) {
    return this.columns[column].get(row);
  }

  rule(finding) {
    return this.head.rules[this.columns.finding_rule[finding]];
  }

  /** Return a finding as the card reads it: its rule, its class, its texts and its numbers. */
  finding(row) {
    return {
      rule: this.rule(row),
      kind: this.classes[this.findingClass(row)],
      text: (name) => this.text(`finding_${name}`, row),
      value: (name) => this.columns[`finding_${name}`].get(row),
    };
  }

  /** Return the parks that rules about parks speak of, each with its findings, the gravest first. */
  parks() {
    const parks = new Map();
    for (const told of this.head.park_findings) {
      const rule = this.head.park_rules[told.rule];
      const finding = {
        rule,
        park: true,
        kind: this.classes[this.classOf[rule.hatched ? 1 : 0][told.gravity]],
        text: (name) => told[name] ?? "",
        value: (name) => told[name] ?? NaN,
      };
      if (!parks.has(told.zone)) parks.set(told.zone, []);
      parks.get(told.zone).push(finding);
    }
    return parks;
  }

  /** Return the columns that tell when contracts were last seen, where the page has them. */
  evidence() {
    return { seen_on: this.columns.contract_seen_on, seen_by: this.columns.contract_seen_by };
  }

  /** Return the class of the map that a finding belongs to. */
  findingClass(finding) {
    return this.classOf[this.rule(finding).hatched ? 1 : 0][this.columns.finding_gravity[finding]];
  }

  zone(code) {
    return this.head.zones[code];
  }

  /** Return the class of each contract under the filters on findings, HIDDEN where none passes. */
  contractClasses(filters) {
    if (filters.moment >= 0) return this.moments[filters.moment];
    if (!narrowed(filters)) return this.columns.contract_class;
    const out = new Uint8Array(this.contractCount).fill(HIDDEN);
    for (let contract = 0; contract < this.contractCount; contract++) {
      for (let f = this.findingStart[contract]; f < this.findingStart[contract + 1]; f++) {
        if (this.passes(f, filters)) out[contract] = Math.min(out[contract], this.findingClass(f));
      }
    }
    return out;
  }

  passes(finding, { rule, toVerify }) {
    const { finding_rule: rules, finding_verify: verify } = this.columns;
    return (rule < 0 || rules[finding] === rule) && (!toVerify || verify[finding] === 1);
  }

  /** Return how long each contract shown as a breach is past its day, by the findings that show it. */
  daysPast(classes, filters) {
    if (filters.moment >= 0) return new Float64Array(this.contractCount); // told of the scan alone
    if (!narrowed(filters) && this.daysOfAll) return this.daysOfAll;
    const days = this.columns.finding_days_past.values;
    const out = new Float64Array(this.contractCount);
    for (let contract = 0; contract < this.contractCount; contract++) {
      const kind = classes[contract];
      if (this.classes[kind]?.gravity !== "breach") continue;
      for (let f = this.findingStart[contract]; f < this.findingStart[contract + 1]; f++) {
        if (!(days[f] > out[contract]) || this.findingClass(f) !== kind) continue;
        if (this.passes(f, filters)) out[contract] = days[f];
      }
    }
    if (!narrowed(filters)) this.daysOfAll = out;
    return out;
  }
}

/** Tell whether the filters choose among findings. */
function narrowed({ rule, toVerify }) {
  return rule >= 0 || toVerify;
}

function added(counts) {
  const out = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) out[i + 1] = out[i] + counts[i];
  return out;
}

const GRAVITIES = [
  "breach",
  "to_verify",
  "due_soon",
  "exempt",
  "unknown",
  "not_due",
  "compliant",
  "not_applicable",
];

/** Return the class of each gravity: first as law says it, then as a draft does. */
function classTable(classes) {
  const find = (gravity, hatched) =>
    classes.findIndex((kind) => kind.gravity === gravity && kind.hatched === hatched);
  const solid = GRAVITIES.map((gravity) => find(gravity, false));
  const pale = GRAVITIES.map((gravity, i) => (find(gravity, true) < 0 ? solid[i] : find(gravity, true)));
  return [solid, pale];
}

/** Return which contracts, and which parcels without contract, hold all the words. */
export function searched(ledger, words) {
  const parts = folded(words).trim().split(/\s+/).filter(Boolean);
  if (!parts.length) return null;
  const all = { contracts: null, parcels: null };
  for (const part of parts) {
    const found = searchedFor(ledger, part);
    all.contracts = both(all.contracts, found.contracts);
    all.parcels = both(all.parcels, found.parcels);
  }
  return all;
}

function searchedFor(ledger, part) {
  const contracts = new Uint8Array(ledger.contractCount);
  const parcels = new Uint8Array(ledger.parcelCount);
  for (const name of ["contract_id", "holder", "project"]) {
    ledger.columns[name].search(part, (row) => (contracts[row] = 1));
  }
  ledger.columns.parcel_id.search(part, (row) => {
    parcels[row] = 1;
    for (const contract of ledger.contractsOn(row)) contracts[contract] = 1;
  });
  return { contracts, parcels };
}

function both(before, now) {
  return before ? now.map((value, i) => value & before[i]) : now;
}

/** Return what the filters leave: classes to draw, contracts to list, counts for the legend. */
export function shown(ledger, filters, found) {
  const classes = ledger.contractClasses(filters);
  const counts = ledger.classes.map(() => ({ count: 0, mu: 0, untold: 0 }));
  const parcelClasses = new Uint8Array(ledger.parcelCount).fill(HIDDEN);
  const contracts = [];
  const passed = new Uint8Array(ledger.contractCount); // those of hidden classes too
  const zones = ledger.columns.contract_zone;
  const area = ledger.columns.contract_area_mu.values;
  const masks = [...filters.masks.values()];
  for (let c = 0; c < ledger.contractCount; c++) {
    const kind = classes[c];
    if (kind === HIDDEN || (found && !found.contracts[c])) continue;
    if (filters.zone >= 0 && zones[c] !== filters.zone) continue;
    if (filters.unplaced && ledger.placed[c]) continue;
    if (masks.some((mask) => !mask[c])) continue;
    count(counts[kind], area[c]);
    passed[c] = 1;
    if (filters.hidden.has(kind)) continue;
    contracts.push(c);
    for (const parcel of ledger.parcelsOf(c)) {
      if (kind < parcelClasses[parcel]) parcelClasses[parcel] = kind;
    }
  }
  const parcels = bareParcels(ledger, filters, found, counts, parcelClasses);
  const days = ledger.daysPast(classes, filters);
  return { classes, days, counts, parcelClasses, contracts, parcels, passed };
}

/** Count, and draw, the parcels that no contract speaks of. */
function bareParcels(ledger, filters, found, counts, parcelClasses) {
  const left = [];
  if (filters.rule >= 0 || filters.toVerify || filters.masks.size) return left;
  const zones = ledger.columns.parcel_zone;
  const area = ledger.columns.parcel_area_mu.values;
  for (let p = 0; p < ledger.parcelCount; p++) {
    if (ledger.contractStart[p] !== ledger.contractStart[p + 1]) continue;
    if (found && !found.parcels[p]) continue;
    if (filters.zone >= 0 && zones[p] !== filters.zone) continue;
    if (filters.unplaced && p < ledger.drawn) continue;
    count(counts[ledger.noContract], area[p]);
    if (filters.hidden.has(ledger.noContract)) continue;
    left.push(p);
    parcelClasses[p] = ledger.noContract;
  }
  return left;
}

function count(line, mu) {
  line.count++;
  if (Number.isNaN(mu)) line.untold++;
  else line.mu += mu;
}

/** Return the `most` gravest contracts, those longest past their day first. */
export function gravest(ledger, { contracts, classes, days }, most) {
  const byClass = ledger.classes.map(() => []);
  for (const contract of contracts) byClass[classes[contract]].push(contract);
  const out = [];
  for (const same of byClass) {
    if (out.length >= most) break;
    out.push(...same.sort((a, b) => days[b] - days[a] || a - b).slice(0, most - out.length));
  }
  return out;
}
