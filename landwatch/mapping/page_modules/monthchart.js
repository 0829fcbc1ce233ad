// The chart of the months: a bar each, its classes one above the other, told by colour and by form.

const SVG = "http://www.w3.org/2000/svg";
const HIGH = 100;
/** The form of each gravity in the chart, so that colour alone tells nothing. */
const FORMS = new Map([
  ["breach", "M0 6L6 0M0 0L6 6"],
  ["to_verify", "M3 2v2"],
  ["due_soon", "M0 3H6"],
  ["exempt", "M3 0V6"],
  ["unknown", "M1 1h1M4 4h1"],
]);
const SLANTED = "M0 6L6 0";

/**
 * Return where the parts of each bar begin and end, of 100 in all.
 * @param {number[][]} counts by month and class; the last class is those that were not there
 * @returns {{kind: number, from: number, to: number}[][]}
 */
export function stacked(counts) {
  const most = Math.max(1, ...counts.map((line) => line.reduce((sum, count) => sum + count, 0)));
  return counts.map((line) => {
    let from = 0;
    return line.slice(0, -1).flatMap((count, kind) => {
      if (!count) return [];
      const part = { kind, from, to: from + (HIGH * count) / most };
      from = part.to;
      return [part];
    });
  });
}

/**
 * Make an SVG element.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {Element[]} [children]
 */
function svg(tag, attributes, children = []) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * Draw the months into a box; the gravest stand at the bottom.
 * @param {HTMLElement} box
 * @param {number[][]} counts
 * @param {MapClass[]} classes
 * @param {string} label
 */
export function drawMonths(box, counts, classes, label) {
  const bars = stacked(counts);
  const chart = svg("svg", { role: "img", "aria-label": label, viewBox: `0 0 ${counts.length} ${HIGH}`, preserveAspectRatio: "none" });
  bars.forEach((parts, at) => {
    const bar = svg("g", { "data-at": at });
    bar.append(svg("rect", { class: "lw-bar-ground", x: at, y: 0, width: 1, height: HIGH }));
    for (const { kind, from, to } of parts) {
      const size = { x: at + 0.08, y: HIGH - to, width: 0.84, height: to - from };
      const part = svg("rect", { ...size, "data-kind": classes[kind].code });
      part.style.setProperty("fill", `var(--lw-class-${classes[kind].code}, ${classes[kind].colour})`);
      bar.append(part);
      if (form(classes[kind])) bar.append(svg("rect", { ...size, fill: `url(#lw-form-${kind})` }));
    }
    chart.append(bar);
  });
  chart.prepend(svg("defs", {}, classes.flatMap((kind, at) => formed(kind, at, box, counts.length))));
  box.replaceChildren(chart);
}

/** @param {MapClass} kind */
function form(kind) {
  return kind.hatched ? SLANTED : FORMS.get(kind.gravity);
}

/**
 * Return the pattern of a class; the chart is stretched, so it is stretched back.
 * @param {MapClass} kind
 * @param {number} at
 * @param {HTMLElement} box
 * @param {number} months
 */
function formed(kind, at, box, months) {
  const path = form(kind);
  if (!path) return [];
  const wide = months / (box.clientWidth || 600);
  const high = HIGH / (box.clientHeight || 64);
  const lines = svg("path", { d: path, class: "lw-form" });
  return [
    svg(
      "pattern",
      { id: `lw-form-${at}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: `scale(${wide} ${high})` },
      [lines],
    ),
  ];
}
