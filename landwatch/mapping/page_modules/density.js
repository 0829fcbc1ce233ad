// Where weight condenses: a grid of the view, blurred into a surface, its bands and its peaks.

/** How far the kernel reaches: three box blurs of this many cells to each side. */
export const RADIUS = 3;
const BLURS = 3;
/** The standard deviation of the three blurs, in cells. */
export const SPREAD = Math.sqrt((BLURS * ((2 * RADIUS + 1) ** 2 - 1)) / 12);

/**
 * Smooth a grid so that its sum is kept, but for what runs over its edges.
 * @param {Float32Array} grid
 * @param {number} wide
 * @param {number} high
 */
export function blurred(grid, wide, high) {
  let [from, to] = [Float32Array.from(grid), new Float32Array(grid.length)];
  for (let pass = 0; pass < BLURS; pass++) {
    for (let y = 0; y < high; y++) boxLine(from, to, y * wide, 1, wide);
    for (let x = 0; x < wide; x++) boxLine(to, from, x, wide, high);
  }
  return from;
}

/**
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @param {number} start
 * @param {number} step
 * @param {number} count
 */
function boxLine(from, to, start, step, count) {
  const width = 2 * RADIUS + 1;
  let sum = 0;
  for (let i = 0; i < Math.min(RADIUS, count); i++) sum += from[start + i * step];
  for (let i = 0; i < count; i++) {
    if (i + RADIUS < count) sum += from[start + (i + RADIUS) * step];
    to[start + i * step] = Math.max(0, sum) / width;
    if (i >= RADIUS) sum -= from[start + (i - RADIUS) * step];
  }
}

/**
 * Return the cells that are higher than all around them, the highest first, none near another.
 * @param {Float32Array} surface
 * @param {number} wide
 * @param {number} high
 * @param {{most: number, least: number, apart: number}} asked
 */
export function peaks(surface, wide, high, { most, least, apart }) {
  const found = [];
  for (let y = 1; y < high - 1; y++) {
    for (let x = 1; x < wide - 1; x++) {
      const at = y * wide + x;
      const value = surface[at];
      if (value < least || value <= 0) continue;
      if (isTop(surface, wide, at)) found.push({ x, y, value });
    }
  }
  found.sort((a, b) => b.value - a.value || a.y - b.y || a.x - b.x);
  /** @type {typeof found} */
  const kept = [];
  for (const one of found) {
    if (kept.length === most) break;
    if (kept.every((other) => Math.hypot(other.x - one.x, other.y - one.y) >= apart)) kept.push(one);
  }
  return kept;
}

/**
 * Tell whether no neighbour is higher; of equals the first is the top.
 * @param {Float32Array} surface
 * @param {number} wide
 * @param {number} at
 */
function isTop(surface, wide, at) {
  const value = surface[at];
  for (const before of [-wide - 1, -wide, -wide + 1, -1]) if (surface[at + before] >= value) return false;
  for (const after of [1, wide - 1, wide, wide + 1]) if (surface[at + after] > value) return false;
  return true;
}

/**
 * Return the lower ends of four bands, round numbers below the highest value.
 * @param {number} highest
 * @param {(value: number) => number} roundDown
 */
export function bandEnds(highest, roundDown) {
  if (!(highest > 0)) return [];
  const top = roundDown(highest * 0.7);
  return [0.1, 0.25, 0.5, 1].map((part) => top * part);
}

/**
 * Return the band of each picture element of a surface drawn `grain` times as fine, between cells by
 * straight lines; 0 below the first band.
 * @param {Float32Array} surface
 * @param {number} wide
 * @param {number} high
 * @param {{grain: number, ends: number[]}} asked
 */
export function bandPicture(surface, wide, high, { grain, ends }) {
  const [across, down] = [wide * grain, high * grain];
  const out = new Uint8Array(across * down);
  for (let py = 0; py < down; py++) {
    const y = Math.min(high - 1, Math.max(0, (py + 0.5) / grain - 0.5));
    const y0 = Math.floor(y);
    const y1 = Math.min(high - 1, y0 + 1);
    for (let px = 0; px < across; px++) {
      const x = Math.min(wide - 1, Math.max(0, (px + 0.5) / grain - 0.5));
      const x0 = Math.floor(x);
      const x1 = Math.min(wide - 1, x0 + 1);
      const [fx, fy] = [x - x0, y - y0];
      const upper = surface[y0 * wide + x0] * (1 - fx) + surface[y0 * wide + x1] * fx;
      const lower = surface[y1 * wide + x0] * (1 - fx) + surface[y1 * wide + x1] * fx;
      const value = upper * (1 - fy) + lower * fy;
      let band = 0;
      while (band < ends.length && value >= ends[band]) band++;
      out[py * across + px] = band;
    }
  }
  return out;
}
