import { age, PHASES } from "./words.js";

/** @import { FeedFacts } from "./model.d.ts" */

// The kernel gives a sign of life every 5 seconds.
const SILENT_MS = 15_000;

/** How a widget's feed is: as the kernel says, or that the kernel has fallen silent. */
export class Feed {
  /** @type {FeedFacts} */
  #told = { phase: PHASES.CONNECTING, status: PHASES.CONNECTING };
  #heardAt = performance.now();

  /** @param {FeedFacts} facts */
  hear({ phase, status }) {
    this.#told = { phase, status };
    this.#heardAt = performance.now();
  }

  get isStopped() {
    return this.#told.phase === PHASES.STOPPED;
  }

  /** Whether what came is the plant as it is now, and that in words for a person. */
  standing() {
    const silence = performance.now() - this.#heardAt;
    if (!this.isStopped && silence >= SILENT_MS)
      return { isLive: false, words: `no news from the kernel for ${age(silence)}` };
    return { isLive: this.#told.phase === PHASES.LIVE, words: this.#told.status };
  }
}
