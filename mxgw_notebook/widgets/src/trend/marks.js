/** What somebody wants to see beside the values: limits as lines across, events as marks at their time. */
import { scaleOf } from "./axes.js";

const FONT_SIZE = 11;
const PLACES = 3;
const COLUMNS = 6;
const COLUMN_WIDTH = 64;

/** Draws each limit on the axis of its pen, dashed in the pen's colour, with its words at the left. */
export function drawLimits(chart, history, theme) {
  const { ctx, bbox } = chart;
  const pixel = devicePixelRatio;
  ctx.save();
  for (const [index, value, words] of history.limits) {
    const pen = history.pens[index];
    if (!pen || pen.isState || !chart.series[index + 1].show) continue;
    const y = chart.valToPos(value, scaleOf(pen), true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = ctx.fillStyle = theme.pen(index);
    line(ctx, [bbox.left, y], [bbox.left + bbox.width, y], [7, 4], 1.25);
    // Limits of several pens may lie on one another: each pen's words stand in a column of their own.
    write(ctx, theme, words, bbox.left + (6 + (index % COLUMNS) * COLUMN_WIDTH) * pixel, y - 4 * pixel, "left");
  }
  ctx.restore();
}

/** Draws each marker as a line from top to bottom, its words above one another where they would meet. */
export function drawMarkers(chart, history, theme) {
  const { ctx, bbox } = chart;
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = theme.faint;
  history.markers.forEach(([ms, words], place) => {
    const x = chart.valToPos(ms / 1000, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    line(ctx, [x, bbox.top], [x, bbox.top + bbox.height], [2, 3], 1);
    const toLeft = x > bbox.left + bbox.width * 0.75;
    const y = bbox.top + (12 + (place % PLACES) * (FONT_SIZE + 3)) * pixel;
    write(ctx, theme, words, x + (toLeft ? -4 : 4) * pixel, y, toLeft ? "right" : "left");
  });
  ctx.restore();
}

function line(ctx, from, to, dash, width) {
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.lineWidth = width * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Words on a ground of the page's colour: a line may run behind them. */
function write(ctx, theme, words, x, y, align) {
  ctx.font = `${FONT_SIZE * devicePixelRatio}px ${theme.font}`;
  ctx.textAlign = align;
  ctx.textBaseline = "alphabetic";
  ctx.lineWidth = 3 * devicePixelRatio;
  const ink = ctx.strokeStyle;
  ctx.strokeStyle = theme.mode === "dark" ? "rgba(17, 17, 17, 0.8)" : "rgba(255, 255, 255, 0.8)";
  ctx.strokeText(words, x, y);
  ctx.strokeStyle = ink;
  ctx.fillText(words, x, y);
}
