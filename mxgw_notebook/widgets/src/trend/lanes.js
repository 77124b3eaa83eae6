/** Bands of states below the plot: what each tag read, in words, on the plot's own time axis. */
import { element } from "../shared/dom.js";
import { qualityWord } from "../shared/words.js";
import { hatch } from "./bands.js";
import { contextOf } from "./canvas.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { Quality } from "../shared/words.js" */
/** @import { History } from "./history.js" */
/** @import { Interval } from "./messages.d.ts" */
/** @import { Pen } from "./pen.js" */

/** @typedef {{value: number, quality: Quality, from: number, to: number}} Stretch in which a state held */

const LANE = 20;
const GAP = 4;
const HEAD = 14; // above a lane, for a name that has no room beside it
const FONT_SIZE = 11;
// So many states are told apart by colour; more begin anew.
const TINTS = [0.2, 0.55, 0.36, 0.75];

export class Lanes {
  /** @param {HTMLElement} holder */
  constructor(holder) {
    this.holder = holder;
    this.canvas = element("canvas", { class: "mxgw-lanes", "aria-hidden": "true" });
    holder.append(this.canvas);
  }

  /**
   * Draws the state pens that are not hidden; `left` and `width` are the plot's, in CSS pixels.
   *
   * @param {History} history
   * @param {(index: number) => boolean} isShown
   * @param {Interval} window
   * @param {number} left
   * @param {number} width
   * @param {Theme} theme
   */
  draw(history, isShown, [from, to], left, width, theme) {
    const shown = history.drawn
      .map((pen, index) => ({ pen, index }))
      .filter(({ pen, index }) => pen.isState && isShown(index));
    this.canvas.hidden = shown.length === 0;
    if (this.canvas.hidden) return;
    const font = `${FONT_SIZE}px ${theme.font}`;
    const head = shown.every(({ pen }) => this.#beside(pen, left - 10, font)) ? 0 : HEAD;
    const ctx = this.#sized(shown.length * (LANE + GAP + head) + GAP);
    ctx.font = font;
    ctx.textBaseline = "middle";
    /** @param {number} ms */
    const x = (ms) => left + ((ms - from) / (to - from)) * width;
    shown.forEach(({ pen, index: place }, lane) => {
      const index = place % history.pens.length;
      const top = GAP + head + lane * (LANE + GAP + head);
      ctx.fillStyle = theme.pen(index);
      ctx.fillRect(Math.max(0, left - 6), top, 3, LANE);
      this.#name(ctx, pen, left, top, head, theme);
      for (const stretch of stretches(pen, from, to)) {
        this.#band(ctx, pen, index, stretch, x(stretch.from), top, x(stretch.to) - x(stretch.from), theme);
      }
    });
    // Those of an earlier period come last, and had outages of their own.
    const present = shown.filter(({ pen }) => !pen.earlier).length;
    const box = { left, top: GAP, width, height: present * (LANE + GAP + head) - GAP };
    for (const [start, end] of history.outages) {
      const [begins, ends] = [Math.max(from, start), Math.min(to, end ?? to)];
      if (ends > begins) hatch(ctx, box, [x(begins), x(ends) - x(begins)], theme.shade("hatch"), 1);
    }
  }

  /**
   * What fits beside a lane: the tag, its attribute alone, or nothing.
   *
   * @param {Pen} pen
   * @param {number} room
   * @param {string} font
   */
  #beside(pen, room, font) {
    const ctx = contextOf(this.canvas);
    ctx.font = font;
    const { name } = pen;
    const fits = (/** @type {string} */ each) => ctx.measureText(each).width <= room;
    return [name, name.slice(name.lastIndexOf(".") + 1)].find(fits);
  }

