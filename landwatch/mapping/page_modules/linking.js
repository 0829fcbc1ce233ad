// The address of the page follows what is shown, and the page follows its address, back and forward.
import { folded } from "./columns.js";
import { byId } from "./elements.js";
import { clearFilters } from "./filters.js";
import { linkPairs, linkText, placeText, spanOf, spanText } from "./link.js";
import { wholeSpan } from "./masks.js";
import { SORTS } from "./order.js";

const WAIT_MS = 250;
/** What alone makes no step of its own in the history: moving about, typing, how the page looks. */
const PASSING = new Set(["at", "q", "theme", "tool", "hot", "sum", "measure"]);

/** Keeps the address and the page together. */
export class Linking {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.written = "";
    /** @type {any} */
    this.later = null;
    page.map.on("moveend", () => this.writeSoon());
    byId("lw-copy-link").addEventListener("click", () => this.copy());
    window.addEventListener("popstate", () => this.read());
    window.addEventListener("hashchange", () => this.read());
  }

  /** Begin: follow the address that the page was opened with, then keep it up. */
  begin() {
    this.written = linkText(this.pairs());
    this.read();
    this.begun = true;
  }

  /** Return what is shown as names and values. @returns {[string, string][]} */
  pairs() {
    const { filters, ledger, map, words, card, panel } = this.page;
    const { lat, lng } = map.getCenter();
    const { sort } = panel.list;
    /** @type {[string, string][]} */
    const own = [
      ["lang", words.lang],
      ["at", `${Number(lat.toFixed(5))},${Number(lng.toFixed(5))},${Number(map.getZoom().toFixed(2))}`],
      ["q", filters.words.trim()],
      ["off", Array.from(filters.hidden, (kind) => ledger.classes[kind].code).join(",")],
      ["rule", filters.rule < 0 ? "" : ledger.head.rules[filters.rule].code],
      ["park", filters.zone < 0 ? "" : `:${ledger.zone(filters.zone)}`],
      ["verify", filters.toVerify ? "1" : ""],
      ["unplaced", filters.unplaced ? "1" : ""],
      ["holder", filters.holder ?? ""],
      ["use", filters.landUse === null ? "" : `:${filters.landUse}`],
      ["industry", filters.industry === null ? "" : `:${filters.industry}`],
      ["mu", spanText(filters.area)],
      ["days", spanText(filters.days)],
      ["seen", filters.seen === null ? "" : String(filters.seen)],
      ["sort", sort.by === "grave" && !sort.back ? "" : `${sort.by}${sort.back ? "!" : ""}`],
      ...subjectPairs(ledger, card.subject),
    ];
    const more = this.page.features.flatMap((/** @type {any} */ one) => Object.entries(one.link?.() ?? {}));
    return [...own, ...more];
  }

  writeSoon() {
    if (!this.begun || this.following) return;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.write(), WAIT_MS);
  }

  /** Write the address; what is a step of its own can be gone back from. */
  write() {
    const text = linkText(this.pairs());
    if (text === this.written) return;
    const step = steps(text) !== steps(this.written);
    this.written = text;
    try {
      if (step) history.pushState(null, "", `#${text}`);
      else history.replaceState(null, "", `#${text}`);
    } catch {
      // In a frame without an address of its own there is none to keep.
    }
  }

  /** Follow the address, where it is one of ours and says something else than the page shows. */
  read() {
    const told = linkPairs(location.hash);
    if (!told || linkText([...told]) === this.written) return;
    clearTimeout(this.later);
    this.following = true;
    this.follow(told);
    this.following = false;
    this.written = linkText(this.pairs());
  }

  /** @param {Map<string, string>} told */
  follow(told) {
    const { page } = this;
    const { filters, ledger, map, panel, words } = page;
    const say = told.get("lang") ?? words.lang;
    clearFilters(filters);
    page.each("reset");
    readFilters(ledger, filters, told);
    page.wentTo = filters.zone; // the view is told
    page.each("follow", told);
    const [by, back] = (told.get("sort") ?? "grave").split(/(?=!$)/);
    panel.list.sort = { by: SORTS.includes(by) ? by : "grave", back: back === "!" };
    if (say !== words.lang && (say === "zh" || say === "en")) page.switchLanguage();
    panel.put();
    const place = placeText(told.get("at") ?? "");
    if (place) map.setView([place.lat, place.lng], place.zoom, { animate: false });
    page.change();
    const subject = subjectOf(ledger, told);
    if (subject) page.openSubject(subject, null, !place);
    else if (page.card.subject) page.close();
  }

  /** Copy the address of what is shown, and say whether that worked. */
  async copy() {
    this.write();
    const address = `${location.href.split("#")[0]}#${linkText(this.pairs())}`;
    const { page } = this;
    try {
      await navigator.clipboard.writeText(address);
      page.announce(page.words.say("panel_copied"));
    } catch {
      page.announce(page.words.say("panel_copy_by_hand"), address);
    }
  }
}

