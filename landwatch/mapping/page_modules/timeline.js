// A contract's dates drawn along an axis: agreed days and limits above, what was done below, and
// under both a bar for each delay. Laying out touches no page, so that it is tested without one.

const FLAG_DAY = 86400000;
const FLAG_FONT = 11;
const FLAG_LANE = 17;
const BAR = 26; // its words stand above it
const FLAG_GAP = 6;
const MARGIN = 10;
const LEAST_DAYS = 60;
const FURTHEST_BACK = 30 * 366;
const FURTHEST_ON = 15 * 366;
const SVG_SPACE = "http://www.w3.org/2000/svg";

/**
 * A dated thing: on which side it stands, its name, and what more the list tells of it.
 * @typedef {{day: string, side: "agreed" | "limit" | "real", name: string, more?: string}} Dated
 */

/**
 * A span of days: late (past a limit), exempt (a verified ground), claimed (not verified), halted.
 * @typedef {{from: string, to: string, kind: "late" | "exempt" | "claimed" | "halted", name: string,
 *   lasting?: boolean}} Span
 */

/** @typedef {{text: string, at: number, left: number, right: number, lane: number, side: string}} Flag */

/**
 * Return a day (ISO) counted from 1970-01-01.
 * @param {string} day
 */
export function dayNumber(day) {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / FLAG_DAY);
}

/**
 * Return about how wide a text is drawn: a full-width sign is as wide as high.
 * @param {string} text
 */
export function drawnWidth(text) {
  let width = 0;
  for (const sign of text) width += (sign.codePointAt(0) ?? 0) > 0x2e7f ? FLAG_FONT : FLAG_FONT * 0.58;
  return width;
}

/**
 * Return a text that is no wider than it may be.
 * @param {string} text
 * @param {number} most
 */
export function clipped(text, most) {
  if (drawnWidth(text) <= most) return text;
  let kept = "";
  for (const sign of text) {
    if (drawnWidth(`${kept}${sign}…`) > most) break;
    kept += sign;
  }
  return `${kept}…`;
}

/**
 * Return the axis that holds all days near the day of the scan, with a line at the turn of years.
 * @param {number[]} days
 * @param {number} asOf
 * @param {number} width
 */
