// What the page can do beside the map, the panel and the card: one line for each feature.
import { Backdrops } from "./backdrops.js";
import { CardDetails } from "./carddetails.js";
import { Compare } from "./compare.js";
import { Months } from "./months.js";
import { Paper } from "./paper.js";
import { Hotspots } from "./hotspots.js";
import { Summary } from "./summary.js";
import { Themes } from "./themes.js";
import { Tools } from "./tools.js";

/** @type {(new (page: any) => any)[]} */
const FEATURES = [
  CardDetails,
  Themes,
  Backdrops,
  Summary,
  Tools,
  Hotspots,
  Paper,
  Compare,
  Months,
];

/**
 * Make the features of a page.
 *
 * A feature is made once the data are told (`page.ledger`, `page.map`, `page.words`, `page.filters`,
 * `page.shapes`, `page.tree`, `page.view` from the first `show` on). It may have: `say()`, called when
 * the language is switched; `show(view)`, when the filters leave something else; `print(printing)`,
 * before and after paper; `opened(subject)` and `closed()`, with the card;
 * `reset()`, when all filters are taken back. One that narrows sets a mask in `page.filters.masks`
 * and calls `page.changedSoon()`; one that knows other moments adds to `page.ledger.moments`.
 * In a permanent link it tells its state by `link()`, names and values (a blank is left out), and
 * takes it up again in `follow(told)`, a Map of them; `narrowing()` tells what its mask leaves: the
 * words, the name of the mask, and `undo()` for what it shows itself; null where it narrows nothing.
 * @param {any} page
 */
export function features(page) {
  return FEATURES.map((Feature) => new Feature(page));
}
