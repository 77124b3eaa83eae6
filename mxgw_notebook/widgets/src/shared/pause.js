/** What is done a moment after the last of many changes: a held-down key or a wheel makes dozens a second. */
export class Pause {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {number} ms how long nothing must have changed
   * @param {() => void} act
   */
  constructor(ms, act) {
    this.ms = ms;
    this.act = act;
  }

  /** Something has changed: the moment begins anew. */
  begin() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.act, this.ms);
  }

  /** Does it now, and not once more for the changes so far. */
  skip() {
    this.end();
    this.act();
  }

  /** It is not done any more, unless something changes again. */
  end() {
    clearTimeout(this.#timer);
  }
}