  /**
   * The tag's name beside its lane, or above it where there is a head.
   *
   * @param {CanvasRenderingContext2D} ctx
   * @param {Pen} pen
   * @param {number} left
   * @param {number} top
   * @param {number} head
   * @param {Theme} theme
   */
  #name(ctx, pen, left, top, head, theme) {
    ctx.fillStyle = theme.faint;
    if (head) {
      ctx.fillText(pen.name, Math.max(0, left - 6), top - HEAD / 2 + 1);
      return;
    }
    ctx.textAlign = "right";
    ctx.fillText(this.#beside(pen, left - 10, ctx.font) ?? "", left - 10, top + LANE / 2 + 1);
    ctx.textAlign = "left";
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Pen} pen
   * @param {number} index
   * @param {Stretch} stretch
   * @param {number} x
   * @param {number} top
   * @param {number} width
   * @param {Theme} theme
   */
  #band(ctx, pen, index, stretch, x, top, width, theme) {
    ctx.globalAlpha = stretch.quality === "good" ? TINTS[stretch.value % TINTS.length] : 0.08;
    ctx.fillStyle = stretch.quality === "good" ? theme.pen(index) : theme.text;
    ctx.fillRect(x, top, Math.max(1, width - 1), LANE);
    ctx.globalAlpha = 1;
    const words =
      stretch.quality === "good"
        ? pen.word(stretch.value)
        : `${pen.word(stretch.value)} (${stretch.quality})`;
    const room = width - 8;
    if (room < 12) return;
    ctx.fillStyle = theme.text;
    ctx.fillText(fitted(ctx, words, room), x + 4, top + LANE / 2 + 1);
  }

  /**
   * An empty canvas as wide as the holder, to be drawn on in CSS pixels.
   *
   * @param {number} height
   */
  #sized(height) {
    const width = this.holder.clientWidth;
    const pixel = devicePixelRatio;
    if (
      this.canvas.width !== Math.round(width * pixel) ||
      this.canvas.height !== Math.round(height * pixel)
    ) {
      Object.assign(this.canvas, { width: Math.round(width * pixel), height: Math.round(height * pixel) });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    const ctx = contextOf(this.canvas);
    ctx.setTransform(pixel, 0, 0, pixel, 0, 0);
    ctx.clearRect(0, 0, width, height);
    return ctx;
  }
}

/**
 * Where a pen kept one state and quality within the window.
 *
 * @param {Pen} pen
 * @param {number} from
 * @param {number} to
 */
export function stretches(pen, from, to) {
  /** @type {Stretch[]} */
  const found = [];
  const end = pen.after(to);
  for (let i = Math.max(0, pen.after(from) - 1); i < end; i++) {
    const quality = qualityWord(pen.quality[i]);
    const last = found.at(-1);
    const begins = Math.max(from, pen.time[i]);
    if (last && last.value === pen.value[i] && last.quality === quality) continue;
    if (last) last.to = begins;
    if (Number.isFinite(pen.value[i])) found.push({ value: pen.value[i], quality, from: begins, to });
  }
  return found.flatMap((stretch) => known(pen, stretch, to)).filter((stretch) => stretch.to > stretch.from);
}

/**
 * The parts of a stretch of which somebody told: an outage takes its time out of it.
 *
 * @param {Pen} pen
 * @param {Stretch} stretch
 * @param {number} to
 */
function known(pen, stretch, to) {
  let parts = [stretch];
  for (const [start, end] of pen.outages) {
    const until = end ?? to;
    parts = parts.flatMap((part) =>
      start < part.from || start >= part.to
        ? [part]
        : [
            { ...part, to: start },
            { ...part, from: Math.min(until, part.to) },
          ],
    );
  }
  return parts;
}

/**
 * As many of the letters as there is room for.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} words
 * @param {number} room
 */
function fitted(ctx, words, room) {
  if (ctx.measureText(words).width <= room) return words;
  let length = words.length;
  while (length > 1 && ctx.measureText(`${words.slice(0, length)}…`).width > room) length -= 1;
  return length > 1 ? `${words.slice(0, length)}…` : "";
}
