// What the page knows: parcels, contracts and findings, by columns.

export const HIDDEN = 255;

/**
 * A finding as the card reads it.
 * @typedef {{rule: any, kind: MapClass, text: (name: string) => string,
 *   value: (name: string) => number, park?: boolean}} Finding
 */

/** Parcels, contracts and findings by columns. */
export class Ledger {
  /**
   * @param {{head: any, columns: Columns}} drawing
   * @param {{head: any, columns: Columns}} telling
   * @param {MapClass[]} classes
   */
  constructor(drawing, telling, classes) {
    this.head = { ...drawing.head, ...telling.head };
    this.columns = telling.columns;
    this.classes = classes;
    /** @type {number} */
    this.parcelCount = drawing.head.parcels;
    /** @type {number} */
    this.drawn = drawing.head.drawn;
    /** @type {number} */
    this.contractCount = telling.head.contracts;
    this.parcelStart = added(this.columns.contract_parcels);
    /** @type {Uint32Array} */
    this.parcelRows = this.columns.contract_parcel;
    this.findingStart = added(this.columns.contract_findings);
    // Where each begins says as much as how many there are.
    for (const name of ["contract_parcels", "contract_findings"]) delete this.columns[name];
    this.classOf = classTable(classes);
    this.noContract = classes.findIndex((kind) => kind.code === "no_contract");
    /** @type {Uint8Array[]} the class of each contract at other moments, as a feature brings them */
    this.moments = [];
    this.placed = new Uint8Array(this.contractCount);
    this.contractRows = new Uint32Array(this.parcelRows.length);
    this.contractStart = this.linkParcels();
  }

  /** Turn "the parcels of a contract" round into "the contracts of a parcel". */
  linkParcels() {
    const { parcelRows: on, parcelStart: begins, contractRows, placed, drawn } = this;
    const counts = new Uint32Array(this.parcelCount);
    for (let at = 0; at < on.length; at++) counts[on[at]]++;
    const starts = added(counts);
    const next = starts.slice();
    for (let contract = 0; contract < this.contractCount; contract++) {
      for (let at = begins[contract]; at < begins[contract + 1]; at++) {
        contractRows[next[on[at]]++] = contract;
        if (on[at] < drawn) placed[contract] = 1;
      }
    }
    return starts;
  }

  /** @param {number} contract */
  parcelsOf(contract) {
    return this.parcelRows.subarray(this.parcelStart[contract], this.parcelStart[contract + 1]);
  }

  /** @param {number} parcel */
  contractsOn(parcel) {
    return this.contractRows.subarray(this.contractStart[parcel], this.contractStart[parcel + 1]);
  }

  /**
   * Return the rows of the findings of a contract, the gravest first.
   * @param {number} contract
   */
  findingsOf(contract) {
    const from = this.findingStart[contract];
    return Array.from({ length: this.findingStart[contract + 1] - from }, (_, i) => from + i);
  }

  /**
   * @param {string} column
   * @param {number} row
   * @returns {string}
   */
  text(column, row) {
    return this.columns[column].get(row);
  }

  /** @param {number} finding */
  rule(finding) {
    return this.head.rules[this.columns.finding_rule[finding]];
  }

  /**
   * Return a finding as the card reads it: its rule, its class, its texts and its numbers.
   * @param {number} row
   * @returns {Finding}
   */
  finding(row) {
    return {
      rule: this.rule(row),
      kind: this.classes[this.findingClass(row)],
      text: (name) => this.text(`finding_${name}`, row),
      value: (name) => this.columns[`finding_${name}`].get(row),
    };
  }

