/** The same pens in an earlier period, laid onto the window that is shown. */
import { Pen } from "./pen.js";

/** @import { Outage, OverlayChosen, OverlayMessage } from "./messages.d.ts" */

/** @typedef {[index: number, time: Float64Array, value: Float64Array, quality: Uint8Array]} Part */
/** @typedef {{from: number, to: number, step: number, at: number}} Loaded `at` is when it came, by the page's clock */
/** @typedef {(kind: string, facts: Record<string, number>) => void} Ask */

// How its lines are drawn.
export const PALE = 0.7;
export const EARLIER_DASH = [3, 3];

const COLUMNS = 2000;
const ASK_AGAIN_MS = 500;
// A little more than the window is asked for: a view that slides on needs no new answer for a while.
const MARGIN = 0.5;
const FINE_ENOUGH = 1 + 2 * MARGIN + 0.01;
// What is recorded of before may become more.
const OLD_MS = 60_000;
const MOST_WINDOWS = 20;
// What held when a window began stands at its begin, as exactly as the kernel's nanoseconds allow.
const EDGE_MS = 0.01;

export class Overlay {
  /** @type {Pen[]} */
  pens = []; // one for each of the present's, in its order; none without an overlay
  shiftMs = 0;
  words = "";
  /** @type {Loaded[]} */
  loaded = [];
  askedAt = -Infinity;
  requests = 0;

  /** @param {Ask} ask */
  constructor(ask) {
    this.ask = ask;
  }

  /**
   * Takes in by how much it is earlier; whether there are other pens by that.
   *
   * @param {OverlayChosen | null} chosen
   * @param {Pen[]} present
   */
  choose(chosen, present) {
    const [shiftMs, words] = chosen ?? [0, ""];
    const wanted = shiftMs ? present : [];
    const isSame =
      shiftMs === this.shiftMs &&
      wanted.length === this.pens.length &&
      wanted.every(({ tag }, place) => this.pens[place].tag === tag);
    if (!isSame) {
      this.shiftMs = shiftMs;
      this.words = words;
      this.pens = wanted.map(({ tag }) => new Pen(tag, words));
      this.#forget();
    }
    this.pens.forEach((pen, place) => {
      pen.words = present[place].words; // learnt as they come
    });
    return !isSame;
  }

  /**
   * Asks the kernel for a window that is not here yet, or only coarser.
   *
   * @param {number} from
   * @param {number} to
   * @param {number} now by the page's clock
   */
  want(from, to, now) {
    if (!this.pens.length || now - this.askedAt < ASK_AGAIN_MS) return;
    const step = (to - from) / COLUMNS;
    const isHere = this.loaded.some(
      (one) => one.from <= from && one.to >= to && one.step <= step * FINE_ENOUGH && now - one.at < OLD_MS,
    );
    if (isHere) return;
    const margin = (to - from) * MARGIN;
    this.askedAt = now;
    this.ask("overlay", { from_ms: from - margin, to_ms: to + margin, request: ++this.requests });
  }

  /**
   * Takes an answer; false for one of an overlay that is no more.
   *
   * @param {OverlayMessage} message
   * @param {Iterable<Part>} parts
   * @param {number} now by the page's clock
   */
  take({ shift_ms, from_ms: from, to_ms: to, until_ms: until, gaps }, parts, now) {
    if (shift_ms !== this.shiftMs || !this.pens.length) return false;
    if (this.loaded.length >= MOST_WINDOWS) this.#forget();
    for (const [index, ...columns] of parts) {
      this.pens[index]?.splice(from - EDGE_MS, to, ...columns);
    }
    this.pens.forEach((pen, index) => {
      pen.lastHasNumber = true; // of a stretch of the past the last is no newest
      const others = pen.outages.filter(([start, end]) => (end ?? Infinity) < from || start > to);
      const own = gaps.filter(([of]) => of === index);
      pen.outages = [...others, ...own.map(([, start, end]) => /** @type {Outage} */ ([start, end]))];
    });
    this.loaded.push({ from, to: Math.min(to, until), step: (to - from) / COLUMNS, at: now });
    return true;
  }

  #forget() {
    this.loaded = [];
    this.askedAt = -Infinity;
    for (const pen of this.pens) {
      pen.clear();
      pen.outages = [];
    }
  }
}
