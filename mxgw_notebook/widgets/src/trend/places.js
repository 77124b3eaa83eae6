/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** The boxes that words have taken on a drawing; each next one looks for a place of its own. */
export class Places {
  /** @type {Box[]} */
  #taken = [];

  /**
   * The box, moved to the right as far as it has to be and no further than `end`.
   *
   * @param {Box} box
   * @param {number} end
   * @param {number} gap
   */
  toTheRight(box, end, gap) {
    let place = box;
    for (let other = this.#met(place); other; other = this.#met(place)) {
      const x = other.x + other.width + gap;
      if (x + box.width > end) return this.#take(box);
      place = { ...place, x };
    }
    return this.#take(place);
  }

  /**
   * The box, moved down by as many of its heights as it has to be, at most `most`.
   *
   * @param {Box} box
   * @param {number} most
   */
  below(box, most) {
    for (let row = 0; row < most; row += 1) {
      const place = { ...box, y: box.y + row * box.height };
      if (!this.#met(place)) return this.#take(place);
    }
    return this.#take(box);
  }

  /** @param {Box} box */
  #take(box) {
    this.#taken.push(box);
    return box;
  }

  /** @param {Box} box */
  #met(box) {
    return this.#taken.find((taken) => !isBeside(taken, box));
  }
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function isBeside(a, b) {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}
