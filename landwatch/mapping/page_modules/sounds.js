// Search by pinyin: letters are also tried as the sounds of characters, whole or their initials.

const LONGEST = 30; // places of a query fit into the bits of an integer
const INITIALS = /^[zcs]h/;
const LETTERS = /[a-z].*[a-z]/;
const PAIRED = 0xffff; // stands where a character is written with two units

/** The characters of a page under each of their readings (see landwatch/mapping/pinyin.py). */
export class Sounds {
  /** @param {Record<string, string>} under the characters of each sound */
  constructor(under) {
    this.names = Object.keys(under);
    this.number = new Uint16Array(65536);
    /** @type {Map<number, number>} */
    this.paired = new Map();
    /** @type {number[][]} the sounds of each numbered character; number 0 is none */
    this.sounds = [[]];
    this.names.forEach((name, sound) => {
      for (const character of under[name]) this.add(character, sound);
    });
  }

  /**
   * @param {string} character
   * @param {number} sound
   */
  add(character, sound) {
    const [unit, point] = [character.charCodeAt(0), character.codePointAt(0) ?? 0];
    let number = point > 0xffff ? this.paired.get(point) : this.number[unit];
    if (!number) {
      number = this.sounds.push([]) - 1;
      if (point > 0xffff) this.paired.set(point, number);
      this.number[unit] = point > 0xffff ? PAIRED : number;
    }
    this.sounds[number].push(sound);
  }

  /**
   * Return what finds a query in texts by sound; null where letters cannot be meant as sounds.
   * @param {string} query already folded, without blanks
   */
  matcher(query) {
    const wanted = query.replaceAll("ü", "v");
    const fit = wanted.length <= LONGEST && LETTERS.test(wanted) && this.sounds.length > 1;
    return fit ? new Matcher(this, wanted) : null;
  }
}

/**
 * Return where a sound may lead from each place of a query, as bits.
 * @param {string} query
 * @param {string} sound
 */
export function movesOf(query, sound) {
  const moves = new Int32Array(query.length);
  const initial = INITIALS.test(sound) ? sound.slice(0, 2) : sound[0];
  for (let at = 0; at < query.length; at++) {
    if (query[at] !== sound[0]) continue;
    moves[at] = 1 << (at + 1);
    if (query.startsWith(initial, at)) moves[at] |= 1 << (at + initial.length);
    if (query.startsWith(sound, at)) moves[at] |= 1 << (at + sound.length);
    if (sound.startsWith(query.slice(at))) moves[at] |= 1 << query.length;
  }
  return moves;
}

/** Finds one query: each character of a text leads from some places of the query to others. */
class Matcher {
  /**
   * @param {Sounds} sounds
   * @param {string} query
   */
  constructor(sounds, query) {
    this.paired = sounds.paired;
    this.number = sounds.number.slice();
    this.length = query.length;
    const own = [...new Set(query)].filter((sign) => !this.number[sign.charCodeAt(0)]);
    own.forEach((sign, i) => (this.number[sign.charCodeAt(0)] = sounds.sounds.length + i));
    this.moves = new Int32Array((sounds.sounds.length + own.length) * query.length);
    const ofSound = sounds.names.map((name) => movesOf(query, name));
    sounds.sounds.forEach((heard, number) => {
      for (const sound of heard) {
        for (let at = 0; at < query.length; at++) this.moves[number * query.length + at] |= ofSound[sound][at];
      }
    });
    for (let at = 0; at < query.length; at++) {
      const number = this.number[query.charCodeAt(at)];
      if (number !== PAIRED) this.moves[number * query.length + at] |= 1 << (at + 1);
    }
  }

  /**
   * Tell whether the query begins at a place of a text and ends before `end`.
   * @param {string} text
   * @param {number} from
   * @param {number} end
   */
  fits(text, from, end) {
    const { moves, length, number: numbers } = this;
    for (let at = from, places = 1; at < end && places; at++) {
      let number = numbers[text.charCodeAt(at)];
      if (number === PAIRED) number = this.paired.get(text.codePointAt(at++) ?? 0) ?? 0;
      if (!number) return false;
      let next = 0;
      for (let left = places; left; left &= left - 1) next |= moves[number * length + 31 - Math.clz32(left & -left)];
      if (next & (1 << length)) return true;
      places = next;
    }
    return false;
  }

  /**
   * Call `found` with each row of texts that stand one after the other and hold the query.
   * @param {string} text
   * @param {Uint32Array} offsets where each row begins, and the end
   * @param {(row: number) => void} found
   */
  search(text, offsets, found) {
    const { number, moves, length } = this;
    const begins = new Uint8Array(65536);
    for (let unit = 0; unit < 65536; unit++) {
      const first = number[unit];
      begins[unit] = first === PAIRED || (first && moves[first * length]) ? 1 : 0;
    }
    for (let at = 0, row = 0; at < text.length; at++) {
      if (!begins[text.charCodeAt(at)]) continue;
      while (offsets[row + 1] <= at) row++;
      if (!this.fits(text, at, offsets[row + 1])) continue;
      found(row);
      at = offsets[row + 1] - 1;
    }
  }
}
