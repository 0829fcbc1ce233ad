// The side panel: legend with live counts, filters, search, and the list of what is found.
import { statusName } from "./card.js";
import { byId, element, swatch } from "./elements.js";
import { printFreshness, showFreshness } from "./freshness.js";
import { clearFilters } from "./filters.js";
import { ordered } from "./order.js";

const STEP = 60;
const PRINTED = 3000; // a browser takes minutes to print more

/** The panel; `actions.changed()` when a filter changes, `open(subject)` on a click, `reset()`. */
export class Panel {
  constructor(ledger, filters, words, actions) {
    Object.assign(this, { ledger, filters, words, actions, most: STEP });
    this.listen();
  }

  listen() {
    const change = (id, kind, set) =>
      byId(id).addEventListener(kind, ({ target }) => {
        set(target);
        this.changed();
      });
    change("lw-rule", "change", (box) => (this.filters.rule = Number(box.value)));
    change("lw-zone", "change", (box) => (this.filters.zone = Number(box.value)));
    change("lw-verify", "change", (box) => (this.filters.toVerify = box.checked));
    change("lw-unplaced", "change", (box) => (this.filters.unplaced = box.checked));
    change("lw-search", "input", (box) => (this.filters.words = box.value));
    byId("lw-search-form").addEventListener("submit", (event) => event.preventDefault());
    byId("lw-reset").addEventListener("click", () => this.reset());
    byId("lw-more").addEventListener("click", () => {
      const reached = byId("lw-list").childElementCount;
      this.most += STEP * 4;
      this.list();
      byId("lw-list").children[reached]?.querySelector("button").focus();
    });
  }

  changed() {
    this.most = STEP;
    this.actions.changed();
  }

  reset() {
    clearFilters(this.filters);
    byId("lw-search").value = "";
    byId("lw-verify").checked = byId("lw-unplaced").checked = false;
    this.actions.reset();
    this.choices();
    this.changed();
  }

  /** Fill the choices in the language that is on. */
  choices() {
    const { head, columns, placed } = this.ledger;
    const { lang } = this.words;
    const rules = head.rules.map((rule, i) => [i, `${rule.code} ${rule[`title_${lang}`]}`, rule[`policy_${lang}`]]);
    fill("lw-rule", [[-1, this.words.say("every_rule")], ...rules], this.filters.rule);
    const zones = head.zones.map((name, i) => [i, name || this.words.say("no_zone")]).slice(1);
    const blank = columns.contract_zone.includes(0) || columns.parcel_zone.includes(0);
    if (blank) zones.push([0, this.words.say("no_zone")]);
    fill("lw-zone", [[-1, this.words.say("every_zone")], ...zones], this.filters.zone);
    const unplaced = placed.reduce((left, yes) => left - yes, placed.length);
    const name = this.words.say("only_unplaced", { count: this.words.number(unplaced) });
    byId("lw-unplaced-name").textContent = name;
    byId("lw-unplaced").disabled = !unplaced;
  }

  /** Show what the filters leave. */
  show(view) {
    this.view = view;
    this.legend();
    showFreshness(this.ledger.head.freshness, this.words, this.filters.zone);
    this.parks();
    this.list();
  }

  /** Say what the rules about parks found: such a rule speaks of no contract and colours no parcel. */
  parks() {
    const { ledger, words, filters } = this;
    const lines = [...ledger.parks()]
      .filter(([zone]) => filters.zone < 0 || filters.zone === zone)
      .map(([park, findings]) =>
        this.line({ park }, findings[0].kind, ledger.zone(park), findings.map((f) => this.parkLine(f))),
      );
    byId("lw-parks").hidden = !lines.length;
    byId("lw-parks-list").replaceChildren(...lines);
    byId("lw-parks-name").textContent = words.say("parks", { count: words.number(lines.length) });
  }

  parkLine(finding) {
    const { words } = this;
    const { rule, value } = finding;
    const told = [statusName(words, finding), rule[`title_${words.lang}`]].join(words.say("colon"));
    const [measured, limit] = [value("measured"), value("threshold")];
    const figures = Number.isNaN(measured) || Number.isNaN(limit)
      ? ""
      : words.say("against", { measured: words.figure(measured, limit), limit: words.figure(limit, measured) });
    return element("span", { class: "lw-sub", text: told + figures });
  }

  legend() {
    const { ledger, view, words, filters } = this;
    const focused = document.activeElement?.dataset?.kind;
    ledger.present ??= presentClasses(ledger);
    const box = byId("lw-legend");
    const rows = ledger.classes.map((kind, i) =>
      kind.always_listed || ledger.present.has(i) ? this.legendRow(kind, i, view.counts[i]) : null,
    );
    const heads = ["legend_class", "legend_count", "legend_mu"].map((key) =>
      element("span", { text: words.say(key), class: "lw-legend-head" }),
    );
    const untold = view.counts.reduce((sum, line) => sum + line.untold, 0);
    const note = untold
      ? element("p", { class: "lw-note", text: words.say("untold", { count: words.number(untold) }) })
      : null;
    box.replaceChildren(
      element("legend", { text: words.say("legend") }),
      element("div", { class: "lw-legend-row lw-legend-top", "aria-hidden": "true" }, heads),
      ...rows.filter(Boolean),
      ...(note ? [note] : []),
    );
    if (focused) box.querySelector(`[data-kind="${focused}"]`)?.focus();
    box.dataset.hidden = filters.hidden.size;
  }

