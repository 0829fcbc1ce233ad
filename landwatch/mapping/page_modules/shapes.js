// Parcels as integers of the Mercator square, their tree, and what lies under a point.

/** The width of the world in units; see landwatch/mapping/shapes.py. */
export const WORLD = 2 ** 28;
const FANOUT = 16;
const NEAR = 2 ** 16;

/**
 * Shapes in flat arrays, taken out of the columns of a pack: corners, where each ring begins, which
 * rings a shape has, its box. Where no shape is wider than 65535 units (8 km and more: parcels, not
 * divisions), its corners are counted from its box and take half the memory; see `originX`.
 */
export class Shapes {
  /**
   * @param {Columns} columns
   * @param {string} prefix the name of the shapes in the pack
   */
  constructor(columns, prefix) {
    const rings = columns[`${prefix}_rings`];
    const corners = columns[`${prefix}_corners`];
    this.count = rings.length;
    this.rings = starts(rings, 1);
    this.begins = starts(corners, 2);
    this.closed = Uint8Array.from(corners, (corner) => corner & 1);
    /** @type {Int32Array | Uint16Array} */
    this.x = inPlace(columns[`${prefix}_x`]);
    /** @type {Int32Array | Uint16Array} */
    this.y = inPlace(columns[`${prefix}_y`]);
    // The largest columns of the page are not needed twice.
    for (const name of ["rings", "corners", "x", "y"]) delete columns[`${prefix}_${name}`];
    this.walk();
    this.boxes = this.boxed();
    this.near = this.narrowed();
  }

  /** Add up the steps: from corner to corner, and from a ring's first corner to the next ring's. */
  walk() {
    const { begins, x, y } = this;
    let firstX = 0;
    let firstY = 0;
    for (let ring = 0; ring + 1 < begins.length; ring++) {
      let atX = firstX;
      let atY = firstY;
      for (let k = begins[ring]; k < begins[ring + 1]; k++) {
        atX += straightened(x[k]);
        atY += straightened(y[k]);
        if (k === begins[ring]) [firstX, firstY] = [atX, atY];
        x[k] = atX;
        y[k] = atY;
      }
    }
  }

  /** Return the box of each shape: west, north, east, south. */
  boxed() {
    const { count, rings, begins, x, y } = this;
    const boxes = new Int32Array(4 * count);
    for (let i = 0; i < count; i++) {
      const from = begins[rings[i]];
      const to = begins[rings[i + 1]];
      let [west, north, east, south] = [x[from], y[from], x[from], y[from]];
      for (let k = from + 1; k < to; k++) {
        if (x[k] < west) west = x[k];
        else if (x[k] > east) east = x[k];
        if (y[k] < north) north = y[k];
        else if (y[k] > south) south = y[k];
      }
      boxes.set([west, north, east, south], 4 * i);
    }
    return boxes;
  }

  /** Count the corners of each shape from its box, where all of them fit; tell whether they do. */
  narrowed() {
    const { count, rings, begins, boxes, x, y } = this;
    for (let i = 0; i < count; i++) {
      if (boxes[4 * i + 2] - boxes[4 * i] >= NEAR || boxes[4 * i + 3] - boxes[4 * i + 1] >= NEAR) return false;
    }
    const [nearX, nearY] = [new Uint16Array(x.length), new Uint16Array(y.length)];
    for (let i = 0; i < count; i++) {
      for (let k = begins[rings[i]]; k < begins[rings[i + 1]]; k++) {
        nearX[k] = x[k] - boxes[4 * i];
        nearY[k] = y[k] - boxes[4 * i + 1];
      }
    }
    [this.x, this.y] = [nearX, nearY];
    return true;
  }

  /**
   * Return where the corners of a shape are counted from, west to east.
   * @param {number} shape
   */
  originX(shape) {
    return this.near ? this.boxes[4 * shape] : 0;
  }

  /**
   * Return where the corners of a shape are counted from, north to south.
   * @param {number} shape
   */
  originY(shape) {
    return this.near ? this.boxes[4 * shape + 1] : 0;
  }

  /**
   * Tell whether a shape covers a point: an odd number of borders to its east.
   * @param {number} shape
   * @param {number} placeX
   * @param {number} placeY
   */
  covers(shape, placeX, placeY) {
    const { rings, begins, x, y } = this;
    const [px, py] = [placeX - this.originX(shape), placeY - this.originY(shape)];
    let inside = false;
    for (let ring = rings[shape]; ring < rings[shape + 1]; ring++) {
      const from = begins[ring];
      const to = begins[ring + 1];
      for (let a = from, b = to - 1; a < to; b = a++) {
        if (y[a] > py !== y[b] > py && px < ((x[b] - x[a]) * (py - y[a])) / (y[b] - y[a]) + x[a]) {
          inside = !inside;
        }
      }
    }
    return inside;
  }

