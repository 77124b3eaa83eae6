/** The boxes that words have taken on a drawing; each next one looks for a place of its own. */
export class Places {
  #taken = [];

  /** The box, moved to the right as far as it has to be and no further than `end`. */
  toTheRight(box, end, gap) {
    let place = box;
    for (let other = this.#met(place); other; other = this.#met(place)) {
      const x = other.x + other.width + gap;
      if (x + box.width > end) return this.#take(box);
      place = { ...place, x };
    }
    return this.#take(place);
  }

  /** The box, moved down by as many of its heights as it has to be, at most `most`. */
  below(box, most) {
    for (let row = 0; row < most; row += 1) {
      const place = { ...box, y: box.y + row * box.height };
      if (!this.#met(place)) return this.#take(place);
    }
    return this.#take(box);
  }

  #take(box) {
    this.#taken.push(box);
    return box;
  }

  #met(box) {
    const isBeside = (a, b) =>
      a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
    return this.#taken.find((taken) => !isBeside(taken, box));
  }
}
