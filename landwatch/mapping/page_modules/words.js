// Words in both languages; every sentence comes from the catalogue that the page carries.

/** The words of the page in the language that is switched on. */
export class Words {
  /**
   * @param {Record<string, Record<string, string>>} words the sentences by language and key
   * @param {string} lang
   */
  constructor(words, lang) {
    this.words = words;
    this.lang = lang;
  }

  /**
   * Return a sentence with its places filled.
   * @param {string} key
   * @param {Record<string, any>} [values]
   */
  say(key, values = {}) {
    const sentence = this.words[this.lang][key] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
  }

  /**
   * Return the name of a code, or the code itself where the catalogue has none.
   * @param {string} family
   * @param {string} code
   */
  name(family, code) {
    return this.words[this.lang][`${family}.${code}`] ?? code;
  }

  /**
   * Return the name of a class of the map: that of a breach says that it is suspected.
   * @param {MapClass} kind
   */
  className(kind) {
    if (kind.code === "no_contract") return this.say("no_contract");
    const name = this.name("gravity", kind.gravity);
    return kind.hatched ? this.say("hatched_class", { name }) : name;
  }

  /**
   * Return a number as people of the language write it.
   * @param {number} value
   * @param {number} [most] decimals
   */
  number(value, most = 2) {
    return value.toLocaleString(this.lang === "zh" ? "zh-CN" : "en", {
      maximumFractionDigits: most,
    });
  }

  /**
   * Return a figure with two decimals, four below one, and more where it would read as its limit.
   * @param {number} value
   * @param {number} [limit]
   */
  figure(value, limit = NaN) {
    let most = Math.abs(value) < 1 ? 4 : 2;
    while (most < 12 && value !== limit && this.number(value, most) === this.number(limit, most)) most++;
    return this.number(value, most);
  }

  /**
   * Return an area in mu.
   * @param {number} value
   */
  mu(value) {
    return this.say("mu", { area: this.number(value) });
  }
}
