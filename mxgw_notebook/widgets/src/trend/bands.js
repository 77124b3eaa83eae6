/** What a trend must not hide: stretches of bad or uncertain quality, and times without a connection. */
import { qualityWord } from "../shared/words.js";

const CAP_HEIGHT = 4;

/** The stretches between two times in which a pen was not good, as `{word, from, to}`. */
export function poorStretches(pen, from, to) {
  const stretches = [];
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

/** Draws all bands behind the lines; returns the words of the kinds that were drawn. */
export function drawBands(chart, history, theme, [from, to]) {
  const { ctx, bbox } = chart;
  const drawn = new Set();
  const across = (start, end) => {
    const left = Math.max(bbox.left, chart.valToPos(start / 1000, "x", true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(end / 1000, "x", true));
    return right > bbox.left && left < bbox.left + bbox.width ? [left, Math.max(1, right - left)] : null;
  };
  ctx.save();
  history.pens.forEach((pen, index) => {
    if (pen.isState || !chart.series[index + 1].show) return;
    for (const stretch of poorStretches(pen, from, to)) {
      const place = across(stretch.from, stretch.to);
      if (!place) continue;
      drawn.add(stretch.word);
      shade(ctx, bbox, place, theme.shade(stretch.word));
      cap(ctx, bbox, place, theme.pen(index), stretch.word);
    }
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

/** A dotted line at the foot of the plot: these samples came late. */
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

function shade(ctx, bbox, [left, width], colour) {
  ctx.fillStyle = colour;
  ctx.fillRect(left, bbox.top, width, bbox.height);
}

/** A cap in the pen's colour says which of several tags the shade belongs to: solid for bad, dashed for uncertain. */
function cap(ctx, bbox, [left, width], colour, word) {
  const height = CAP_HEIGHT * devicePixelRatio;
  ctx.strokeStyle = colour;
  ctx.lineWidth = height;
  ctx.setLineDash(word === "bad" ? [] : [6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top + height / 2);
  ctx.lineTo(left + width, bbox.top + height / 2);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Hatches a part of the box: nobody knows what was there meanwhile. */
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
