/** The plot of an XY view: uPlot's scatter mode. */
import uPlot from "uplot";
import { valueLabel } from "../trend/ranges.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { TrendTag } from "../trend/messages.d.ts" */
/** @import { Seen } from "./seen.js" */

const FADES = [0.2, 0.35, 0.6, 1]; // by age, the oldest first
const FONT_SIZE = 12;
const LETTER = 7.5; // CSS pixels of a digit
const LEAST_AXIS = 50;
const POINTS = uPlot.paths.points?.();
/** @type {uPlot.Series.Facet[]} */
const FACETS = [
  { scale: "x", auto: true },
  { scale: "y", auto: true },
];

/**
 * @param {HTMLElement} holder
 * @param {Seen} seen
 * @param {Theme} theme
 * @param {number} height
 */
export function makeChart(holder, seen, theme, height) {
  const dots = FADES.map((alpha) => series(theme, 0, { alpha }));
  const open = series(theme, 0, { size: 6, isOpen: true });
  const newest = series(theme, 1, { size: 14, isOpen: true });
  return new uPlot(
    {
      mode: 2,
      width: Math.max(200, holder.clientWidth),
      height,
      legend: { show: false },
      padding: [12, 16, 0, 4],
      cursor: { show: false },
      scales: { x: { time: false, range }, y: { range } },
      axes: [axis(theme, words(seen.x)), { ...axis(theme, words(seen.y)), size: widthOf }],
      series: [{}, ...dots, open, newest],
      hooks: { drawAxes: [(plot) => drawTrack(plot, seen, theme)] },
    },
    facets(seen),
    holder,
  );
}

/**
 * The points as uPlot wants them, the newest once more as a mark.
 *
 * @param {Seen} seen
 * @returns {uPlot.AlignedData}
 */
export function facets(seen) {
  const last = seen.length - 1;
  const newest = last < 0 ? [[], []] : [[seen.xs[last]], [seen.ys[last]]];
  // uPlot's types know only of lines that share their x.
  return /** @type {any} */ ([null, ...seen.groups(), newest]);
}

/**
 * @param {Theme} theme
 * @param {number} colour
 * @param {{alpha?: number, size?: number, isOpen?: boolean}} look
 * @returns {uPlot.Series}
 */
function series(theme, colour, { alpha = 1, size = 5, isOpen = false }) {
  return {
    facets: FACETS,
    alpha,
    paths: (...given) => POINTS?.(...given) ?? null,
    points: { show: false, size, width: isOpen ? 1.5 : 0 },
    width: isOpen ? 1.5 : 0,
    stroke: () => theme.pen(colour),
    fill: isOpen ? () => "transparent" : () => theme.pen(colour),
  };
}

/**
 * So much as the longest number takes, so that the axis' name stands beside it.
 *
 * @param {uPlot} _plot
 * @param {string[] | null} values
 */
function widthOf(_plot, values) {
  const longest = Math.max(0, ...(values ?? []).map((value) => String(value).length));
  return Math.max(LEAST_AXIS, longest * LETTER + 16);
}

/** @type {uPlot.Range.Function} */
function range(_plot, low, high) {
  if (low === null || high === null) return [0, 1];
  if (low === high) return [low - (Math.abs(low) * 0.05 || 1), high + (Math.abs(high) * 0.05 || 1)];
  return uPlot.rangeNum(low, high, 0.1, false);
}

/**
 * @param {Theme} theme
 * @param {string} label
 * @returns {uPlot.Axis}
 */
function axis(theme, label) {
  return {
    label,
    labelFont: `600 ${FONT_SIZE}px ${theme.font}`,
    labelSize: 22,
    font: `${FONT_SIZE}px ${theme.font}`,
    stroke: () => theme.faint,
    grid: { stroke: () => theme.grid, width: 1 },
    ticks: { stroke: () => theme.grid, width: 1, size: 5 },
    values: (_plot, splits, _axis, _space, step) => splits.map((value) => valueLabel(value, step)),
  };
}

/** @param {TrendTag | null} tag */
function words(tag) {
  if (!tag) return "";
  return tag.units ? `${tag.tag} (${tag.units})` : tag.tag;
}

/**
 * A faint line from point to point, and none from one piece to the next.
 *
 * @param {uPlot} plot
 * @param {Seen} seen
 * @param {Theme} theme
 */
function drawTrack(plot, seen, theme) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  for (let i = 0; i < seen.length; i++) {
    const [x, y] = [plot.valToPos(seen.xs[i], "x", true), plot.valToPos(seen.ys[i], "y", true)];
    if (i > 0 && seen.piece[i] === seen.piece[i - 1]) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
  }
  ctx.globalAlpha = 0.3;
  ctx.strokeStyle = theme.pen(0);
  ctx.lineWidth = devicePixelRatio;
  ctx.stroke();
  ctx.restore();
}
