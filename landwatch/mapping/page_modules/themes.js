// The theme that is on, and its choice in the head of the page.
import { byId, element } from "./elements.js";
import { THEMES, themeMeant, themed } from "./inks.js";
import { motifBackground } from "./palette.js";

const CHOICES = [
  ["auto", "theme_auto"],
  ["light", "theme_light"],
  ["dark", "theme_dark"],
  ["contrast", "theme_contrast"],
];
const QUERIES = ["(prefers-contrast: more)", "(forced-colors: active)", "(prefers-color-scheme: dark)"];

/** @param {string} query */
function screenAsks(query) {
  return matchMedia(query).matches;
}

/**
 * Put a theme on: the styles follow by themselves, swatches by the colours and forms set here.
 * @param {string} theme
 * @param {MapClass[]} classes
 */
export function putOn(theme, classes) {
  const { dataset, style } = document.documentElement;
  dataset.theme = theme;
  for (const kind of themed(classes)) {
    style.setProperty(`--lw-class-${kind.code}`, kind.colour);
    style.setProperty(`--lw-motif-${kind.code}`, kind.motif ? motifBackground(kind) : "none");
  }
}

/**
 * Put on the theme that the screen asks for, before anything is drawn.
 * @param {MapClass[]} classes
 */
export function putOnFirst(classes) {
  putOn(themeMeant(null, screenAsks), classes);
}

/** The choice of a theme; nothing chosen follows the screen. */
export class Themes {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    if (screenAsks("(prefers-reduced-motion: reduce)")) calmed(page.map);
    this.choice = "auto";
    this.label = element("span", { class: "lw-unseen" });
    this.box = element("select", { id: "lw-theme" });
    this.box.addEventListener("change", () => {
      this.choose(this.box.value);
      page.linking?.writeSoon();
    });
    byId("lw-lang").before(element("label", { class: "lw-theme" }, [this.label, this.box]));
    for (const query of QUERIES) {
      matchMedia(query).addEventListener("change", () => this.choose(this.choice));
    }
  }

  /** Say the choices in the language that is on. */
  say() {
    const { words } = this.page;
    this.label.textContent = words.say("theme_name");
    const choices = CHOICES.map(([value, key]) => element("option", { value, text: words.say(key) }));
    this.box.replaceChildren(...choices);
    this.box.value = this.choice;
  }

  /** Return the theme that was chosen, for a link to the page as it is. */
  link() {
    return { theme: this.choice === "auto" ? "" : this.choice };
  }

  /** @param {Map<string, string>} told a link */
  follow(told) {
    this.choose(told.get("theme") ?? "auto");
  }

  /**
   * Choose a theme; what is none means what the screen asks for.
   * @param {string} choice
   */
  choose(choice) {
    this.choice = THEMES.includes(choice) ? choice : "auto";
    this.box.value = this.choice;
    this.wear(themeMeant(this.choice, screenAsks));
  }

  /**
   * Draw the page in a theme, where it is not on already.
   * @param {string} theme
   */
  wear(theme) {
    if (document.documentElement.dataset.theme === theme) return;
    const { page } = this;
    putOn(theme, page.settings.classes);
    page.layer.dress();
    for (const outlines of page.map.outlines) outlines.dress();
    page.mark.dress();
  }

  /**
   * Dark is for screens: paper is light.
   * @param {boolean} printing
   */
  print(printing) {
    const wanted = themeMeant(this.choice, screenAsks);
    this.wear(printing && wanted === "dark" ? "light" : wanted);
  }
}

/**
 * Let a map jump where it would glide.
 * @param {any} map
 */
function calmed(map) {
  map._zoomAnimated = false;
  map.options.inertia = false;
  const { panBy } = map;
  map.panBy = (/** @type {any} */ offset, /** @type {any} */ options) =>
    panBy.call(map, offset, { ...options, animate: false });
}
