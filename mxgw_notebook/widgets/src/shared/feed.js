import { age, asOf, day, PHASES, timeOfDay } from "./words.js";

/** @import { FeedFacts, Line } from "./model.d.ts" */
/** @import { Phase } from "./words.js" */

// The kernel gives a sign of life every 5 seconds.
const SILENT_MS = 15_000;
// A cell can hold up a kernel for longer; but what is asked of one that is gone comes to nothing.
const GONE_MS = 60_000;
// What is shown then is of before, and stays.
/** @type {Set<Phase>} */
const OLD = new Set([PHASES.SILENT, PHASES.RECONNECTING, PHASES.FAILING, PHASES.REFUSED, PHASES.STOPPED]);

/** How a widget's feed is: as the kernel says, or that the kernel has fallen silent. */
export class Feed {
  /** @type {FeedFacts} */
  #told = { phase: PHASES.CONNECTING, status: PHASES.CONNECTING };
  #heardAt = performance.now();
  #isCut = false;

  /**
   * Notices at once that the line to the kernel is gone, as after its restart; whoever hears of it again knows better.
   *
   * @param {Line} model
   */
  follow(model) {
    model.on("comm_live_update", () => {
      this.#isCut = true;
    });
  }

  /** @param {FeedFacts} facts */
  hear({ phase, status, as_of_ms }) {
    this.#told = { phase, status, as_of_ms };
    this.#heardAt = performance.now();
    this.#isCut = false;
  }

  get isStopped() {
    return this.#told.phase === PHASES.STOPPED;
  }

  /** For how long the kernel has been silent, in milliseconds; 0 while it is not, or has no more to say. */
  get silentMs() {
    const silence = performance.now() - this.#heardAt;
    if (this.isStopped) return 0;
    return this.#isCut ? Math.max(1, silence) : silence < SILENT_MS ? 0 : silence;
  }

  /** Whether the kernel is taken to be gone: restarted, or shut down. */
  get isGone() {
    return this.#isCut || this.silentMs >= GONE_MS;
  }

  /** The same words, always with as of when they are, and its day: for what is read later. */
  dated() {
    const { status, as_of_ms } = this.#told;
    const words = this.#silence() || status;
    return as_of_ms ? `${words}, as of ${timeOfDay(as_of_ms)} on ${day(as_of_ms)}` : words;
  }

  /** Whether what came is the plant as it is now, and that in words for a person. */
  standing() {
    const silence = this.#silence();
    if (silence) return { isLive: false, words: silence };
    const { phase, status, as_of_ms } = this.#told;
    const words = OLD.has(phase) && as_of_ms ? `${status}, ${asOf(as_of_ms)}` : status;
    return { isLive: phase === PHASES.LIVE, words };
  }

  /** That the kernel has fallen silent, in words; none while it has not, or has no more to say. */
  #silence() {
    const silence = this.silentMs;
    if (!silence) return "";
    if (this.#isCut) return "the kernel is gone: run the cell again";
    const words = `no news from the kernel for ${age(silence)}`;
    return this.isGone ? `${words}: if it was restarted, run the cell again` : words;
  }
}
