/** The axes of a trend: time below, one value axis for each engineering unit. */
import uPlot from "uplot";
import { chosenRange, powerLabel, valueLabel } from "./ranges.js";
import { timeAxis } from "./time_axis.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { Interval, Limit, Scale } from "./messages.d.ts" */
/** @import { Pen } from "./pen.js" */

const FONT_SIZE = 12;
const NO_UNITS = "no units";
const [RIGHT, LEFT] = /** @type {const} */ ([1, 3]); // the sides of a plot, as uPlot counts them

/**
 * The units in the order of the pens: each gets a scale and an axis. States have none.
 *
 * @param {Pen[]} pens
 */
export function unitsOf(pens) {
  return [...new Set(pens.filter((pen) => !pen.isState).map((pen) => pen.tag.units))];
}

/**
 * The scale of a pen. States hang on one that nothing shows.
 *
 * @param {Pen} pen
 */
export function scaleOf(pen) {
  return pen.isState ? "states" : scaleKey(pen.tag.units);
}

/** @param {string} units */
export function scaleKey(units) {
  return `units:${units}`;
}

/**
 * The chart's scales; `bounds` gives the time window in milliseconds, `limits` what has to stay in sight.
 *
 * @param {Pen[]} pens
 * @param {() => Interval} bounds
 * @param {() => Limit[]} limits
 * @param {(units: string) => Scale} chosen how an axis is drawn by hand
 */
export function scales(pens, bounds, limits, chosen) {
  /** @type {() => uPlot.Range.MinMax} */
  const seconds = () => [bounds()[0] / 1000, bounds()[1] / 1000];
  /** @type {uPlot.Scales} */
  const made = { x: { time: true, range: seconds }, states: { range: [0, 1] } };
  for (const units of unitsOf(pens)) {
    const [, , , log] = chosen(units);
    made[scaleKey(units)] = {
      distr: log ? 3 : 1,
      range: (_chart, low, high) => {
        const values = limitsOf(pens, units, limits());
        return chosenRange(chosen(units), log ? logRange(low, high, values) : valueRange(low, high, values));
      },
    };
  }
  return made;
}

/**
 * The time axis first, then one for each engineering unit.
 *
 * @param {Pen[]} pens
 * @param {Theme} theme
 * @param {(units: string) => Scale} chosen
 * @returns {uPlot.Axis[]}
 */
export function axes(pens, theme, chosen) {
  /** @param {() => string} colour */
  const shared = (colour) => ({
    stroke: colour,
    font: `${FONT_SIZE}px ${theme.font}`,
    labelFont: `600 ${FONT_SIZE}px ${theme.font}`,
    grid: { stroke: () => theme.grid, width: 1 },
    ticks: { stroke: () => theme.grid, width: 1, size: 5 },
  });
  return [
    timeAxis(shared(() => theme.faint)),
    ...unitsOf(pens).map((units, place) =>
      valueAxis(shared(axisColour(pens, units, theme)), units, place, chosen(units)[3]),
    ),
  ];
}

/**
 * @param {uPlot.Axis} shared
 * @param {string} units
 * @param {number} place counts the units
 * @param {boolean} log
 * @returns {uPlot.Axis}
 */
function valueAxis(shared, units, place, log) {
  return {
    ...shared,
    scale: scaleKey(units),
    side: place % 2 === 0 ? LEFT : RIGHT,
    gap: 4,
    space: 34,
    grid: { ...shared.grid, show: place === 0 },
    values: (_chart, splits, _axis, _space, step) =>
      splits.map((value) => (log ? powerLabel(value) : valueLabel(value, step))),
    size: axisWidth(units || NO_UNITS),
  };
}

/**
 * Writes each axis' units above it: upright words are read sooner than turned ones.
 *
 * @param {uPlot} chart
 * @param {Pen[]} pens
 * @param {Theme} theme
 */
export function drawUnits(chart, pens, theme) {
  const { ctx, bbox } = chart;
  const pixel = devicePixelRatio;
  const edge = { [RIGHT]: bbox.left + bbox.width, [LEFT]: bbox.left };
  ctx.save();
  ctx.font = `600 ${FONT_SIZE * pixel}px ${theme.font}`;
  ctx.textBaseline = "alphabetic";
  unitsOf(pens).forEach((units, place) => {
    const axis = chart.axes[place + 1];
    const side = axis.side === RIGHT ? RIGHT : LEFT;
    const outwards = side === RIGHT ? 1 : -1;
    ctx.textAlign = side === RIGHT ? "left" : "right";
    ctx.fillStyle = axisColour(pens, units, theme)();
    ctx.fillText(units || NO_UNITS, edge[side] + outwards * 9 * pixel, bbox.top - 10 * pixel);
    const width = typeof axis.size === "function" ? axis.size(chart, [], place + 1, 0) : (axis.size ?? 0);
    edge[side] += outwards * width * pixel;
  });
  ctx.restore();
}

/**
 * An axis that serves one pen alone wears its colour.
 *
 * @param {Pen[]} pens
 * @param {string} units
 * @param {Theme} theme
 */
function axisColour(pens, units, theme) {
  const users = pens.flatMap((pen, index) => (scaleOf(pen) === scaleKey(units) ? [index] : []));
  return () => (users.length === 1 ? theme.pen(users[0]) : theme.faint);
}

/**
 * As wide as the longest label ever was: an axis that shrinks and grows makes the lines jump.
 *
 * @param {string} heading
 * @returns {(chart: uPlot, values: string[] | null) => number}
 */
function axisWidth(heading) {
  let widest = 34;
  return (chart, values) => {
    if (!values) return widest;
    chart.ctx.save();
    chart.ctx.font = `600 ${FONT_SIZE * devicePixelRatio}px sans-serif`;
    for (const text of [heading, ...values]) {
      widest = Math.max(widest, 14 + Math.ceil(chart.ctx.measureText(text).width / devicePixelRatio));
    }
    chart.ctx.restore();
    return widest;
  };
}

/**
 * The values that the lines of a unit's pens are drawn at.
 *
 * @param {Pen[]} pens
 * @param {string} units
 * @param {Limit[]} limits
 */
function limitsOf(pens, units, limits) {
  return limits
    .filter(([index]) => pens[index] && scaleOf(pens[index]) === scaleKey(units))
    .map(([, value]) => value);
}

/**
 * A range in which `values` are in sight, too; rounded ends, so that the axis moves in steps and not with
 * every sample.
 *
 * @param {number | null} least null while there is no value
 * @param {number | null} most
 * @param {number[]} values
 * @returns {uPlot.Range.MinMax}
 */
function valueRange(least, most, values) {
  if (least === null || most === null) return [0, 1];
  const low = Math.min(least, ...values);
  const high = Math.max(most, ...values);
  if (low === high) return [low - (Math.abs(low) * 0.05 || 1), high + (Math.abs(high) * 0.05 || 1)];
  return uPlot.rangeNum(low, high, 0.1, false);
}

/**
 * The same in whole powers of ten; what is not positive has no place there.
 *
 * @param {number | null} least
 * @param {number | null} most
 * @param {number[]} values
 * @returns {uPlot.Range.MinMax}
 */
function logRange(least, most, values) {
  const positive = [least ?? 0, most ?? 0, ...values].filter((value) => value > 0);
  if (!positive.length) return [1, 10];
  return uPlot.rangeLog(Math.min(...positive), Math.max(...positive), 10, true);
}
