/** What somebody wants to see beside the values: limits as lines across, events as marks at their time. */
import { scaleOf } from "./axes.js";
import { Places } from "./places.js";

/** @import uPlot from "uplot" */
/** @import { Theme } from "../shared/theme.js" */
/** @import { History } from "./history.js" */
/** @import { Interval, Level, Limit } from "./messages.d.ts" */

/** @typedef {{index: number, words: string, y: number}} LimitLine its pen's index, and its height in canvas pixels */
/** @typedef {[x: number, y: number]} Point */

const FONT_SIZE = 11;
const LINE = FONT_SIZE + 3;
const ROWS = 8;

/**
 * Draws limits and markers; their words keep out of each other's way.
 *
 * @param {uPlot} chart
 * @param {History} history
 * @param {Theme} theme
 */
export function drawMarks(chart, history, theme) {
  const places = new Places();
  chart.ctx.save();
  chart.ctx.font = `${FONT_SIZE * devicePixelRatio}px ${theme.font}`;
  chart.ctx.textBaseline = "alphabetic";
  chart.ctx.textAlign = "left";
  // The lines first: words stand on them.
  for (const level of history.levels) drawLevel(chart, history, level, theme);
  for (const limit of inSight(chart, history, history.limits)) drawLimit(chart, limit, theme);
  const named = [...history.limits, ...history.levels.flatMap(nowOf)];
  for (const limit of inSight(chart, history, named)) nameLimit(chart, limit, theme, places);
  drawMarkers(chart, history, theme, places);
  chart.ctx.restore();
}

/**
 * A setpoint with its own history: a dashed line in steps, in the colour of its pen.
 *
 * @param {uPlot} chart
 * @param {History} history
 * @param {Level} level
 * @param {Theme} theme
 */
function drawLevel(chart, history, [index, , steps], theme) {
  const pen = history.pens[index];
  if (!pen || pen.isState || !chart.series[index + 1].show) return;
  const { ctx, bbox } = chart;
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  steps.forEach(([ms, value], place) => {
    const [x, y] = [chart.valToPos(ms / 1000, "x", true), chart.valToPos(value, scaleOf(pen), true)];
    const until = steps[place + 1]?.[0];
    const right = until === undefined ? bbox.left + bbox.width : chart.valToPos(until / 1000, "x", true);
    place === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y);
    ctx.lineTo(right, y);
  });
  ctx.strokeStyle = theme.pen(index);
  ctx.setLineDash([7 * pixel, 4 * pixel]);
  ctx.lineWidth = 1.25 * pixel;
  ctx.stroke();
  ctx.restore();
}

/**
 * The limits of the pens that are shown, from the top to the bottom.
 *
 * @param {uPlot} chart
 * @param {History} history
 * @param {Limit[]} limits
 * @returns {LimitLine[]}
 */
function inSight(chart, history, limits) {
  const { top, height } = chart.bbox;
  return limits
    .filter(([index]) => history.pens[index] && !history.pens[index].isState && chart.series[index + 1].show)
    .map(([index, value, words]) => ({
      index,
      words,
      y: chart.valToPos(value, scaleOf(history.pens[index]), true),
    }))
    .filter(({ y }) => y >= top && y <= top + height)
    .sort((a, b) => a.y - b.y);
}

/**
 * What the levels read within a window: the axes make room for it.
 *
 * @param {Level[]} levels
 * @param {Interval} window
 * @returns {Limit[]}
 */
export function levelsWithin(levels, [from, to]) {
  return levels.flatMap(([index, words, steps]) =>
    steps
      .filter(([ms], place) => ms < to && (steps[place + 1]?.[0] ?? Infinity) > from)
      .map(([, value]) => /** @type {Limit} */ ([index, value, words])),
  );
}

/**
 * Where a level stands now: there its words are.
 *
 * @param {Level} level
 * @returns {Limit[]}
 */
function nowOf([index, words, steps]) {
  const last = steps.at(-1);
  return last ? [[index, last[1], words]] : [];
}

/**
 * A dashed line in the pen's colour.
 *
 * @param {uPlot} chart
 * @param {LimitLine} limit
 * @param {Theme} theme
 */
function drawLimit({ ctx, bbox }, { index, y }, theme) {
  ctx.strokeStyle = theme.pen(index);
  line(ctx, [bbox.left, y], [bbox.left + bbox.width, y], [7, 4], 1.25);
}

/**
 * A limit's words above its line, at the left where there is room: limits may lie on one another.
 *
 * @param {uPlot} chart
 * @param {LimitLine} limit
 * @param {Theme} theme
 * @param {Places} places
 */
function nameLimit({ ctx, bbox }, { index, y, words }, theme, places) {
  const pixel = devicePixelRatio;
  const box = {
    x: bbox.left + 6 * pixel,
    y: y - 3 * pixel - FONT_SIZE * pixel,
    width: ctx.measureText(words).width,
    height: LINE * pixel,
  };
  const found = places.toTheRight(box, bbox.left + bbox.width, 8 * pixel);
  ctx.fillStyle = theme.pen(index);
  write(ctx, theme, words, found.x, y - 4 * pixel);
}

/**
 * Each marker as a line from top to bottom, its words one below another where they would meet.
 *
 * @param {uPlot} chart
 * @param {History} history
 * @param {Theme} theme
 * @param {Places} places
 */
function drawMarkers(chart, history, theme, places) {
  const { ctx, bbox } = chart;
  const pixel = devicePixelRatio;
  ctx.strokeStyle = ctx.fillStyle = theme.faint;
  for (const [ms, words] of history.markers) {
    const x = chart.valToPos(ms / 1000, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    line(ctx, [x, bbox.top], [x, bbox.top + bbox.height], [2, 3], 1);
    const width = ctx.measureText(words).width;
    const isLeft = x + 4 * pixel + width > bbox.left + bbox.width;
    const box = {
      x: isLeft ? x - 4 * pixel - width : x + 4 * pixel,
      y: bbox.top + 2 * pixel,
      width,
      height: LINE * pixel,
    };
    write(ctx, theme, words, box.x, places.below(box, ROWS).y + FONT_SIZE * pixel);
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Point} from
 * @param {Point} to
 * @param {number[]} dash
 * @param {number} width in CSS pixels, as the dash is
 */
function line(ctx, from, to, dash, width) {
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.lineWidth = width * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * Words on a ground of the page's colour: lines run behind them.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Theme} theme
 * @param {string} words
 * @param {number} x
 * @param {number} y
 */
function write(ctx, theme, words, x, y) {
  const ink = ctx.fillStyle;
  ctx.fillStyle = theme.mode === "dark" ? "rgba(17, 17, 17, 0.82)" : "rgba(255, 255, 255, 0.82)";
  const edge = 2 * devicePixelRatio;
  ctx.fillRect(
    x - edge,
    y - FONT_SIZE * devicePixelRatio,
    ctx.measureText(words).width + 2 * edge,
    (FONT_SIZE + 2) * devicePixelRatio,
  );
  ctx.fillStyle = ink;
  ctx.fillText(words, x, y);
}
