// The list as a file: what the filters leave, in the order shown, one line for each contract.
import { csvLine } from "./csv.js";
import { industryName } from "./industries.js";

const AT_ONCE = 5000; // lines between two breaths of the page

/** The heads of the columns, as keys of the page's words. */
const HEADS = [
  "contract_id", "panel_holder", "project", "zone", "parcel_id", "land_use", "panel_industry", "panel_mu",
  "legend_class", "panel_code", "panel_days", "panel_findings", "rule", "panel_rule_title", "panel_source",
  "panel_force", "panel_quote", "clock_from", "limit_on", "measured", "threshold", "panel_unit",
  "panel_amount_wan", "remedies", "reason", "panel_explanation", "panel_seen_on", "panel_seen_by",
  "panel_longitude", "panel_latitude", "panel_as_of",
];

/**
 * Return the lines of the table, its head first, some thousand at a time.
 * @param {any} ledger
 * @param {any} words
 * @param {{view: import("./filters.js").View, filters: any, contracts: ArrayLike<number>,
 *   middle: (parcel: number) => [number, number] | null}} what
 * @returns {Generator<string>}
 */
export function* csvOf(ledger, words, { view, filters, contracts, middle }) {
  let text = `\ufeff${csvLine(HEADS.map((key) => words.say(key)))}`;
  const total = contracts.length + view.parcels.length;
  for (let i = 0; i < total; i++) {
    text += csvLine(
      i < contracts.length
        ? contractCells(ledger, words, view, filters, contracts[i], middle)
        : parcelCells(ledger, words, view.parcels[i - contracts.length], middle),
    );
    if (i % AT_ONCE !== AT_ONCE - 1) continue;
    yield text;
    text = "";
  }
  yield text;
}

/**
 * Return the finding that shows a contract's class, -1 where none does.
 * @param {any} ledger
 * @param {any} filters
 * @param {number} contract
 * @param {number} kind
 */
export function showingFinding(ledger, filters, contract, kind) {
  if (filters.moment >= 0) return -1; // the findings are those of the scan alone
  const kinds = ledger.findingClasses();
  const days = ledger.columns.finding_days_past.values;
  let shows = -1;
  for (let f = ledger.findingStart[contract]; f < ledger.findingStart[contract + 1]; f++) {
    if (kinds[f] !== kind || !ledger.passes(f, filters)) continue;
    if (shows < 0 || days[f] > days[shows] || (Number.isNaN(days[shows]) && !Number.isNaN(days[f]))) shows = f;
  }
  return shows;
}

/**
 * @param {any} ledger
 * @param {any} words
 * @param {import("./filters.js").View} view
 * @param {any} filters
 * @param {number} contract
 * @param {(parcel: number) => [number, number] | null} middle
 */
function contractCells(ledger, words, view, filters, contract, middle) {
  const { columns } = ledger;
  const kind = ledger.classes[view.classes[contract]];
  const finding = showingFinding(ledger, filters, contract, view.classes[contract]);
  const parcels = Array.from(ledger.parcelsOf(contract));
  const { seen_on: days, seen_by: sources } = ledger.evidence();
  const [longitude, latitude] = parcels.length ? (middle(parcels[0]) ?? ["", ""]) : ["", ""];
  const uses = [...new Set(parcels.map((parcel) => ledger.text("parcel_land_use", parcel)))].filter(Boolean);
  const late = view.days[contract];
  return [
    ledger.text("contract_id", contract),
    ledger.text("holder", contract),
    ledger.text("project", contract),
    ledger.zone(columns.contract_zone[contract]),
    parcels.map((parcel) => ledger.text("parcel_id", parcel)).join(";"),
    columns.contract_land_use?.get(contract) || uses.join(";"),
    industryName(ledger, words, columns.contract_industry?.get(contract) ?? ""),
    columns.contract_area_mu.get(contract),
    words.className(kind),
    kind.code,
    late > 0 ? late : "",
    ledger.findingStart[contract + 1] - ledger.findingStart[contract],
    ...findingCells(ledger, words, finding),
    days ? days.get(contract) : "",
    sources && sources.get(contract) ? words.name("progress_source", sources.get(contract)) : "",
    longitude,
    latitude,
    filters.moment >= 0 ? "" : ledger.head.as_of,
  ];
}

/**
 * @param {any} ledger
 * @param {any} words
 * @param {number} finding
 */
function findingCells(ledger, words, finding) {
  if (finding < 0) return Array(14).fill("");
  const { rule, text, value } = ledger.finding(finding);
  const remedies = text("remedies").split(";").filter(Boolean);
  return [
    rule.code,
    rule[`title_${words.lang}`],
    `${rule[`policy_${words.lang}`]} ${rule.article}`.trim(),
    words.name("authority", rule.authority),
    rule.quote,
    text("clock_from"),
    text("limit_on"),
    value("measured"),
    value("threshold"),
    text("unit") === "1" ? "" : text("unit"),
    value("amount_wan"),
    remedies.map((/** @type {string} */ code) => words.name("remedy", code)).join(";"),
    text(`reason_${words.lang}`),
    text(`explanation_${words.lang}`),
  ];
}

/**
 * @param {any} ledger
 * @param {any} words
 * @param {number} parcel
 * @param {(parcel: number) => [number, number] | null} middle
 */
function parcelCells(ledger, words, parcel, middle) {
  const { columns } = ledger;
  const kind = ledger.classes[ledger.noContract];
  const [longitude, latitude] = middle(parcel) ?? ["", ""];
  return [
    "", "", "",
    ledger.zone(columns.parcel_zone[parcel]),
    ledger.text("parcel_id", parcel),
    ledger.text("parcel_land_use", parcel),
    "",
    columns.parcel_area_mu.get(parcel),
    words.className(kind),
    kind.code,
    "", 0,
    ...findingCells(ledger, words, -1),
    "", "",
    longitude,
    latitude,
    ledger.head.as_of,
  ];
}

/**
 * Put the table together without stopping the page; `told(share)` hears how far it is.
 * @param {Generator<string>} lines
 * @param {number} total
 * @param {(share: number) => void} told
 */
export async function csvBlob(lines, total, told) {
  const parts = [];
  for (const part of lines) {
    parts.push(part);
    told(Math.min(1, (parts.length * AT_ONCE) / Math.max(1, total)));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return new Blob(parts, { type: "text/csv;charset=utf-8" });
}
