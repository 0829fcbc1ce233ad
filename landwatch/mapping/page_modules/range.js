// A range with two handles: two native sliders over one track, and a number field for each end.
import { element } from "./elements.js";
import { narrows, wholeSpan } from "./masks.js";

let made = 0;

/**
 * Return the stops of the handles below a greatest value; beyond the first and the last is no limit.
 * @param {number[]} round round values, rising
 * @param {number} greatest
 * @returns {(number | null)[]}
 */
export function stopsBelow(round, greatest) {
  return [null, ...round.filter((value) => value < greatest), null];
}

/**
 * Return the stop of a handle that stands nearest to a value without narrowing it away.
 * @param {(number | null)[]} stops
 * @param {number | null} value
 * @param {boolean} upper
 */
export function stopOf(stops, value, upper) {
  const last = stops.length - 1;
  if (value === null) return upper ? last : 0;
  for (let at = 1; at < last; at++) {
    const stop = /** @type {number} */ (stops[at]);
    if (upper ? stop >= value : stop > value) return upper ? at : at - 1;
  }
  return upper ? last : last - 1;
}

/**
 * Return the number that a field says; null where it is blank, NaN where it is none of use.
 * @param {string} text
 */
export function endOf(text) {
  if (!text.trim()) return null;
  const value = Number(text);
  return value >= 0 && value < 1e12 ? value : NaN;
}

/** A range on the page; `changed()` is called when its ends were moved. */
export class Range {
  /**
   * @param {any} words
   * @param {{name: string, value: string, untold: string}} says keys: the name of the range, a value
   *   with its unit, and what is kept without a value
   * @param {(number | null)[]} stops
   * @param {(span: import("./masks.js").Span) => void} changed
   */
  constructor(words, says, stops, changed) {
    Object.assign(this, { words, says, stops, changed });
    this.words = words;
    this.says = says;
    this.stops = stops;
    this.changed = changed;
    const id = `lw-range-${(made += 1)}`;
    this.name = element("legend", { id });
    this.sliders = ["from", "to"].map((end) => this.slider(end));
    this.fields = ["from", "to"].map((end) => this.field(end));
    this.untold = element("input", { type: "checkbox" });
    this.untold.addEventListener("change", () => this.tell());
    this.untoldName = element("span");
    this.wrong = element("p", { class: "lw-note", id: `${id}-wrong`, role: "status" });
    for (const field of this.fields) field.setAttribute("aria-describedby", this.wrong.id);
    this.between = element("span", { "aria-hidden": "true", text: "–" });
    this.fill = element("span", { class: "lw-range-fill", "aria-hidden": "true" });
    this.box = element("fieldset", { class: "lw-range" }, [
      this.name,
      element("div", { class: "lw-range-track" }, [this.fill, ...this.sliders]),
      element("div", { class: "lw-range-ends" }, [this.fields[0], this.between, this.fields[1]]),
      this.wrong,
      element("label", { class: "lw-check" }, [this.untold, this.untoldName]),
    ]);
    this.put(wholeSpan());
  }

  /** @param {string} end */
  slider(end) {
    const slider = element("input", { type: "range", min: 0, max: this.stops.length - 1, step: 1, "data-end": end });
    slider.addEventListener("input", () => this.slid(end === "to"));
    return slider;
  }

  /** @param {string} end */
  field(end) {
    const field = element("input", { type: "number", min: 0, step: "any", inputmode: "decimal", "data-end": end });
    field.addEventListener("change", () => this.tell());
    return field;
  }

  /**
   * Follow a handle; the other one makes room.
   * @param {boolean} upper
   */
  slid(upper) {
    const [low, high] = this.sliders;
    const last = this.stops.length - 1;
    if (upper) high.value = Math.max(1, high.value);
    else low.value = Math.min(last - 1, low.value);
    if (Number(low.value) >= Number(high.value)) {
      if (upper) low.value = Number(high.value) - 1;
      else high.value = Number(low.value) + 1;
    }
    this.sliders.forEach((slider, i) => (this.fields[i].value = this.stops[slider.value] ?? ""));
    this.tell();
  }

  /** Read the fields and tell what they ask; a field that makes no sense is marked and asks nothing. */
  tell() {
    const [from, to] = this.fields.map((field) => (field.validity.badInput ? NaN : endOf(field.value)));
    const torn = from !== null && to !== null && from > to;
    this.fields.forEach((field, i) => {
      const wrong = torn || Number.isNaN([from, to][i]);
      field.toggleAttribute("data-wrong", wrong);
      field.setAttribute("aria-invalid", String(wrong));
    });
    this.wrong.textContent = this.fields.some((field) => field.matches("[data-wrong]")) ? this.words.say("panel_wrong") : "";
    if (torn || Number.isNaN(from) || Number.isNaN(to)) return;
    const span = { from, to, untold: this.untold.checked };
    this.place(span);
    this.changed(span);
  }

  /**
   * Show a range without telling of it.
   * @param {import("./masks.js").Span} span
   */
  put(span) {
    this.fields[0].value = span.from ?? "";
    this.fields[1].value = span.to ?? "";
    for (const field of this.fields) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("data-wrong");
    }
    this.wrong.textContent = "";
    this.untold.checked = span.untold;
    this.place(span);
  }

  /** @param {import("./masks.js").Span} span */
  place(span) {
    const at = [stopOf(this.stops, span.from, false), stopOf(this.stops, span.to, true)];
    const last = this.stops.length - 1;
    this.sliders.forEach((slider, i) => {
      slider.value = at[i];
      const value = [span.from, span.to][i];
      const { words, says } = this;
      const told = value === null ? words.say("panel_no_limit") : words.say(says.value, { value });
      slider.setAttribute("aria-valuetext", told);
    });
    this.fill.style.setProperty("--lw-from", `${(100 * at[0]) / last}%`);
    this.fill.style.setProperty("--lw-to", `${100 - (100 * at[1]) / last}%`);
    this.untold.disabled = !narrows(span);
  }

  /**
   * Say the names in the language that is on.
   * @param {import("./masks.js").Span} span
   */
  say(span) {
    const { words, says } = this;
    const name = words.say(says.name);
    this.name.textContent = name;
    this.untoldName.textContent = words.say(says.untold);
    const ends = [words.say("panel_from", { name }), words.say("panel_to", { name })];
    for (const pair of [this.sliders, this.fields]) pair.forEach((box, i) => box.setAttribute("aria-label", ends[i]));
    this.fields[0].placeholder = this.fields[1].placeholder = words.say("panel_no_limit");
    this.place(span);
  }
}
