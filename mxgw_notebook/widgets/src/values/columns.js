import { drawing, element } from "../shared/dom.js";
import { age, QUALITIES } from "../shared/words.js";

/** @import { ValueRow } from "./messages.d.ts" */

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} [kind] of its cells, for the style sheet
 * @property {((row: ValueRow) => string | number) | null} sort what it sorts by
 * @property {(row: ValueRow, now: number) => Node | string} cell
 */

const SPARK_WIDTH = 90;
const SPARK_HEIGHT = 18;

/** @type {Column[]} */
export const COLUMNS = [
  {
    name: "Tag",
    sort: (row) => row.tag,
    cell: (row) => element("span", { title: row.description ?? null }, row.tag),
  },
  { name: "Value", kind: "value", sort: sortingValue, cell: (row) => row.value ?? "–" },
  { name: "Units", kind: "units", sort: (row) => row.units ?? "", cell: (row) => row.units ?? "" },
  { name: "Quality", kind: "quality", sort: sortingQuality, cell: quality },
  {
    name: "Age",
    kind: "age",
    sort: (row) => -(row.time_ms ?? 0),
    cell: (row, now) => (row.time_ms ? age(now - row.time_ms) : "–"),
  },
  {
    name: "Changes",
    kind: "rate",
    sort: (row) => row.interval ?? Infinity,
    cell: (row) => rate(row.interval),
  },
  { name: "Lately", kind: "spark", sort: null, cell: (row) => spark(row.spark) },
];

/** @param {ValueRow} row */
function sortingValue({ value = "" }) {
  const number = Number(value);
  return Number.isFinite(number) && value !== "" ? number : value;
}

/** @param {ValueRow} row */
function sortingQuality(row) {
  return row.quality ? QUALITIES.indexOf(row.quality) : -1;
}

/** @param {ValueRow} row */
function quality(row) {
  const words = row.failure ?? row.quality ?? "no value yet";
  return element("span", { "data-quality": row.failure ? "bad" : (row.quality ?? ""), title: words }, words);
}

/**
 * How often a tag changes, in the unit that gives a number of one to three digits.
 *
 * @param {number | null | undefined} interval seconds between two changes; none of fewer than two
 */
export function rate(interval) {
  if (!interval) return "–";
  if (interval <= 1) return `${Number((1 / interval).toPrecision(2))}/s`;
  if (interval <= 60) return `${Number((60 / interval).toPrecision(2))}/min`;
  return `${Number((3600 / interval).toPrecision(2))}/h`;
}

/** @param {number[] | undefined} numbers the oldest first */
function spark(numbers) {
  const svg = drawing("svg", {
    width: SPARK_WIDTH,
    height: SPARK_HEIGHT,
    "aria-hidden": "true",
    class: "mxgw-spark",
  });
  if (!numbers) return svg;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  /** @param {number} i */
  const x = (i) => 1 + (i / (numbers.length - 1)) * (SPARK_WIDTH - 2);
  /** @param {number} value */
  const y = (value) =>
    high > low ? SPARK_HEIGHT - 2 - ((value - low) / (high - low)) * (SPARK_HEIGHT - 4) : SPARK_HEIGHT / 2;
  const moves = numbers.map((value, i) =>
    i ? `H${x(i).toFixed(1)}V${y(value).toFixed(1)}` : `M${x(0)} ${y(value).toFixed(1)}`,
  );
  svg.append(drawing("path", { d: moves.join(""), fill: "none" }));
  return svg;
}