export function axisOf(days, asOf, width) {
  const near = [asOf, ...days.filter((day) => day > asOf - FURTHEST_BACK && day < asOf + FURTHEST_ON)];
  let from = Math.min(...near);
  let to = Math.max(...near);
  if (to - from < LEAST_DAYS) [from, to] = [from - LEAST_DAYS / 2, to + LEAST_DAYS / 2];
  const room = width - 2 * MARGIN;
  const x = (/** @type {number} */ day) => MARGIN + ((day - from) / (to - from)) * room;
  const holds = (/** @type {number} */ day) => day >= from && day <= to;
  return { from, to, x, holds, years: yearLines(from, to, x) };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {(day: number) => number} x
 */
function yearLines(from, to, x) {
  const yearAt = (/** @type {number} */ day) => new Date(day * FLAG_DAY).getUTCFullYear();
  const every = [];
  for (let year = yearAt(from) + 1; year <= yearAt(to); year++) every.push(year);
  const places = every.map((year) => ({ year, x: x(dayNumber(`${year}-01-01`)) }));
  const apart = places.length > 1 ? places[1].x - places[0].x : Infinity;
  const step = [1, 2, 5, 10].find((years) => years * apart >= 34) ?? 20;
  return places.filter(({ year }) => step === 1 || year % step === 0);
}

/**
 * Give each label a lane so that none covers another; lane 0 is next to the axis.
 *
 * On the left half a label stands right of its line, on the right half left of it, and whoever is
 * nearest to the middle is placed first: the lines of the others then pass beside it.
 * @param {{text: string, at: number, side: string}[]} labels
 * @param {number} width
 * @returns {Flag[]}
 */
export function inLanes(labels, width) {
  const middle = width / 2;
  const boxes = labels.map((label) => {
    const wide = drawnWidth(label.text) + FLAG_GAP;
    const wished = label.at <= middle ? label.at - 2 : label.at + 2 - wide;
    const left = Math.max(0, Math.min(wished, width - wide));
    return { ...label, left, right: left + wide, lane: -1 };
  });
  const order = [...boxes].sort((a, b) => Math.abs(a.at - middle) - Math.abs(b.at - middle));
  /** @type {Flag[]} */
  const placed = [];
  for (const box of order) {
    box.lane = laneFor(box, placed);
    placed.push(box);
  }
  return boxes;
}

/**
 * @param {Flag} box
 * @param {Flag[]} placed
 */
function laneFor(box, placed) {
  const beside = (/** @type {number} */ lane) =>
    placed.every((other) => other.lane !== lane || other.right <= box.left || box.right <= other.left);
  const clear = (/** @type {number} */ lane) =>
    placed.every(
      (other) =>
        !(other.lane < lane && other.left < box.at && box.at < other.right) &&
        !(other.lane > lane && box.left < other.at && other.at < box.right),
    );
  for (let lane = 0; lane <= placed.length; lane++) if (beside(lane) && clear(lane)) return lane;
  for (let lane = 0; ; lane++) if (beside(lane)) return lane; // its line passes behind a label
}

/**
 * Return where everything stands on the drawing.
 * @param {Dated[]} dates
 * @param {Span[]} spans
 * @param {{asOf: string, width: number, today: string, several: (name: string, more: number) => string}} how
 */
export function laidOut(dates, spans, { asOf, width, today, several }) {
  const now = dayNumber(asOf);
  const days = [...dates.map((one) => one.day), ...spans.flatMap((one) => [one.from, one.to])];
  const axis = axisOf(days.map(dayNumber), now, width);
  const shown = dates.filter((one) => axis.holds(dayNumber(one.day)));
  const flags = (/** @type {boolean} */ real) =>
    inLanes(labelled(shown.filter((one) => (one.side === "real") === real), axis, width, several), width);
  const [above, below] = [flags(false), flags(true)];
  const lanes = (/** @type {Flag[]} */ some) => 1 + Math.max(-1, ...some.map(({ lane }) => lane));
  const top = FLAG_LANE + 4;
  const line = top + lanes(above) * FLAG_LANE + 10;
  const under = line + 24 + lanes(below) * FLAG_LANE;
  const bars = spans.map((span, i) => spanBar(span, i, axis, width, under + 6));
  const height = under + (bars.length ? 6 + bars.length * BAR : 0) + 4;
  const label = `${today} ${asOf}`;
  const wide = drawnWidth(label);
  const at = axis.x(now);
  const todayLeft = Math.max(0, Math.min(at - wide / 2, width - wide));
  const outside = dates.length - shown.length;
  return { axis, above, below, bars, line, under, height, width, outside, today: { at, label, left: todayLeft } };
}

/**
 * Put what stands on one day and side under one label.
 * @param {Dated[]} dates
 * @param {{x: (day: number) => number}} axis
 * @param {number} width
 * @param {(name: string, more: number) => string} several
 */
function labelled(dates, axis, width, several) {
  const groups = new Map();
  for (const one of dates) {
    if (!groups.has(one.day)) groups.set(one.day, []);
    groups.get(one.day).push(one);
  }
  return Array.from(groups, ([day, ones]) => {
    const names = [...new Set(ones.map((/** @type {Dated} */ one) => one.name))];
    const more = names.length - 1;
    const room = width * 0.6 - drawnWidth(` ${day}`) - (more ? drawnWidth(several("", more)) : 0);
    const name = clipped(names[0], room);
    const limit = ones.every((/** @type {Dated} */ one) => one.side === "limit");
    return { text: `${more ? several(name, more) : name} ${day}`, at: axis.x(dayNumber(day)), side: limit ? "limit" : ones[0].side };
  });
}

/**
 * @param {Span} span
 * @param {number} place
 * @param {{from: number, to: number, x: (day: number) => number}} axis
 * @param {number} width
 * @param {number} top
 */
function spanBar(span, place, axis, width, top) {
  const inside = (/** @type {string} */ day) => Math.min(Math.max(dayNumber(day), axis.from), axis.to);
  const left = axis.x(inside(span.from));
  const right = Math.max(axis.x(inside(span.to)), left + 2);
  const text = clipped(span.name, width);
  const textLeft = Math.max(0, Math.min(left, width - drawnWidth(text)));
  return { ...span, left, right, text, textLeft, y: top + place * BAR + FLAG_FONT + 3, height: 8 };
}

let drawings = 0;

/**
 * Draw what was laid out.
 * @param {ReturnType<typeof laidOut>} laid
 * @param {string} label what the drawing is, for those who do not see it
 * @returns {SVGElement}
 */
export function timelineDrawing(laid, label) {
  const { width, height, line, under, axis, today } = laid;
  const hatch = `lw-late-${(drawings += 1)}`;
  const y = (/** @type {Flag} */ flag) =>
    flag.side === "real" ? line + 24 + flag.lane * FLAG_LANE + FLAG_FONT : line - 12 - flag.lane * FLAG_LANE;
  return shape("svg", { class: "lw-dated", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, [
    shape("defs", {}, [hatched(hatch, "lw-late-line"), hatched(`${hatch}-e`, "lw-exempt-line", true)]),
    ...axis.years.map(({ x }) => shape("line", { class: "lw-dated-turn", x1: x, x2: x, y1: line, y2: height })),
    shape("line", { class: "lw-dated-today", x1: today.at, x2: today.at, y1: FLAG_LANE, y2: height }),
    ...[...laid.above, ...laid.below].map((flag) =>
      shape("line", { class: `lw-stem lw-stem-${flag.side}`, x1: flag.at, x2: flag.at, y1: line, y2: y(flag) - (flag.side === "real" ? FLAG_FONT : 0) }),
    ),
    shape("line", { class: "lw-dated-line", x1: 0, x2: width, y1: line, y2: line }),
    ...axis.years.map(({ x, year }) => written(String(year), x + 2, line + 11, "lw-dated-year")),
    ...laid.bars.flatMap((bar) => [
      shape("rect", { class: `lw-span lw-span-${bar.kind}`, x: bar.left, y: bar.y, width: bar.right - bar.left, height: bar.height, fill: spanFill(bar.kind, hatch) }),
      written(bar.text, bar.textLeft, bar.y - 3, "lw-flag"),
    ]),
    ...[...laid.above, ...laid.below].flatMap((flag) => [
      signOf(flag, line),
      written(flag.text, flag.left, y(flag) - (flag.side === "real" ? 2 : 1), "lw-flag"),
    ]),
    written(today.label, today.left, FLAG_FONT, "lw-flag lw-flag-today"),
  ]);
}

/**
 * @param {string} kind
 * @param {string} hatch
 */
function spanFill(kind, hatch) {
  if (kind === "late") return `url(#${hatch})`;
  return kind === "exempt" ? `url(#${hatch}-e)` : "none";
}

/**
 * Return the sign on the axis: a limit is a triangle, an agreed day a ring, a real one a dot.
 * @param {Flag} flag
 * @param {number} line
 */
function signOf({ side, at }, line) {
  if (side === "limit") {
    return shape("path", { class: "lw-sign-limit", d: `M${at - 5} ${line - 9}h10l-5 9z` });
  }
  return shape("circle", { class: `lw-sign-${side}`, cx: at, cy: line, r: side === "real" ? 4 : 3.5 });
}

/**
 * @param {string} id
 * @param {string} kind
 * @param {boolean} [dots]
 */
function hatched(id, kind, dots = false) {
  const sign = dots
    ? shape("circle", { class: kind, cx: 3, cy: 3, r: 1.1 })
    : shape("path", { class: kind, d: "M-1 1l2-2M0 6l6-6M5 7l2-2" });
  return shape("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, [sign]);
}

/**
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} kind
 */
function written(text, x, y, kind) {
  const made = shape("text", { x, y, class: kind });
  made.textContent = text;
  return made;
}

/**
 * Make an element of a drawing.
 * @param {string} tag
 * @param {{[name: string]: string | number}} attributes
 * @param {SVGElement[]} [children]
 * @returns {any}
 */
function shape(tag, attributes, children = []) {
  const made = document.createElementNS(SVG_SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, typeof value === "number" ? String(Math.round(value * 10) / 10) : value);
  }
  made.append(...children);
  return made;
}
