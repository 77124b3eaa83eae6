/** The axis of a trend's time, in the reader's local time. */
import { day, timeOfDay, zone } from "../shared/words.js";

/** @import uPlot from "uplot" */

const LABEL_WIDTH = 78; // CSS pixels
const STEPS = [
  // seconds
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
];

/**
 * @param {uPlot.Axis} shared
 * @returns {uPlot.Axis}
 */
export function timeAxis(shared) {
  const label = `Local time, ${zone(Date.now())}`;
  return {
    ...shared,
    label,
    labelSize: 20,
    labelGap: 0,
    size: 42,
    gap: 4,
    splits: splitsOf,
    values: labelsOf,
  };
}

/**
 * Round local times, as close together as labels have room; always at least one.
 *
 * @param {uPlot} chart
 * @param {number} _axis
 * @param {number} from in seconds
 * @param {number} to
 */
function splitsOf(chart, _axis, from, to) {
  const room = ((to - from) * LABEL_WIDTH) / Math.max(1, chart.bbox.width / devicePixelRatio);
  const step = STEPS.find((each) => each >= room) ?? Math.ceil(room / 86400) * 86400;
  const offset = new Date(from * 1000).getTimezoneOffset() * 60;
  const splits = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) splits.push(at);
  // A narrow plot may lie between two round times.
  return splits.length ? splits : [Math.round((from + to) / 2)];
}

/**
 * Times of day; the first one, and the first of each new day, carry the date.
 *
 * @type {uPlot.Axis.DynamicValues}
 */
function labelsOf(_chart, splits) {
  let before = "";
  return splits.map((seconds) => {
    const ms = seconds * 1000;
    const date = day(ms);
    const label = date === before ? timeOfDay(ms) : `${timeOfDay(ms)}\n${date}`;
    before = date;
    return label;
  });
}
