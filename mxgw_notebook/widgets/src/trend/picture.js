/** What a view shows as a PNG: plot, states, and a legend in words. */
import { saveFile } from "../shared/file.js";
import { number } from "../shared/words.js";
import { contextOf } from "./canvas.js";
import { drawCursors, drawTable, measuresSaid } from "./picture_measures.js";
import { drawNotes, notesOnView } from "./picture_notes.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { Chart } from "./chart.js" */
/** @import { History } from "./history.js" */
/** @import { Pen } from "./pen.js" */

const LINE = 18;

/**
 * Hands the picture to the browser's downloads; false where the browser can make none, as of a huge plot.
 *
 * @param {Chart} chart
 * @param {History} history
 * @param {Theme} theme
 * @param {Element} root whose ground is the picture's
 */
export async function savePicture(chart, history, theme, root) {
  const pens = history.drawn;
  const pixel = devicePixelRatio;
  const plot = chart.plot.ctx.canvas;
  const lanes = chart.lanes.canvas.hidden ? null : chart.lanes.canvas;
  const notes = notesOnView(history.noted, chart.bounds);
  const measured = measuresSaid(history.measuring, pens);
  const said = [...notes.lines, history.feed.dated()];
  const lines = pens.length + measured.words.length + measured.table.length + said.length;
  const canvas = document.createElement("canvas");
  const top = plot.height + (lanes?.height ?? 0);
  canvas.width = plot.width;
  canvas.height = top + (lines * LINE + 12) * pixel;
  const ctx = contextOf(canvas);
  ctx.fillStyle = getComputedStyle(root).backgroundColor;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(plot, 0, 0);
  if (lanes) ctx.drawImage(lanes, 0, plot.height);
  ctx.font = `${12 * pixel}px ${theme.font}`;
  drawNotes(ctx, chart, notes.marks, theme);
  drawCursors(ctx, chart, history.measuring, theme);
  pens.forEach((pen, index) => {
    const y = top + (index * LINE + 14) * pixel;
    ctx.fillStyle = theme.pen(index % history.pens.length);
    ctx.fillRect(12 * pixel, y - 6 * pixel, 22 * pixel, 3 * pixel);
    ctx.fillStyle = theme.text;
    ctx.fillText(described(pen, chart.bounds[1]), 42 * pixel, y);
  });
  ctx.fillStyle = theme.text;
  const [left, width, line] = [12 * pixel, canvas.width - 24 * pixel, LINE * pixel];
  let y = top + 14 * pixel + pens.length * line;
  for (const words of measured.words) {
    ctx.fillText(fitting(ctx, words, width), left, y);
    y += line;
  }
  drawTable(ctx, measured.table, { left, top: y, width, line });
  y += measured.table.length * line;
  for (const words of said) {
    ctx.fillText(fitting(ctx, words, width), left, y);
    y += line;
  }
  /** @type {Blob | null} */
  const picture = await new Promise((resolve) => canvas.toBlob(resolve));
  if (picture) saveFile(nameOf(chart.bounds[1]), "image/png", picture);
  return picture !== null;
}

/**
 * Words as far as there is room for them.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} words
 * @param {number} width
 */
function fitting(ctx, words, width) {
  if (ctx.measureText(words).width <= width) return words;
  let shown = words;
  while (shown && ctx.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return `${shown}…`;
}

/**
 * A file's name by the end of what it shows, as `trend_file.py` names the others: UTC.
 *
 * @param {number} ms
 */
export function nameOf(ms) {
  const [date, time] = new Date(ms).toISOString().split("T");
  return `trend-${date.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}Z.png`;
}

/**
 * A pen as it reads at `ms`, in words.
 *
 * @param {Pen} pen
 * @param {number} ms
 */
function described(pen, ms) {
  const reading = pen.at(ms);
  const named = pen.earlier ? `${pen.tag.tag}, ${pen.earlier}` : pen.tag.tag;
  if (pen.earlier && (!reading || reading.isLost)) return `${named}   nothing is known of that time`;
  if (!reading) return named;
  const note = pen.note && `, ${pen.note}`;
  if (reading.isLost) return `${pen.tag.tag}   not known: no connection${note}`;
  const value = pen.isState ? pen.word(reading.value) : number(reading.value);
  return `${named}   ${value} ${pen.tag.units}`.trim() + note;
}
