/** @typedef {{readonly reference: string}} Row */

/**
 * What of a keyboard event counts here.
 *
 * @typedef {{key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, target: unknown}} KeyPress
 */

/** Which rows are selected, and which one the keyboard stands on; all by reference. */
export class Selection {
  /** @type {Set<string>} */
  chosen = new Set();
  /** @type {readonly Row[]} */
  rows = []; // in the order shown
  /** @type {string | null} */
  active = null;
  /** @type {string | null} */
  anchor = null; // where a range begins

  /** @param {() => void} changed is called after each change */
  constructor(changed) {
    this.changed = changed;
  }

  /**
   * Selects these rows alone.
   *
   * @param {readonly Row[]} rows
   */
  set(rows) {
    this.chosen = new Set(rows.map((row) => row.reference));
    this.changed();
  }

  /**
   * A click: alone, or added to what is selected, or all from the row pressed last.
   *
   * @param {string} reference
   * @param {{adds: boolean, ranges: boolean}} way
   */
  press(reference, { adds, ranges }) {
    const [from, to] = [this.#place(this.anchor), this.#place(reference)].sort((a, b) => a - b);
    if (ranges && from >= 0) for (const row of this.rows.slice(from, to + 1)) this.chosen.add(row.reference);
    else if (adds) this.#toggle(reference);
    else this.chosen = new Set([reference]);
    this.active = reference;
    if (!ranges) this.anchor = reference;
    this.changed();
  }

  /**
   * Forgets rows that are gone.
   *
   * @param {(reference: string) => boolean} isThere
   */
  keep(isThere) {
    const kept = [...this.chosen].filter(isThere);
    if (kept.length === this.chosen.size) return;
    this.chosen = new Set(kept);
    this.changed();
  }

  /**
   * A key in the table: the place that the keyboard then stands on; null for a key that means nothing here.
   *
   * @param {KeyPress} event
   * @param {number} page how many rows are one
   */
  key(event, page) {
    if (isField(event.target) && event.key !== "Escape" && !event.key.startsWith("Arrow")) return null;
    const now = this.#place(this.active);
    if ((event.ctrlKey || event.metaKey) && event.key === "a") {
      this.set(this.rows);
      return Math.max(now, 0);
    }
    /** @type {Record<string, number>} */
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    if (event.key in steps) return this.#move(now, steps[event.key], event.shiftKey);
    if (now < 0 || this.active === null) return null;
    if (event.key === "Escape") this.set([]);
    else if (event.key === " ") this.#check(this.active);
    else if (event.key !== "Enter") return null;
    return now;
  }

  /**
   * @param {number} now
   * @param {number} step
   * @param {boolean} extends_
   */
  #move(now, step, extends_) {
    if (this.rows.length === 0) return null;
    const place = Math.min(Math.max((now < 0 ? -Math.sign(step) : now) + step, 0), this.rows.length - 1);
    this.active = this.rows[place].reference;
    if (extends_) this.chosen.add(this.active);
    this.changed();
    return place;
  }

  /**
   * Takes the row that the keyboard stands on in, or out again.
   *
   * @param {string} reference
   */
  #check(reference) {
    this.#toggle(reference);
    this.anchor = reference;
    this.changed();
  }

  /** @param {string} reference */
  #toggle(reference) {
    if (!this.chosen.delete(reference)) this.chosen.add(reference);
  }

  /** @param {string | null} reference */
  #place(reference) {
    return reference === null ? -1 : this.rows.findIndex((row) => row.reference === reference);
  }
}

/**
 * Whether keys belong to what they were pressed in: a checkbox takes the space, a button Enter.
 *
 * @param {unknown} target
 */
function isField(target) {
  const node = /** @type {Partial<Element> | null} */ (target);
  return node?.matches?.("input, button") ?? false;
}
