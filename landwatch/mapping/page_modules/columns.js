// Columns of the page, read from bytes; the writer is landwatch/mapping/columns.py.

const BLANK_DAY = "";
const DAY_MS = 86400000;
const NOTHING = new Uint8Array();

/**
 * What describes a column in the head of its pack; what a kind does not need is left out.
 * @typedef {{name?: string, kind: string, parts: number[], rows: number, width?: number,
 *   places?: number, words?: any, codes?: any}} ColumnHead
 */

/**
 * Read a pack (base64, gzip) and return its head and its columns by name.
 * @param {string} base64
 * @returns {Promise<{head: any, columns: Columns}>}
 */
export async function unpack(base64) {
  const packed = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(packed).arrayBuffer();
  const size = new DataView(buffer).getUint32(0, true);
  const bytes = new Uint8Array(buffer);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  /** @type {Columns} */
  const columns = {};
  let at = 4 + size;
  for (const described of head.columns) {
    columns[described.name] = columnAt(bytes, at, described);
    at += sum(described.parts);
  }
  return { head, columns };
}

/**
 * @param {string} base64
 * @returns {Uint8Array}
 */
function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * Return the column that a head describes, its bytes beginning at `at`.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {ColumnHead} head
 * @returns {any}
 */
export function columnAt(bytes, at, head) {
  // Each part is copied: a column that is kept must not keep the bytes of its whole pack.
  const parts = head.parts.map((length) => bytes.slice(at, (at += length)));
  switch (head.kind) {
    case "naturals":
      return naturals(parts[0], head.rows);
    case "codes":
      return codes(parts[0], head);
    case "number":
      return new Numbers(parts[0], head);
    case "day":
      return new Days(parts[0], head);
    case "plain":
      return new PlainTexts(parts, head);
    case "dictionary":
      return new WordTexts(parts, head);
    case "pattern":
      return new PatternTexts(parts, head);
    default:
      throw new Error(`no reader for a column of kind ${head.kind}`);
  }
}

/**
 * Read `rows` varints; numbers up to 2**53.
 * @param {Uint8Array} bytes
 * @param {number} rows
 * @param {new (rows: number) => Uint32Array | Float64Array} [Kind]
 */
export function naturals(bytes, rows, Kind = Uint32Array) {
  const out = new Kind(rows);
  for (let i = 0, p = 0; i < rows; i++) {
    let byte = bytes[p++];
    let value = byte & 127;
    for (let weight = 128; byte > 127; weight *= 128) {
      byte = bytes[p++];
      value += (byte & 127) * weight;
    }
    out[i] = value;
  }
  return out;
}

/**
 * Undo the folding of negative numbers (1 is -1, 2 is 1).
 * @param {number} value
 */
export function unfolded(value) {
  return value % 2 ? -(value + 1) / 2 : value / 2;
}

/**
 * @param {Uint8Array} bytes
 * @param {ColumnHead} head
 */
function codes(bytes, head) {
  if (head.width === 1) return bytes;
  return new Uint16Array(bytes.byteOffset ? bytes.slice().buffer : bytes.buffer, 0, head.rows);
}

/** Numbers; a blank is NaN, never zero. */
class Numbers {
  /**
   * @param {Uint8Array} bytes
   * @param {ColumnHead} head
   */
  constructor(bytes, head) {
    this.bytes = bytes;
    this.head = head;
    /** @type {Rows | null} */
    this.read = null;
  }

  /** Return the number of each row, read when they are first wanted. */
  get values() {
    if (!this.read) {
      const scale = 10 ** (this.head.places ?? 0);
      this.read = naturals(this.bytes, this.head.rows, Float64Array);
      for (let i = 0; i < this.read.length; i++) {
        this.read[i] = this.read[i] ? unfolded(this.read[i] - 1) / scale : NaN;
      }
      this.bytes = NOTHING;
    }
    return this.read;
  }

  /** @param {number} row */
  get(row) {
    return this.values[row];
  }
}

/** Days as ISO text; a blank is empty. */
class Days {
  /**
   * @param {Uint8Array} bytes
   * @param {ColumnHead} head
   */
  constructor(bytes, head) {
    this.bytes = bytes;
    this.head = head;
    /** @type {Rows | null} */
    this.read = null;
  }

  /** @param {number} row */
  get(row) {
    if (!this.read) {
      this.read = naturals(this.bytes, this.head.rows);
      this.bytes = NOTHING;
    }
    const day = this.read[row];
    return day ? new Date(unfolded(day - 1) * DAY_MS).toISOString().slice(0, 10) : BLANK_DAY;
  }
}

/** Texts one after the other. */
class PlainTexts {
  /**
   * @param {Uint8Array[]} parts
   * @param {ColumnHead} head
   */
  constructor(parts, head) {
    this.parts = parts;
    this.rows = head.rows;
    this.text = "";
    this.folded = "";
    /** @type {Uint32Array | null} */
    this.offsets = null;
  }