  legendRow(kind, i, { count, mu }) {
    const { words, filters } = this;
    const box = element("input", { type: "checkbox", "data-kind": kind.code });
    box.checked = !filters.hidden.has(i);
    box.addEventListener("change", () => {
      if (box.checked) filters.hidden.delete(i);
      else filters.hidden.add(i);
      this.changed();
    });
    const unit = kind.code === "no_contract" ? "parcel_count" : "contract_count";
    const counted = words.say(unit, { count: words.number(count) });
    return element("label", { class: "lw-legend-row", "data-class": kind.code }, [
      element("span", { class: "lw-legend-name" }, [
        box,
        swatch(kind),
        element("span", { text: words.className(kind) }),
      ]),
      element("span", { class: "lw-count", text: counted, "data-count": count }),
      element("span", { class: "lw-mu", text: words.mu(mu), "data-mu": mu.toFixed(4) }),
    ]);
  }

  list() {
    const { ledger, view, words } = this;
    const found = view.contracts.length + view.parcels.length;
    byId("lw-found").textContent = found
      ? words.say(view.parcels.length ? "found_with_parcels" : "found", {
          contracts: words.number(view.contracts.length),
          parcels: words.number(view.parcels.length),
        })
      : words.say("nothing_found");
    const contracts = Array.from(ordered(ledger, view, { by: "grave", back: false }, this.most));
    const parcels = Array.from(view.parcels.subarray(0, this.most - contracts.length));
    byId("lw-list").replaceChildren(
      ...contracts.map((contract) => this.contractLine(contract)),
      ...parcels.map((parcel) => this.parcelLine(parcel)),
    );
    const more = found - contracts.length - parcels.length;
    byId("lw-more").hidden = more <= 0;
    byId("lw-more").textContent = words.say("more", { count: words.number(more) });
    byId("lw-cut").hidden = more <= 0;
    byId("lw-cut").textContent = words.say("printed_first", {
      first: words.number(found - more),
      count: words.number(found),
    });
  }

  /** Give paper the whole list, and the screen what it had before. */
  print(printing) {
    printFreshness(printing);
    if (printing) this.before = this.most;
    this.most = printing ? PRINTED : (this.before ?? STEP);
    this.list();
  }

  contractLine(contract) {
    const { ledger, words, view } = this;
    const kind = ledger.classes[view.classes[contract]];
    const days = view.days[contract];
    const holder = ledger.text("holder", contract);
    const project = ledger.text("project", contract);
    const mu = ledger.columns.contract_area_mu.get(contract);
    const told = [
      words.className(kind),
      days > 0 ? words.say("days_past", { days: words.number(days) }) : "",
      Number.isNaN(mu) ? "" : words.mu(mu),
    ];
    return this.line({ contract }, kind, holder || project || words.say("no_holder"), [
      element("span", { class: "lw-sub", text: ledger.text("contract_id", contract) }),
      holder && project ? element("span", { class: "lw-sub", text: project }) : null,
      element("span", { class: "lw-sub", text: told.filter(Boolean).join(" · ") }),
      ledger.placed[contract] ? null : element("span", { class: "lw-badge", text: words.say("unplaced") }),
    ]);
  }

  parcelLine(parcel) {
    const { ledger, words } = this;
    const kind = ledger.classes[ledger.noContract];
    const title = ledger.text("parcel_id", parcel);
    return this.line({ parcel }, kind, title, [
      element("span", { class: "lw-sub", text: words.className(kind) }),
    ]);
  }

  line(subject, kind, title, more) {
    const text = element("span", { class: "lw-line-text" }, [
      element("strong", { text: title, dir: "auto" }),
      ...more,
    ]);
    const button = element("button", { type: "button", class: "lw-line" }, [swatch(kind), text]);
    button.addEventListener("click", () => this.actions.open(subject, button));
    return element("li", {}, [button]);
  }
}

/** Fill a list of choices; those that name a group stand under it. */
function fill(id, choices, chosen) {
  const groups = new Map();
  const made = [];
  for (const [value, text, group] of choices) {
    const option = element("option", { value, text });
    if (!group) {
      made.push(option);
      continue;
    }
    if (!groups.has(group)) {
      groups.set(group, element("optgroup", { label: group }));
      made.push(groups.get(group));
    }
    groups.get(group).append(option);
  }
  byId(id).replaceChildren(...made);
  byId(id).value = String(chosen);
}

function presentClasses(ledger) {
  const present = new Set(ledger.columns.contract_class);
  for (let p = 0; p < ledger.parcelCount; p++) {
    if (ledger.contractStart[p] === ledger.contractStart[p + 1]) {
      present.add(ledger.noContract);
      break;
    }
  }
  return present;
}
