/** Which stretch of time a view shows: sliding along with now, or held still. */
export class Window {
  #held = null;

  constructor(history, spanMs) {
    this.history = history;
    this.spanMs = spanMs;
  }

  get isLive() {
    return this.#held === null;
  }

  /** Start and end in epoch milliseconds. An endless span starts with the oldest sample kept. */
  bounds() {
    if (this.#held !== null) return this.#held;
    const end = this.#end();
    const first = Number.isFinite(this.spanMs) ? end - this.spanMs : this.history.firstTime() ?? end - 60_000;
    return [Math.min(first, end - 1000), end];
  }

  #end() {
    const now = this.history.clock.now();
    const last = this.history.lastTime() ?? now;
    // What was stopped stays in sight. A plant whose clock runs ahead is followed, or its newest
    // samples would not be.
    return this.history.feed.isStopped ? last : Math.max(now, last);
  }

  hold(bounds = this.bounds()) {
    this.#held = bounds;
  }

  follow() {
    this.#held = null;
  }

  /** Another span; a held view keeps its right edge. */
  setSpan(spanMs) {
    this.spanMs = spanMs;
    if (this.#held === null) return;
    const end = this.#held[1];
    this.#held = [Number.isFinite(spanMs) ? end - spanMs : this.history.firstTime() ?? this.#held[0], end];
  }
}
