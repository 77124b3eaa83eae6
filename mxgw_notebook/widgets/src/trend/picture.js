/** What a view shows as a PNG: plot, states, and a legend in words. */
import { saveFile } from "../shared/file.js";
import { day, number, timeOfDay } from "../shared/words.js";
import { contextOf } from "./canvas.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { Chart } from "./chart.js" */
/** @import { Pen } from "./pen.js" */

const LINE = 18;

/**
 * Hands the picture to the browser's downloads; false where the browser can make none, as of a huge plot.
 *
 * @param {Chart} chart
 * @param {Pen[]} pens
 * @param {Theme} theme
 * @param {Element} root whose ground is the picture's
 * @param {string} standing how the feed is, and as of when
 */
export async function savePicture(chart, pens, theme, root, standing) {
  const pixel = devicePixelRatio;
  const plot = chart.plot.ctx.canvas;
  const lanes = chart.lanes.canvas.hidden ? null : chart.lanes.canvas;
  const canvas = document.createElement("canvas");
  canvas.width = plot.width;
  canvas.height = plot.height + (lanes?.height ?? 0) + ((pens.length + 1) * LINE + 12) * pixel;
  const ctx = contextOf(canvas);
  ctx.fillStyle = getComputedStyle(root).backgroundColor;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(plot, 0, 0);
  if (lanes) ctx.drawImage(lanes, 0, plot.height);
  ctx.font = `${12 * pixel}px ${theme.font}`;
  pens.forEach((pen, index) => {
    const y = plot.height + (lanes?.height ?? 0) + (index * LINE + 14) * pixel;
    ctx.fillStyle = theme.pen(index);
    ctx.fillRect(12 * pixel, y - 6 * pixel, 22 * pixel, 3 * pixel);
    ctx.fillStyle = theme.text;
    ctx.fillText(described(pen, chart.bounds[1]), 42 * pixel, y);
  });
  ctx.fillStyle = theme.text;
  ctx.fillText(standing, 12 * pixel, canvas.height - 10 * pixel);
  const name = `trend-${day(chart.bounds[1])}-${timeOfDay(chart.bounds[1]).replaceAll(":", "")}.png`;
  /** @type {Blob | null} */
  const picture = await new Promise((resolve) => canvas.toBlob(resolve));
  if (picture) saveFile(name, "image/png", picture);
  return picture !== null;
}

/**
 * A pen as it reads at `ms`, in words.
 *
 * @param {Pen} pen
 * @param {number} ms
 */
function described(pen, ms) {
  const reading = pen.at(ms);
  if (!reading) return pen.tag.tag;
  const note = pen.note && `, ${pen.note}`;
  if (reading.isLost) return `${pen.tag.tag}   not known: no connection${note}`;
  const value = pen.isState ? pen.word(reading.value) : number(reading.value);
  return `${pen.tag.tag}   ${value} ${pen.tag.units}`.trim() + note;
}
