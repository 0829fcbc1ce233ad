// What a division of industry is called: its code with its name, or that it is a code.

/**
 * Return a division as people read it: "27 医药" where the edition that names it is told, "代码 35"
 * where it is a number alone; what is told in words stays.
 * @param {any} ledger
 * @param {import("./words.js").Words} words
 * @param {string} division
 */
export function industryName(ledger, words, division) {
  const name = ledger.head.parts?.industries?.[division];
  if (name) return `${division} ${name}`;
  return /^\d+$/.test(division) ? words.say("panel_industry_code", { code: division }) : division;
}
