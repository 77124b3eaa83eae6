/** The two cursors on a picture of a trend, and beneath what each pen did between them. */
import { between, cells, HEADS } from "./measures.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { Chart } from "./chart.js" */
/** @import { Measuring } from "./measuring.js" */
/** @import { Pen } from "./pen.js" */

const GAP = 14; // between two columns

/**
 * What the picture says of the cursors: a line of words, and the rows of a table; none without cursors.
 *
 * @param {Measuring} measuring
 * @param {Pen[]} pens
 */
export function measuresSaid({ times, rows }, pens) {
  if (times === null) return { words: [], table: [] };
  const words = [between(Math.min(...times), Math.max(...times))];
  return { words, table: rows.length ? [["Tag", ...HEADS], ...rows.map((row) => cells(row, pens))] : [] };
}

/**
 * A line for each cursor that is on view, with its number: the earlier is the first.
 *
 * @param {CanvasRenderingContext2D} ctx of which the plot is the upper part
 * @param {Chart} chart
 * @param {Measuring} measuring
 * @param {Theme} theme
 */
export function drawCursors(ctx, { plot, bounds: [low, high] }, { times }, theme) {
  const pixel = devicePixelRatio;
  const { top, height } = plot.bbox;
  const inOrder = [...(times ?? [])].sort((a, b) => a - b);
  inOrder.forEach((ms, place) => {
    if (!(low <= ms && ms <= high)) return;
    const x = plot.valToPos(ms / 1000, "x", true);
    ctx.fillStyle = theme.pen(0);
    ctx.fillRect(x - pixel / 2, top, pixel, height);
    ctx.fillStyle = theme.text;
    ctx.fillText(String(place + 1), x + 3 * pixel, top + 12 * pixel);
  });
}

/**
 * Draws a table: names at the left, numbers at the right of their columns, smaller where there is too little room.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {string[][]} table
 * @param {{left: number, top: number, width: number, line: number}} place in canvas pixels; `top` is the first line's
 */
export function drawTable(ctx, table, { left, top, width, line }) {
  if (!table.length) return;
  const gap = GAP * devicePixelRatio;
  const widths = table[0].map(
    (_, column) => Math.max(...table.map((row) => ctx.measureText(row[column]).width)) + gap,
  );
  const scale = Math.min(
    1,
    width /
      Math.max(
        1,
        widths.reduce((sum, each) => sum + each, 0),
      ),
  );
  ctx.save();
  ctx.translate(left, top);
  ctx.scale(scale, 1);
  table.forEach((row, place) => {
    let right = 0;
    row.forEach((text, column) => {
      right += widths[column];
      ctx.textAlign = column ? "right" : "left";
      ctx.fillText(text, column ? right : 0, place * line);
    });
  });
  ctx.restore();
}
