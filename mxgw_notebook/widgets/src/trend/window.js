/** @import { Interval } from "./messages.d.ts" */

/**
 * What a window asks of the history.
 *
 * @typedef {object} Timeline
 * @property {{now: () => number}} clock
 * @property {{readonly isStopped: boolean}} feed
 * @property {() => number | null} firstTime
 * @property {() => number | null} lastTime
 * @property {() => number | null} began when it began to be followed, as far as that is known
 */

const NARROWEST_MS = 100;
// A new trend fills the width from here on, and its span little by little.
const YOUNGEST_MS = 10_000;

/** Which stretch of time a view shows: sliding along with now, or held still. */
export class Window {
  /** @type {Interval | null} */
  #held = null;

  /**
   * @param {Timeline} history
   * @param {number} spanMs
   */
  constructor(history, spanMs) {
    this.history = history;
    this.spanMs = spanMs;
  }

  get isLive() {
    return this.#held === null;
  }

  /**
   * Start and end in epoch milliseconds. An endless span starts with the oldest sample kept.
   *
   * @returns {Interval}
   */
  bounds() {
    if (this.#held !== null) return this.#held;
    const end = this.#end();
    const first = Number.isFinite(this.spanMs)
      ? Math.max(end - this.spanMs, Math.min(this.history.began() ?? -Infinity, end - YOUNGEST_MS))
      : (this.history.firstTime() ?? end - 60_000);
    return [Math.min(first, end - 1000), end];
  }

  #end() {
    const now = this.history.clock.now();
    const last = this.history.lastTime() ?? now;
    // What was stopped stays in sight. A plant whose clock runs ahead is followed, or its newest
    // samples would not be.
    return this.history.feed.isStopped ? last : Math.max(now, last);
  }

  /** What another window needs to show the same. */
  get shown() {
    return { held: this.#held, spanMs: this.spanMs };
  }

  /** @param {{held: Interval | null, spanMs: number}} shown by another window */
  take({ held, spanMs }) {
    this.#held = held;
    this.spanMs = spanMs;
  }

  hold(bounds = this.bounds()) {
    this.#held = bounds;
  }

  /**
   * Moves a held view by a part of its width, or holds a live one that far back.
   *
   * @param {number} part
   */
  pan(part) {
    const [from, to] = this.bounds();
    const by = (to - from) * part;
    this.hold([from + by, to + by]);
  }

  /**
   * Shows `factor` times as much time around a moment (the middle when there is none).
   *
   * @param {number} factor
   * @param {number | null} aroundMs
   */
  zoom(factor, aroundMs = null) {
    const [from, to] = this.bounds();
    const around = aroundMs ?? (from + to) / 2;
    const span = Math.max(NARROWEST_MS, (to - from) * factor);
    const left = around - ((around - from) / (to - from)) * span;
    this.hold([left, left + span]);
  }

  follow() {
    this.#held = null;
  }

  /**
   * Another span; a held view keeps its right edge.
   *
   * @param {number} spanMs
   */
  setSpan(spanMs) {
    this.spanMs = spanMs;
    if (this.#held === null) return;
    const end = this.#held[1];
    this.#held = [Number.isFinite(spanMs) ? end - spanMs : (this.history.firstTime() ?? this.#held[0]), end];
  }
}
