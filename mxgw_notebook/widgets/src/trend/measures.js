import { element, setText } from "../shared/dom.js";
import { number, spanWords, timeOfDay } from "../shared/words.js";

/** @import { Interval, MeasuresRow } from "./messages.d.ts" */
/** @import { Pen } from "./pen.js" */

export const HEADS = ["At 1", "At 2", "Difference", "Mean", "Min", "Max", "Slope a second", "Good"];
const SHORTEST_MS = 1000;

/** The table of what each pen did between the two cursors. */
export class Measures {
  constructor() {
    this.caption = element("caption");
    this.body = element("tbody");
    this.node = element(
      "div",
      { class: "mxgw-measures", hidden: "" },
      element(
        "table",
        {},
        this.caption,
        element(
          "thead",
          {},
          element("tr", {}, ...["Tag", ...HEADS].map((head) => element("th", { scope: "col" }, head))),
        ),
        this.body,
      ),
    );
  }

  /**
   * Shows them; what was measured of other times than the cursors' is no answer yet.
   *
   * @param {Interval | null} times of the cursors
   * @param {MeasuresRow[]} rows
   * @param {Pen[]} pens
   */
  update(times, rows, pens) {
    this.node.hidden = times === null;
    if (times === null) return;
    const [from, to] = [Math.min(...times), Math.max(...times)];
    setText(this.caption, between(from, to));
    const lines = rows.map((row) => cells(row, pens));
    // As a whole and only where it is another: a person may be about to copy it.
    const key = JSON.stringify(lines);
    if (this.body.dataset.key === key) return;
    this.body.dataset.key = key;
    this.body.replaceChildren(
      ...lines.map(([name, ...texts]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, name),
          ...texts.map((text, place) => element("td", { "data-head": HEADS[place] }, text)),
        ),
      ),
    );
  }
}

/**
 * Between which times it was measured, in words.
 *
 * @param {number} from
 * @param {number} to
 */
export function between(from, to) {
  return `From ${timeOfDay(from)} to ${timeOfDay(to)}: ${lapse(to - from)}`;
}

/** @param {number} ms */
function lapse(ms) {
  return ms < SHORTEST_MS ? `${Math.round(ms)} ms` : spanWords(ms / 1000);
}

/**
 * A row as it is written; a dash is what is not known.
 *
 * @param {MeasuresRow} row
 * @param {Pen[]} pens
 * @returns {string[]}
 */
export function cells([tag, ...measures], pens) {
  const pen = pens.find((each) => each.tag.tag === tag);
  const numbers = measures.slice(0, -1).map((value) => (value === null ? "–" : number(value)));
  const good = measures.at(-1) ?? null;
  const name = pen?.tag.units ? `${pen.tag.label || tag} (${pen.tag.units})` : pen?.tag.label || tag;
  // Never 100 % of what was not wholly good.
  return [name, ...numbers, good === null ? "–" : `${Math.floor(good * 10 + 1e-6) / 10} %`];
}
