// The panel on the map in which backdrops and layers are chosen: radios, a slider, ticks.
import { byId, element } from "./elements.js";

/** Chosen in the place of an offered backdrop. */
export const OUTLINES = -1;
export const NO_BACKDROP = -2;
/** Percent: a backdrop that is fainter is switched off. */
export const LEAST_STRENGTH = 20;

/** The button on the map and the panel that it opens. */
export class LayersPanel {
  /** @param {any} backdrops the choice that the panel shows and makes */
  constructor(backdrops) {
    this.backdrops = backdrops;
    this.page = backdrops.page;
    this.button = element("button", { type: "button", class: "lw-layers-open", "aria-expanded": "false", "aria-controls": "lw-layers" });
    this.box = element("div", { id: "lw-layers", class: "lw-layers-panel", role: "group", hidden: true });
    this.button.addEventListener("click", () => this.open(this.box.hidden));
    const whole = element("div", { class: "lw-layers" }, [this.button, this.box]);
    whole.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || this.box.hidden) return;
      event.stopPropagation();
      this.open(false);
      this.button.focus();
    });
    /** @type {Element | null} what was folded to make room for the panel */
    this.folded = null;
    byId("lw-right").prepend(whole); // beside the map, not in it: no click or wheel goes through
  }

  /** @param {boolean} open */
  open(open) {
    this.box.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    const told = document.querySelector(".lw-right > details[open]");
    if (open && told && this.box.scrollHeight > this.box.clientHeight) this.folded = told;
    if (this.folded) this.folded.toggleAttribute("open", !open); // it made room, and comes back
    if (!open) this.folded = null;
  }

  /** Say the panel in the language that is on. */
  say() {
    const { words } = this.page;
    this.button.textContent = words.say("layers");
    this.button.title = words.say("layers_open");
    this.box.setAttribute("aria-label", words.say("layers_open"));
    const focused = this.box.contains(document.activeElement) ? document.activeElement?.id : null;
    this.box.replaceChildren(this.backdropChoice(), this.strengthChoice(), this.overChoice());
    if (focused) byId(focused)?.focus();
  }

  /** Say it once more, where it is said at all: what can be chosen hangs on what is. */
  sayAgain() {
    if (this.box.childElementCount) this.say();
  }

  backdropChoice() {
    const { words } = this.page;
    const choices = [
      ...Array.from(this.backdrops.offered.keys()),
      ...(this.page.outlines.count ? [OUTLINES] : []),
      NO_BACKDROP,
    ];
    return element("fieldset", {}, [
      element("legend", { text: words.say("layers_backdrop") }),
      ...choices.flatMap((/** @type {number} */ at) => {
        const tick = { type: "radio", name: "lw-backdrop", id: `lw-backdrop${at}`, checked: at === this.backdrops.chosen };
        const notes = this.backdrops.notesOf(at);
        return [this.line(tick, this.backdrops.nameOf(at), notes, () => this.backdrops.choose(at))];
      }),
    ]);
  }

  strengthChoice() {
    const { words } = this.page;
    const name = element("span", {});
    const put = () => (name.textContent = words.say("layers_strength", { percent: this.backdrops.strength }));
    const slider = element("input", {
      type: "range", id: "lw-strength", min: LEAST_STRENGTH, max: 100, step: 5, value: this.backdrops.strength, disabled: this.backdrops.chosen < 0,
    });
    slider.addEventListener("input", () => {
      this.backdrops.strengthen(Number(slider.value));
      put();
      this.page.linking?.writeSoon();
    });
    put();
    return element("label", { class: "lw-strength" }, [name, slider]);
  }

  overChoice() {
    const { words } = this.page;
    const lines = [];
    if (this.page.zones.count) {
      const tick = { type: "checkbox", id: "lw-over-parks", checked: this.backdrops.parks };
      lines.push(this.line(tick, words.say("layers_parks"), [], (on) => this.backdrops.showParks(on)));
    }
    if (this.backdrops.offered[this.backdrops.chosen]?.names.length) {
      const tick = { type: "checkbox", id: "lw-over-names", checked: this.backdrops.names };
      lines.push(this.line(tick, words.say("layers_names"), [], (on) => this.backdrops.showNames(on)));
    }
    for (const [at, overlay] of this.backdrops.overlays.entries()) {
      const { name, count, notes, colour, kind } = overlay.head;
      const text = words.say("layers_count", { name, count: words.number(count) });
      const tick = { type: "checkbox", id: `lw-over${at}`, checked: overlay.shown };
      const told = notes.map((/** @type {any} */ note) => note[words.lang]);
      lines.push(this.line(tick, text, told, (on) => this.backdrops.showOverlay(overlay, on), layerMark(kind, colour)));
    }
    return lines.length
      ? element("fieldset", {}, [element("legend", { text: words.say("layers_over") }), ...lines])
      : "";
  }

  /**
   * Make a line of the panel: a tick, a name, and what is to be known of it.
   * @param {Record<string, any>} tick
   * @param {string} name
   * @param {string[]} notes
   * @param {(on: boolean) => void} changed
   * @param {Node | null} [sign]
   */
  line(tick, name, notes, changed, sign = null) {
    const about = notes.length ? `${tick.id}-about` : null;
    const box = element("input", { ...tick, "aria-describedby": about });
    box.addEventListener("change", () => {
      changed(box.checked);
      this.page.linking?.writeSoon();
    });
    const text = element("span", { text: name, dir: "auto" });
    const told = notes.map((note) => element("p", { class: "lw-note", text: note, dir: "auto" }));
    return element("div", { class: "lw-layer-line" }, [
      element("label", { class: "lw-check" }, [box, sign, text]),
      about && element("div", { id: about }, told),
    ]);
  }
}

/**
 * Make the sign of a layer: a square, a line or a disc in its colour.
 * @param {string} kind
 * @param {string} colour
 */
function layerMark(kind, colour) {
  const made = element("span", { class: `lw-layer-mark lw-mark-${kind}`, "aria-hidden": "true" });
  made.style.setProperty("--lw-layer", colour);
  return made;
}