  /**
   * Return the parks that rules about parks speak of, each with its findings, the gravest first.
   * @returns {Map<number, Finding[]>}
   */
  parks() {
    const parks = new Map();
    for (const told of this.head.park_findings) {
      const rule = this.head.park_rules[told.rule];
      const finding = {
        rule,
        park: true,
        kind: this.classes[this.classOf[rule.hatched ? 1 : 0][told.gravity]],
        text: (/** @type {string} */ name) => told[name] ?? "",
        value: (/** @type {string} */ name) => told[name] ?? NaN,
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

  /**
   * Return the class of the map that a finding belongs to.
   * @param {number} finding
   */
  findingClass(finding) {
    return this.classOf[this.rule(finding).hatched ? 1 : 0][this.columns.finding_gravity[finding]];
  }

  /** Return the class of each finding, worked out when a filter first asks for it. */
  findingClasses() {
    if (!this.kinds) {
      const { finding_rule: rules, finding_gravity: gravities } = this.columns;
      const tables = this.head.rules.map((/** @type {any} */ rule) => this.classOf[rule.hatched ? 1 : 0]);
      this.kinds = new Uint8Array(rules.length);
      for (let f = 0; f < rules.length; f++) this.kinds[f] = tables[rules[f]][gravities[f]];
    }
    return this.kinds;
  }

  /**
   * @param {number} code
   * @returns {string}
   */
  zone(code) {
    return this.head.zones[code];
  }

  /**
   * Return the class of each contract under the filters on findings, HIDDEN where none passes.
   * @param {any} filters
   * @returns {Uint8Array}
   */
  contractClasses(filters) {
    if (filters.moment >= 0) return this.moments[filters.moment];
    if (!choosesFindings(filters)) return this.columns.contract_class;
    const { finding_rule: rules, finding_verify: verify } = this.columns;
    const { rule, toVerify } = filters;
    const [kinds, begins] = [this.findingClasses(), this.findingStart];
    const out = new Uint8Array(this.contractCount).fill(HIDDEN);
    for (let contract = 0; contract < this.contractCount; contract++) {
      for (let f = begins[contract]; f < begins[contract + 1]; f++) {
        if ((rule >= 0 && rules[f] !== rule) || (toVerify && verify[f] !== 1)) continue;
        if (kinds[f] < out[contract]) out[contract] = kinds[f];
      }
    }
    return out;
  }

  /**
   * Tell whether a finding passes the filters on findings.
   * @param {number} finding
   * @param {any} filters
   */
  passes(finding, { rule, toVerify }) {
    const { finding_rule: rules, finding_verify: verify } = this.columns;
    return (rule < 0 || rules[finding] === rule) && (!toVerify || verify[finding] === 1);
  }

  /**
   * Return how long each contract shown as a breach is past its day, by the findings that show it:
   * NaN where that is not told, 0 where nothing is late. At another moment nothing is told of days.
   * @param {Uint8Array} classes
   * @param {any} filters
   */
  daysPast(classes, filters) {
    const late = this.classes.map((kind) => kind.gravity === "breach");
    const plain = filters.moment < 0 && !choosesFindings(filters);
    if (plain && this.daysOfAll) return this.daysOfAll;
    const out = new Float64Array(this.contractCount);
    for (let contract = 0; contract < out.length; contract++) if (late[classes[contract]]) out[contract] = NaN;
    if (filters.moment < 0) this.addDays(out, classes, filters);
    if (plain) this.daysOfAll = out;
    return out;
  }

  /**
   * @param {Float64Array} out NaN for each contract that is shown as a breach
   * @param {Uint8Array} classes
   * @param {any} filters
   */
  addDays(out, classes, filters) {
    const days = this.columns.finding_days_past.values;
    const [kinds, begins] = [this.findingClasses(), this.findingStart];
    for (let contract = 0; contract < out.length; contract++) {
      if (out[contract] === 0) continue;
      for (let f = begins[contract]; f < begins[contract + 1]; f++) {
        if (!(days[f] > 0) || kinds[f] !== classes[contract] || days[f] <= out[contract]) continue;
        if (this.passes(f, filters)) out[contract] = days[f];
      }
    }
  }
}

/**
 * Tell whether the filters choose among findings.
 * @param {any} filters
 */
function choosesFindings({ rule, toVerify }) {
  return rule >= 0 || toVerify;
}

/**
 * Return where each of them begins, and the end of the last.
 * @param {Rows} counts
 */
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

/**
 * Return the class of each gravity: first as law says it, then as a draft does.
 * @param {MapClass[]} classes
 */
function classTable(classes) {
  const find = (/** @type {string} */ gravity, /** @type {boolean} */ hatched) =>
    classes.findIndex((kind) => kind.gravity === gravity && kind.hatched === hatched);
  const solid = GRAVITIES.map((gravity) => find(gravity, false));
  const pale = GRAVITIES.map((gravity, i) => (find(gravity, true) < 0 ? solid[i] : find(gravity, true)));
  return [solid, pale];
}
