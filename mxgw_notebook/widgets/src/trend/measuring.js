/** @import { Interval, MeasuresMessage, MeasuresRow } from "./messages.d.ts" */

const ASK_AGAIN_MS = 1000;
const ASK_MOVED_MS = 100;

/** The two cursors of a trend, one pair for all of its views, and what the kernel measured between them. */
export class Measuring {
  /** @type {Interval | null} */
  times = null;
  /** @type {MeasuresRow[]} */
  rows = [];
  #requests = 0;
  #askedAt = -Infinity;
  #isMoved = false;
  #through = -Infinity; // the newest sample when it was asked

  /** @param {(kind: string, facts: Record<string, number>) => void} ask the kernel */
  constructor(ask) {
    this.ask = ask;
  }

  /** @param {Interval | null} times in either order; null takes the cursors away */
  move(times) {
    // The kernel draws them in its pictures: it is told of their end as well.
    if (times === null && this.times !== null) this.ask("measure", { from_ms: 0, to_ms: 0, request: 0 });
    this.times = times;
    this.#isMoved = times !== null;
    if (times === null) this.rows = [];
  }

  /**
   * Asks anew where the cursors were moved, or where values came since that may lie between them.
   *
   * @param {number} now by the page's clock
   * @param {number | null} newest sample's time
   */
  refresh(now, newest) {
    if (this.times === null) return;
    const from_ms = Math.min(...this.times);
    const to_ms = Math.max(...this.times);
    const hasNews = newest !== null && newest > this.#through && to_ms > this.#through;
    const pause = this.#isMoved ? ASK_MOVED_MS : ASK_AGAIN_MS;
    if (!(this.#isMoved || hasNews) || now - this.#askedAt < pause) return;
    this.#isMoved = false;
    this.#askedAt = now;
    this.#through = newest ?? -Infinity;
    this.ask("measure", { from_ms, to_ms, request: ++this.#requests });
  }

  /** @param {MeasuresMessage} message an answer; one that a later question overtook is of other times */
  take({ request, rows }) {
    if (request === this.#requests && this.times !== null) this.rows = rows;
  }
}
