/** What a trend must not hide: stretches of bad or uncertain quality, and times without a connection. */
import { qualityWord } from "../shared/words.js";

/** @import uPlot from "uplot" */
/** @import { Theme } from "../shared/theme.js" */
/** @import { History } from "./history.js" */
/** @import { Interval } from "./messages.d.ts" */
/** @import { Pen } from "./pen.js" */

/** @typedef {"bad" | "uncertain" | "outage" | "replay"} BandKind */
/** @typedef {{word: "bad" | "uncertain", from: number, to: number}} PoorStretch */
/** @typedef {[left: number, width: number]} Across in canvas pixels */
/** @typedef {Pick<uPlot.BBox, "left" | "top" | "width" | "height">} Area */

const CAP_HEIGHT = 4;
const MOST_CAPS = 6; // of more tags they would hide the lines
const BREADTH = 18; // of the band along a line whose quality is poor

/**
 * The stretches between two times in which a pen was not good.
 *
 * @param {Pen} pen
 * @param {number} from
 * @param {number} to
 */
export function poorStretches(pen, from, to) {
  /** @type {PoorStretch[]} */
  const stretches = [];
  /** @type {PoorStretch | null} */
  let open = null;
  const end = pen.after(to);
  for (let i = Math.max(0, pen.after(from) - 1); i < end; i++) {
    const word = qualityWord(pen.quality[i]);
    if (open && open.word !== word) {
      open.to = pen.time[i];
      open = null;
    }
    if (!open && word !== "good") {
      open = { word, from: pen.time[i], to };
      stretches.push(open);
    }
  }
  return stretches;
}

/**
 * Draws all bands behind the lines; returns the kinds that were drawn.
 *
 * @param {uPlot} chart
 * @param {History} history
 * @param {Theme} theme
 * @param {Interval} window
 */
export function drawBands(chart, history, theme, [from, to]) {
  const { ctx, bbox } = chart;
  /** @type {Set<BandKind>} */
  const drawn = new Set();
  /** @type {(start: number, end: number) => Across | null} */
  const across = (start, end) => {
    const left = Math.max(bbox.left, chart.valToPos(start / 1000, "x", true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(end / 1000, "x", true));
    return right > bbox.left && left < bbox.left + bbox.width ? [left, Math.max(1, right - left)] : null;
  };
  let caps = 0; // one below the other, so that each is seen
  ctx.save();
  history.pens.forEach((pen, index) => {
    if (pen.isState || !chart.series[index + 1].show) return;
    const stretches = poorStretches(pen, from, to);
    for (const stretch of stretches) {
      const place = across(stretch.from, stretch.to);
      if (!place) continue;
      drawn.add(stretch.word);
      along(chart, index, place, theme.shade(stretch.word));
      cap(ctx, bbox, place, theme.pen(index), stretch.word, caps);
    }
    if (stretches.length > 0 && caps < MOST_CAPS - 1) caps += 1;
  });
  for (const [start, end] of history.outages) {
    const place = across(start, end ?? to);
    if (!place) continue;
    drawn.add("outage");
    hatch(ctx, bbox, place, theme.shade("hatch"));
  }
  for (const [start, end] of history.replays) {
    const place = across(start, end);
    if (!place) continue;
    drawn.add("replay");
    underline(ctx, bbox, place, theme.shade("hatch"));
  }
  if (history.brush) {
    const place = across(...history.brush);
    if (place) shade(ctx, bbox, place, theme.shade("brush"));
  }
  ctx.restore();
  return drawn;
}

/**
 * A dotted line at the foot of the plot: these samples came late.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Area} bbox
 * @param {Across} across
 * @param {string} colour
 */
function underline(ctx, bbox, [left, width], colour) {
  const height = CAP_HEIGHT * devicePixelRatio;
  ctx.strokeStyle = colour;
  ctx.lineWidth = height;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top + bbox.height - height / 2);
  ctx.lineTo(left + width, bbox.top + bbox.height - height / 2);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Area} bbox
 * @param {Across} across
 * @param {string} colour
 */
function shade(ctx, bbox, [left, width], colour) {
  ctx.fillStyle = colour;
  ctx.fillRect(left, bbox.top, width, bbox.height);
}

/**
 * A broad band along a pen's line: it is about this tag, and says nothing of the others.
 *
 * @param {uPlot} chart
 * @param {number} index of the pen
 * @param {Across} across
 * @param {string} colour
 */
function along(chart, index, [left, width], colour) {
  const { ctx, bbox, data } = chart;
  const column = data[index + 1];
  const scale = chart.series[index + 1].scale ?? "y";
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.beginPath();
  /** @type {number | null} */
  let before = null;
  for (let i = 0; i < data[0].length; i++) {
    const value = column[i];
    if (value === undefined) continue;
    if (value === null) {
      before = null;
      continue;
    }
    const [x, y] = [chart.valToPos(data[0][i], "x", true), chart.valToPos(value, scale, true)];
    if (before === null) ctx.moveTo(x, y);
    else ctx.lineTo(x, before);
    ctx.lineTo(x, y);
    before = y;
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = BREADTH * devicePixelRatio;
  ctx.lineJoin = "round";
  ctx.stroke();
  ctx.restore();
}

/**
 * A cap in the pen's colour says which of several tags the shade belongs to: solid for bad, dashed for uncertain.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Area} bbox
 * @param {Across} across
 * @param {string} colour
 * @param {PoorStretch["word"]} word
 * @param {number} row how many tags have theirs above it
 */
function cap(ctx, bbox, [left, width], colour, word, row) {
  const height = CAP_HEIGHT * devicePixelRatio;
  ctx.strokeStyle = colour;
  ctx.lineWidth = height;
  ctx.setLineDash(word === "bad" ? [] : [6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top + (row + 0.5) * height);
  ctx.lineTo(left + width, bbox.top + (row + 0.5) * height);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * Hatches a part of the box: nobody knows what was there meanwhile.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Area} bbox
 * @param {Across} across
 * @param {string} colour
 * @param {number} pixel canvas pixels in a CSS pixel
 */
export function hatch(ctx, bbox, [left, width], colour, pixel = devicePixelRatio) {
  const step = 8 * pixel;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * pixel;
  ctx.beginPath();
  // Lines are laid out from the plot's own edge, so that they stand still while the band slides by.
  const first = bbox.left + Math.floor((left - bbox.left - bbox.height) / step) * step;
  for (let x = first; x < left + width; x += step) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}