/** @param {string} text */
function steps(text) {
  return text.split("&").filter((part) => !PASSING.has(part.split("=")[0])).join("&");
}

/**
 * @param {any} ledger
 * @param {Subject | null} subject
 * @returns {[string, string][]}
 */
function subjectPairs(ledger, subject) {
  if (!subject) return [];
  if (subject.contract !== undefined) return [["contract", ledger.text("contract_id", subject.contract)]];
  if (subject.park !== undefined) return [["about", ledger.zone(subject.park)]];
  const parcel = subject.parcel ?? subject.parcels?.[0];
  return parcel === undefined ? [] : [["parcel", ledger.text("parcel_id", parcel)]];
}

/**
 * @param {any} ledger
 * @param {Map<string, string>} told
 * @returns {Subject | null}
 */
function subjectOf(ledger, told) {
  const contract = rowSaying(ledger.columns.contract_id, told.get("contract"));
  if (contract >= 0) return { contract };
  const parcel = rowSaying(ledger.columns.parcel_id, told.get("parcel"));
  if (parcel >= 0) return { parcels: [parcel] };
  const park = told.has("about") ? ledger.head.zones.indexOf(told.get("about")) : -1;
  return park >= 0 && ledger.parks().has(park) ? { park } : null;
}

/**
 * Return the first row that says exactly a text, -1 where none does.
 * @param {any} column
 * @param {string | undefined} wanted
 */
function rowSaying(column, wanted) {
  let row = -1;
  if (!wanted) return row;
  column.search(folded(wanted), (/** @type {number} */ found) => {
    if (row < 0 && column.get(found) === wanted) row = found;
  });
  return row;
}

/**
 * Read the filters of a link; what this page does not know narrows nothing.
 * @param {any} ledger
 * @param {any} filters
 * @param {Map<string, string>} told
 */
function readFilters(ledger, filters, told) {
  const { classes, head, columns } = ledger;
  const after = (/** @type {string} */ name) => (told.get(name)?.startsWith(":") ? told.get(name)?.slice(1) : null);
  for (const code of (told.get("off") ?? "").split(",")) {
    const kind = classes.findIndex((/** @type {MapClass} */ one) => one.code === code);
    if (kind >= 0) filters.hidden.add(kind);
  }
  filters.words = told.get("q") ?? "";
  filters.rule = head.rules.findIndex((/** @type {any} */ rule) => rule.code === told.get("rule"));
  filters.zone = head.zones.indexOf(after("park"));
  filters.toVerify = told.get("verify") === "1";
  filters.unplaced = told.get("unplaced") === "1";
  filters.holder = told.get("holder") || null;
  filters.landUse = after("use");
  filters.industry = columns.contract_industry ? after("industry") : null;
  filters.area = spanOf(told.get("mu") ?? "") ?? wholeSpan();
  filters.days = spanOf(told.get("days") ?? "") ?? wholeSpan();
  const seen = told.get("seen") ?? "";
  const days = /^\d{1,5}$/.test(seen) ? Number(seen) : null;
  filters.seen = !ledger.evidence().seen_on ? null : seen === "never" ? "never" : days;
}