  /** Return where each row begins in the text, read when it is first wanted. */
  open() {
    if (this.offsets) return this.offsets;
    const lengths = naturals(this.parts[0], this.rows);
    this.text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.parts[1]);
    const offsets = new Uint32Array(this.rows + 1);
    for (let i = 0; i < this.rows; i++) offsets[i + 1] = offsets[i] + lengths[i];
    this.parts = [];
    return (this.offsets = offsets);
  }

  /** @param {number} row */
  get(row) {
    const offsets = this.open();
    return this.text.slice(offsets[row], offsets[row + 1]);
  }

  /**
   * Call `found` with each row whose text holds `words` (already folded).
   * @param {string} words
   * @param {(row: number) => void} found
   */
  search(words, found) {
    const offsets = this.open();
    this.folded ||= folded(this.text);
    let row = 0;
    for (let at = this.folded.indexOf(words); at >= 0; ) {
      row = rowAt(offsets, at, row);
      if (at + words.length <= offsets[row + 1]) {
        found(row);
        at = this.folded.indexOf(words, offsets[row + 1]);
      } else {
        at = this.folded.indexOf(words, at + 1);
      }
    }
  }
}

/**
 * Return the row that a place in the text belongs to, looking from `low` on in growing steps: the
 * next row that is found is mostly near.
 * @param {Uint32Array} offsets
 * @param {number} place
 * @param {number} low
 */
function rowAt(offsets, place, low) {
  const end = offsets.length - 1;
  let step = 1;
  let high = low + 1;
  while (high < end && offsets[high] <= place) {
    low = high;
    high = Math.min(end, high + (step *= 2));
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle] <= place) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Return the text without case or full width, at the same length, so that places stay places.
 * @param {string} text
 */
export function folded(text) {
  const narrow = narrowText(text);
  const lower = narrow.toLowerCase();
  return lower.length === text.length
    ? lower
    : narrow.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * Return the text with signs of full width as plain ones. By units and not sign by sign: a million
 * names in brackets of full width take a second otherwise.
 * @param {string} text
 */
function narrowText(text) {
  if (!/[\u3000\uff01-\uff5e]/.test(text)) return text;
  const units = new Uint16Array(text.length);
  for (let i = 0; i < units.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x3000) units[i] = 32;
    else units[i] = unit >= 0xff01 && unit <= 0xff5e ? unit - 0xfee0 : unit;
  }
  return new TextDecoder("utf-16le", { ignoreBOM: true }).decode(units);
}

/** Texts of which few are different. */
class WordTexts {
  /**
   * @param {Uint8Array[]} parts
   * @param {ColumnHead} head
   */
  constructor(parts, head) {
    this.words = new PlainTexts(parts, head.words);
    this.codes = codes(parts[2], head.codes);
  }

  /** @param {number} row */
  get(row) {
    return this.words.get(this.codes[row]);
  }

  /**
   * Call `found` with each row whose text holds `words` (already folded).
   * @param {string} words
   * @param {(row: number) => void} found
   */
  search(words, found) {
    const wanted = new Uint8Array(this.words.rows);
    let any = false;
    this.words.search(words, (word) => {
      wanted[word] = 1;
      any = true;
    });
    if (!any) return;
    const { codes } = this;
    for (let row = 0; row < codes.length; row++) if (wanted[codes[row]]) found(row);
  }
}

const PLACE = "\u0001";

/** Sentences that differ only in their figures. */
class PatternTexts {
  /**
   * @param {Uint8Array[]} parts
   * @param {ColumnHead} head
   */
  constructor(parts, head) {
    const patterns = new PlainTexts(parts, head.words);
    this.patterns = Array.from({ length: head.words.rows }, (_, i) => patterns.get(i).split(PLACE));
    this.codes = codes(parts[2], head.codes);
    this.figures = parts[3];
    /** @type {Uint32Array | null} */
    this.begins = null;
  }

  /** Return where the figures of each row begin, found once. */
  open() {
    if (this.begins) return this.begins;
    const { codes: picks, figures, patterns } = this;
    const begins = new Uint32Array(picks.length);
    for (let row = 0, p = 0; row < picks.length; row++) {
      begins[row] = p;
      for (let left = patterns[picks[row]].length - 1; left > 0; left--) {
        while (figures[p++] > 127);
      }
    }
    return (this.begins = begins);
  }

  /** @param {number} row */
  get(row) {
    const begins = this.open();
    const pattern = this.patterns[this.codes[row]];
    const figures = naturals(
      this.figures.subarray(begins[row]),
      pattern.length - 1,
      Float64Array,
    );
    let text = pattern[0];
    for (let i = 1; i < pattern.length; i++) text += String(figures[i - 1]).slice(1) + pattern[i];
    return text;
  }
}