  /**
   * Return the rings of a shape as [latitude, longitude] pairs.
   * @param {number} shape
   */
  latLngs(shape) {
    const out = [];
    const [west, north] = [this.originX(shape), this.originY(shape)];
    for (let ring = this.rings[shape]; ring < this.rings[shape + 1]; ring++) {
      const line = [];
      for (let k = this.begins[ring]; k < this.begins[ring + 1]; k++) {
        line.push(latLngOf(west + this.x[k], north + this.y[k]));
      }
      if (this.closed[ring]) line.push(line[0]);
      out.push(line);
    }
    return out;
  }

  /**
   * Return [south-west, north-east] of some shapes, or null when there are none.
   * @param {Iterable<number>} shapes
   */
  bounds(shapes) {
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const i of shapes) {
      west = Math.min(west, this.boxes[4 * i]);
      north = Math.min(north, this.boxes[4 * i + 1]);
      east = Math.max(east, this.boxes[4 * i + 2]);
      south = Math.max(south, this.boxes[4 * i + 3]);
    }
    return west === Infinity ? null : [latLngOf(west, south), latLngOf(east, north)];
  }
}

/**
 * Return the same bytes as whole numbers with a sign.
 * @param {Uint32Array} folds
 */
function inPlace(folds) {
  return new Int32Array(folds.buffer, folds.byteOffset, folds.length);
}

/**
 * Undo the folding of negative numbers below 2**31, by bits.
 * @param {number} fold
 */
function straightened(fold) {
  return (fold >>> 1) ^ -(fold & 1);
}

/**
 * @param {Rows} lengths
 * @param {number} divisor
 */
function starts(lengths, divisor) {
  const out = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) out[i + 1] = out[i] + Math.floor(lengths[i] / divisor);
  return out;
}

/**
 * Return [latitude, longitude] of a place in the world square.
 * @param {number} x
 * @param {number} y
 */
export function latLngOf(x, y) {
  const angle = Math.PI * (1 - (2 * y) / WORLD);
  return [(Math.atan(Math.sinh(angle)) * 180) / Math.PI, (x / WORLD - 0.5) * 360];
}

/**
 * Return the place in the world square of a latitude and longitude.
 * @param {number} latitude
 * @param {number} longitude
 */
export function placeOf(latitude, longitude) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return [(longitude / 360 + 0.5) * WORLD, (0.5 - Math.atanh(sine) / (2 * Math.PI)) * WORLD];
}

/** A packed R-tree over boxes that already stand along a Hilbert curve. */
export class Tree {
  /** @param {Int32Array} boxes */
  constructor(boxes) {
    this.levels = [boxes];
    for (let last = boxes; last.length > 4 * FANOUT; ) this.levels.push((last = gathered(last)));
  }

  /**
   * Call `found` with each box that touches the window, in the order of the boxes.
   * @param {number} west
   * @param {number} north
   * @param {number} east
   * @param {number} south
   * @param {(box: number) => void} found
   */
  search(west, north, east, south, found) {
    this.runs([west, north, east, south], (from, to) => {
      for (let i = from; i < to; i++) found(i);
    });
  }

  /**
   * Call `found` with the boxes that touch the window, run by run: from one to before another.
   *
   * What lies wholly inside is one run, and none of its boxes is looked at.
   * @param {number[]} window
   * @param {(from: number, to: number) => void} found
   */
  runs(window, found) {
    const top = this.levels.length - 1;
    this.descend(top, 0, this.levels[top].length / 4, window, found);
  }

  /**
   * @param {number} level
   * @param {number} from
   * @param {number} to
   * @param {number[]} window
   * @param {(from: number, to: number) => void} found
   */
  descend(level, from, to, window, found) {
    const boxes = this.levels[level];
    const [west, north, east, south] = window;
    for (let i = from; i < to; i++) {
      const at = 4 * i;
      const [left, top, right, bottom] = [boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]];
      if (left > east || right < west || top > south || bottom < north) continue;
      if (level === 0 || (left >= west && right <= east && top >= north && bottom <= south)) {
        const held = FANOUT ** level;
        found(i * held, Math.min(this.levels[0].length / 4, (i + 1) * held));
      } else {
        const end = Math.min(this.levels[level - 1].length / 4, (i + 1) * FANOUT);
        this.descend(level - 1, i * FANOUT, end, window, found);
      }
    }
  }
}

/** @param {Int32Array} boxes */
function gathered(boxes) {
  const count = boxes.length / 4;
  const out = new Int32Array(4 * Math.ceil(count / FANOUT));
  for (let i = 0; i < count; i++) {
    const to = 4 * Math.floor(i / FANOUT);
    const first = i % FANOUT === 0;
    out[to] = first ? boxes[4 * i] : Math.min(out[to], boxes[4 * i]);
    out[to + 1] = first ? boxes[4 * i + 1] : Math.min(out[to + 1], boxes[4 * i + 1]);
    out[to + 2] = first ? boxes[4 * i + 2] : Math.max(out[to + 2], boxes[4 * i + 2]);
    out[to + 3] = first ? boxes[4 * i + 3] : Math.max(out[to + 3], boxes[4 * i + 3]);
  }
  return out;
}
