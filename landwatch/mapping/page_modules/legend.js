// The legend: classes with their live counts and areas, each with a box that switches it.
import { byId, element, swatch } from "./elements.js";

/**
 * Show the legend of a view; `changed()` when a class is switched.
 * @param {any} ledger
 * @param {any} filters
 * @param {any} words
 * @param {import("./filters.js").View} view
 * @param {() => void} changed
 */
export function showLegend(ledger, filters, words, view, changed) {
  const { activeElement } = document;
  const focused = activeElement instanceof HTMLElement ? activeElement.dataset.kind : undefined;
  ledger.present ??= presentClasses(ledger);
  const rows = ledger.classes.map((/** @type {MapClass} */ kind, /** @type {number} */ i) =>
    kind.always_listed || ledger.present[i] || view.counts[i].count // another moment may have others
      ? legendRow(filters, words, kind, i, view.counts[i], changed)
      : null,
  );
  const heads = ["legend_class", "legend_count", "legend_mu"].map((key) =>
    element("span", { text: words.say(key), class: "lw-legend-head" }),
  );
  const untold = view.counts.reduce((sum, line) => sum + line.untold, 0);
  const note = untold
    ? element("p", { class: "lw-note", text: words.say("untold", { count: words.number(untold) }) })
    : null;
  const box = byId("lw-legend");
  box.replaceChildren(
    element("legend", { text: words.say("legend") }),
    element("div", { class: "lw-legend-row lw-legend-top", "aria-hidden": "true" }, heads),
    ...rows.filter(Boolean),
    ...(note ? [note] : []),
  );
  if (focused) box.querySelector(`[data-kind="${focused}"]`)?.focus();
  box.dataset.hidden = filters.hidden.size;
}

/**
 * @param {any} filters
 * @param {any} words
 * @param {MapClass} kind
 * @param {number} i
 * @param {{count: number, mu: number}} line
 * @param {() => void} changed
 */
function legendRow(filters, words, kind, i, { count, mu }, changed) {
  const box = element("input", { type: "checkbox", "data-kind": kind.code });
  box.checked = !filters.hidden.has(i);
  box.addEventListener("change", () => {
    if (box.checked) filters.hidden.delete(i);
    else filters.hidden.add(i);
    changed();
  });
  const unit = kind.code === "no_contract" ? "parcel_count" : "contract_count";
  const counted = words.say(unit, { count: words.number(count) });
  return element("label", { class: "lw-legend-row", "data-class": kind.code }, [
    element("span", { class: "lw-legend-name" }, [box, swatch(kind), element("span", { text: words.className(kind) })]),
    element("span", { class: "lw-count", text: counted, "data-count": count }),
    element("span", { class: "lw-mu", text: words.mu(mu), "data-mu": mu.toFixed(4) }),
  ]);
}

/**
 * Return a byte for each class: whether anything on the page is of it.
 * @param {any} ledger
 */
function presentClasses(ledger) {
  const present = new Uint8Array(256);
  const { contract_class: kinds } = ledger.columns;
  for (let row = 0; row < kinds.length; row++) present[kinds[row]] = 1;
  const { contractStart: begins, parcelCount } = ledger;
  for (let p = 0; p < parcelCount && !present[ledger.noContract]; p++) {
    if (begins[p] === begins[p + 1]) present[ledger.noContract] = 1;
  }
  return present;
}
