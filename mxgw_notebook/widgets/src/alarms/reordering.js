/**
 * When the rows take their order anew: soon after a change, seldom enough to be read, and not while a pointer
 * moves over them, for a row must not slip away under one that is about to press its button.
 */
const REORDER_MS = 400;
const HOLD_MS = 1200;
// A pointer that is never still holds no alarm back for longer.
const LONGEST_HOLD_MS = 6000;

/**
 * How long the rows are still held where they are, from `now` on.
 *
 * @param {{now: number, orderedAt: number, pointedAt: number}} times in milliseconds
 */
export function heldFor({ now, orderedAt, pointedAt }) {
  return Math.min(pointedAt + HOLD_MS, orderedAt + LONGEST_HOLD_MS) - now;
}

export class Reordering {
  orderedAt = -Infinity;
  pointedAt = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} reorder */
  constructor(reorder) {
    this.reorder = reorder;
  }

  /** The rows have been ordered just now. */
  note() {
    this.close();
    this.orderedAt = performance.now();
  }

  /** A pointer moves over the rows. */
  point() {
    this.pointedAt = performance.now();
  }

  /** It has left them. */
  leave() {
    this.pointedAt = -Infinity;
  }

  /** Orders the rows as soon as that may be. Harmless while it is to be done. */
  later() {
    if (this.#timer !== undefined) return;
    const now = performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        // The pointer may have moved again since.
        if (this.#held(performance.now()) > 0) this.later();
        else this.reorder();
      },
      Math.max(this.orderedAt + REORDER_MS - now, this.#held(now), 0),
    );
  }

  /** @param {number} now */
  #held(now) {
    return heldFor({ now, orderedAt: this.orderedAt, pointedAt: this.pointedAt });
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
