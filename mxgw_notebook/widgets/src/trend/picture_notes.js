/** Notes on a picture of a trend: a numbered mark at the time of each, and beneath what it says. */
import { said } from "./notes.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { Chart } from "./chart.js" */
/** @import { Noted } from "./messages.d.ts" */

// A picture is no list: of more notes it says how many there are.
const MOST = 20;
const ROWS = 3; // in which the numbers of near ones stand

/**
 * The notes that are on view, with their numbers; the lines in which a picture lists them.
 *
 * @param {Noted[]} noted
 * @param {[from: number, to: number]} bounds
 */
export function notesOnView(noted, [from, to]) {
  const shown = noted.filter(([ms]) => from <= ms && ms <= to);
  const marks = shown.slice(0, MOST);
  const lines = marks.map((note, index) => `${index + 1}  ${said(note)}`);
  if (shown.length > MOST) lines.push(`and ${shown.length - MOST} more notes`);
  return { marks, lines };
}

/**
 * Draws a dashed line at the time of each, with its number at the foot.
 *
 * @param {CanvasRenderingContext2D} ctx of which the plot is the upper part
 * @param {Chart} chart
 * @param {Noted[]} marks
 * @param {Theme} theme
 */
export function drawNotes(ctx, { plot }, marks, theme) {
  const pixel = devicePixelRatio;
  const { top, height } = plot.bbox;
  ctx.save();
  ctx.strokeStyle = theme.faint;
  ctx.fillStyle = theme.text;
  ctx.lineWidth = pixel;
  ctx.setLineDash([5 * pixel, 3 * pixel]);
  marks.forEach(([ms], index) => {
    const x = plot.valToPos(ms / 1000, "x", true);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.fillText(String(index + 1), x + 3 * pixel, top + height - (4 + (index % ROWS) * 13) * pixel);
  });
  ctx.restore();
}
