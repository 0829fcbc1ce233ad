// The colours of each theme (light, dark, for low vision), and the form that a class has beside its colour.

export const THEMES = ["light", "dark", "contrast"];

/**
 * What each theme draws with: the land and its outlines, a parcel's border (colour, width), the
 * ground under a hatching, and other colours for classes that would shout on a dark ground.
 * @typedef {{land: string, outline: string, park: string, border: string, width: number,
 *   ground: string, mark: string[], wide: number, classes: Record<string, string>}} Ink
 */

/** @type {Record<string, Ink>} */
const INKS = {
  light: {
    land: "#fbfaf7",
    outline: "#9aa5b1",
    park: "#1d3557",
    border: "rgba(40, 40, 40, 0.75)",
    width: 0.8,
    ground: "#ffffff",
    mark: ["#ffffff", "#111111"],
    wide: 1,
    classes: {},
  },
  dark: {
    land: "#20262d",
    outline: "#5b6773",
    park: "#a9cdee",
    border: "rgba(0, 0, 0, 0.8)",
    width: 0.8,
    ground: "#12161a",
    mark: ["#000000", "#ffffff"],
    wide: 1,
    classes: {
      unknown: "#84898f",
      not_due: "#46718a",
      compliant: "#2f7d66",
      not_applicable: "#4d5359",
      no_contract: "#343b42",
    },
  },
  contrast: {
    land: "#ffffff",
    outline: "#4a4a4a",
    park: "#00205b",
    border: "#000000",
    width: 1.8,
    ground: "#ffffff",
    mark: ["#ffffff", "#000000"],
    wide: 1.7,
    classes: { unknown: "#bdbdbd", no_contract: "#ffffff", not_applicable: "#e6e6e6" },
  },
};

/** In which form each gravity is seen where colour alone must not tell it. */
const MOTIFS = new Map([
  ["breach", "cross"],
  ["to_verify", "dots"],
  ["due_soon", "rows"],
  ["exempt", "columns"],
  ["unknown", "specks"],
]);

/**
 * Return the theme that a choice means on this screen; no choice, or a wrong one, asks the screen.
 * @param {string | null | undefined} choice
 * @param {(query: string) => boolean} asks whether a media query holds
 */
export function themeMeant(choice, asks) {
  if (choice && THEMES.includes(choice)) return choice;
  if (asks("(prefers-contrast: more)") || asks("(forced-colors: active)")) return "contrast";
  return asks("(prefers-color-scheme: dark)") ? "dark" : "light";
}

/**
 * Return how divisions are drawn.
 * @param {Ink} ink
 */
export function inkedLand({ outline, land, wide }) {
  return { color: outline, fillColor: land, weight: 1.1 * wide };
}

/**
 * Return how parks are drawn.
 * @param {Ink} ink
 */
export function inkedPark({ park, wide }) {
  return { color: park, weight: 2.2 * wide };
}

/** Return the theme that is on. */
function themeOn() {
  return document.documentElement.dataset.theme ?? "light";
}

/** Return what the theme that is on draws with. */
export function inkOfTheme() {
  return INKS[themeOn()];
}

/**
 * Return the classes as the theme that is on shows them: colour, and the form beside it.
 * @param {MapClass[]} classes
 * @returns {(MapClass & {motif: string})[]}
 */
export function themed(classes) {
  const contrast = themeOn() === "contrast";
  const own = inkOfTheme().classes;
  return classes.map((kind) => ({
    ...kind,
    colour: own[kind.gravity] ?? kind.colour,
    motif: motifOf(kind, contrast),
  }));
}

/**
 * Return the form of a class: of a draft always stripes, of law a form of its own for low vision.
 * @param {{gravity: string, hatched: boolean}} kind
 * @param {boolean} contrast
 */
export function motifOf(kind, contrast) {
  const own = contrast ? MOTIFS.get(kind.gravity) ?? "" : "";
  return own || (kind.hatched ? "stripes" : "");
}
