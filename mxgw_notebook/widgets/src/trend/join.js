/** Puts pens with times of their own on the one time axis that the chart wants. */

/** @import { Outage } from "./messages.d.ts" */
/** @import { Pen } from "./pen.js" */

/** @typedef {[low: number, high: number]} Places the samples of a pen from one place up to before another */
/** @typedef {(number | null | undefined)[]} Column undefined where the line runs on, null where it is broken */

/**
 * @typedef {object} Joined
 * @property {[seconds: number[], ...values: Column[]]} data as uPlot wants it
 * @property {number[]} drawn how many samples of each pen stand in it
 */

/**
 * The pens' samples between two times, in epoch milliseconds.
 *
 * A value holds until the next one and up to `to`; before a pen's first number there is null, and so there is
 * from the beginning of an outage to its end, or to a sample that came late. Where any
 * pen has far more samples than pixels, all are drawn by columns of pixels: four points each, which show
 * what the first, lowest, highest and last sample of the column would.
 *
 * @param {Pen[]} pens
 * @param {number} from
 * @param {number} to
 * @param {number} pixels the plot's width
 * @param {boolean} linear straight lines from sample to sample
 * @returns {Joined}
 */
export function joinPens(pens, from, to, pixels, linear = false) {
  const all = pens.map((pen) => placesOf(pen, from, to));
  const drawn = all.map(([low, high]) => high - low);
  const ranges = all.map((range, k) => (pens[k].isState ? NOTHING : range));
  const columns = Math.round(pixels);
  const counts = ranges.map(([low, high]) => high - low);
  if (Math.max(0, ...counts) > 4 * columns || counts.reduce((sum, count) => sum + count, 0) > 8 * columns) {
    return byColumns(pens, ranges, drawn, from, to, columns);
  }
  const times = mergedTimes(pens, ranges, from, to);
  const values = pens.map((pen, k) => (linear ? ownValues : heldValues)(pen, ranges[k], times));
  return { data: [Array.from(times, (ms) => ms / 1000), ...values], drawn };
}

// As little as the seconds of a chart can tell apart.
const EDGE_MS = 0.01;

/** @type {Places} */
const NOTHING = [0, 0];

/**
 * The samples of a window, and the one that held when it began.
 *
 * @param {Pen} pen
 * @param {number} from
 * @param {number} to
 * @returns {Places}
 */
function placesOf(pen, from, to) {
  return [Math.max(0, pen.after(from) - 1), pen.after(to)];
}

/**
 * @param {Pen[]} pens
 * @param {Places[]} ranges
 * @param {number[]} drawn
 * @param {number} from
 * @param {number} to
 * @param {number} columns
 * @returns {Joined}
 */
function byColumns(pens, ranges, drawn, from, to, columns) {
  const width = (to - from) / columns;
  /** @type {number[]} */
  const seconds = new Array(4 * columns + 1);
  for (let i = 0; i <= 4 * columns; i++) seconds[i] = (from + (i * width) / 4) / 1000;
  const values = pens.map((pen, k) => columnValues(pen, ranges[k], from, width, columns));
  return { data: [seconds, ...values], drawn };
}

/**
 * Four values for each column: first, lowest and highest in the order they came, last.
 *
 * @param {Pen} pen
 * @param {Places} range
 * @param {number} from
 * @param {number} width of a column, in milliseconds
 * @param {number} columns
 */
function columnValues(pen, [low, high], from, width, columns) {
  const { time, value } = pen;
  /** @type {Column} */
  const made = new Array(4 * columns + 1);
  /** @type {number | null} */
  let held = null;
  let since = -Infinity;
  let i = low;
  for (let column = 0; column < columns; column++) {
    const end = from + (column + 1) * width;
    let first = held;
    let least = held;
    let most = held;
    let risesFirst = true;
    const began = i;
    for (; i < high && time[i] < end; i++) {
      since = time[i];
      const each = value[i];
      if (Number.isNaN(each)) continue;
      if (least === null || most === null) first = least = most = each;
      if (each < least) [least, risesFirst] = [each, false];
      if (each > most) [most, risesFirst] = [each, true];
      held = each;
    }
    const at = 4 * column;
    if (i === began && pen.isLost(end - width / 2, since)) {
      made.fill(null, at, at + 4);
      continue;
    }
    made[at] = first;
    made[at + 1] = risesFirst ? least : most;
    made[at + 2] = risesFirst ? most : least;
    made[at + 3] = held;
  }
  made[4 * columns] = pen.isLost(from + columns * width, since) ? null : held;
  return made;
}

/**
 * Every time that any of the pens has a sample at, once, and the window's ends.
 *
 * @param {Pen[]} pens
 * @param {Places[]} ranges
 * @param {number} from
 * @param {number} to
 */
function mergedTimes(pens, ranges, from, to) {
  const all = new Float64Array(ranges.reduce((sum, [low, high]) => sum + high - low, 2));
  all[0] = from;
  all[1] = to;
  let at = 2;
  pens.forEach((pen, k) => {
    for (let i = ranges[k][0]; i < ranges[k][1]; i++) all[at++] = Math.max(from, pen.time[i]);
  });
  const times = all.subarray(0, at);
  const edges = (pens[0]?.outages ?? []).flatMap(edgesOf).filter((ms) => from < ms && ms < to);
  const merged = Float64Array.from([...times, ...edges]).sort();
  return merged.filter((ms, i) => i === 0 || ms !== merged[i - 1]);
}

/**
 * Where a line has to be broken: it still stands as the outage begins.
 *
 * @param {Outage} outage
 */
function edgesOf([from, to]) {
  return [from, from + EDGE_MS, ...(to === null ? [] : [to])];
}

/**
 * A value at the pen's own times alone: straight lines then join them. The ends of the window have one, too.
 *
 * @param {Pen} pen
 * @param {Places} range
 * @param {Float64Array} times
 * @returns {Column}
 */
function ownValues(pen, range, times) {
  const column = heldValues(pen, range, times);
  const own = new Set();
  for (let i = range[0]; i < range[1]; i++) own.add(pen.time[i]);
  const edge = pen.between(times[0]);
  return column.map((value, i) => {
    if (value === null) return null;
    if (i === 0) return edge ?? value;
    return own.has(times[i]) || i === times.length - 1 ? value : undefined;
  });
}

/**
 * The value that holds at each of the times.
 *
 * @param {Pen} pen
 * @param {Places} range
 * @param {Float64Array} times
 */
function heldValues(pen, [low, high], times) {
  /** @type {Column} */
  const column = new Array(times.length);
  let next = low;
  let since = -Infinity;
  /** @type {number | null} */
  let held = null;
  for (let i = 0; i < times.length; i++) {
    while (next < high && pen.time[next] <= times[i]) {
      since = pen.time[next];
      const value = pen.value[next++];
      if (Number.isFinite(value)) held = value;
    }
    column[i] = pen.isLost(times[i], since) ? null : held;
  }
  return column;
}
