/** From where to where a value axis goes, and what stands beside it. */

/** @import uPlot from "uplot" */
/** @import { Interval, Scale } from "./messages.d.ts" */

// This part of an axis at either end stretches it; between them it is moved.
const END = 0.3;

/**
 * @param {number | null} value
 * @param {number} step between two labels
 */
export function valueLabel(value, step) {
  if (value === null) return "";
  const isLong = Math.abs(value) >= 1e9 || (step < 1e-4 && value !== 0);
  if (!isLong) return value.toFixed(decimalsOf(step));
  return value.toExponential(digitsBehind(value, step));
}

/**
 * How many digits behind the first tell neighbours apart: of 1.234e9 at a step of 2.5e6 there are four.
 *
 * @param {number} value
 * @param {number} step
 */
function digitsBehind(value, step) {
  const power = Math.floor(Math.log10(step) + 1e-9);
  const first = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  return Math.min(15, Math.max(0, first - power + decimalsOf(step / 10 ** power)));
}

/**
 * How many decimals tell neighbours apart: a step of 2.5 needs one, 0.25 two.
 *
 * @param {number} step
 */
function decimalsOf(step) {
  let decimals = 0;
  for (let scaled = step; decimals < 8 && Math.abs(scaled - Math.round(scaled)) > 1e-6; scaled *= 10)
    decimals += 1;
  return decimals;
}

/**
 * The range with the ends that were chosen by hand; the other end gives way to one of them.
 *
 * @param {Scale} chosen
 * @param {uPlot.Range.MinMax} range as the values are
 * @returns {uPlot.Range.MinMax}
 */
export function chosenRange([, low, high, log], [least, most]) {
  const from = low ?? least ?? 0;
  const to = high ?? most ?? 1;
  if (from < to) return [from, to];
  if (log) return high === null ? [from, from * 10] : [to / 10, to];
  const span = (most ?? 1) - (least ?? 0) || 1;
  return high === null ? [from, from + span] : [to - span, to];
}

/**
 * @param {number | null} value null where there is no room
 */
export function powerLabel(value) {
  if (value === null) return "";
  return value >= 1e6 || value < 1e-4 ? value.toExponential(0) : String(Number(value.toPrecision(6)));
}

/**
 * The ends of a scale that was taken at one part of its height and is held at another: the value taken stays
 * under the pointer.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} begun 0 is the upper end, 1 the lower
 * @param {number} part
 * @returns {Interval | null}
 */
export function dragged(low, high, begun, part) {
  const value = high - begun * (high - low);
  if (begun > END && begun < 1 - END) {
    const shift = (part - begun) * (high - low);
    return [low + shift, high + shift];
  }
  // The other end stays where it is.
  if (begun <= END) {
    const top = part < 0.95 ? low + (value - low) / (1 - part) : low;
    return top > low ? [low, top] : null;
  }
  const bottom = part > 0.05 ? high - (high - value) / part : high;
  return bottom < high ? [bottom, high] : null;
}
