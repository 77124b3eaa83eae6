/** Which rows are selected, and which one the keyboard stands on. */
export class Selection {
  /** `changed` is called after each change. `rows` are the rows in the order shown. */
  constructor(changed) {
    this.changed = changed;
    this.chosen = new Set();
    this.rows = [];
    this.active = null;
    this.anchor = null;
  }

  /** Selects these rows alone. */
  set(rows) {
    this.chosen = new Set(rows.map((row) => row.reference));
    this.changed();
  }

  /** A click: alone, or added to what is selected, or all from the row pressed last. */
  press(reference, { adds, ranges }) {
    const [from, to] = [this.#place(this.anchor), this.#place(reference)].sort((a, b) => a - b);
    if (ranges && from >= 0) for (const row of this.rows.slice(from, to + 1)) this.chosen.add(row.reference);
    else if (adds) this.#toggle(reference);
    else this.chosen = new Set([reference]);
    this.active = reference;
    if (!ranges) this.anchor = reference;
    this.changed();
  }

  /** Forgets rows that are gone. */
  keep(isThere) {
    const kept = [...this.chosen].filter(isThere);
    if (kept.length === this.chosen.size) return;
    this.chosen = new Set(kept);
    this.changed();
  }

  /** A key in the table: the place that the keyboard then stands on; null for a key that means nothing here. */
  key(event, page) {
    if (event.target.matches("input, button") && event.key !== "Escape" && !event.key.startsWith("Arrow"))
      return null;
    const now = this.#place(this.active);
    if ((event.ctrlKey || event.metaKey) && event.key === "a") {
      this.set(this.rows);
      return Math.max(now, 0);
    }
    const steps = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    if (event.key in steps) return this.#move(now, steps[event.key], event.shiftKey);
    if (now < 0) return null;
    if (event.key === "Escape") this.set([]);
    else if (event.key === " ") this.#check();
    else if (event.key !== "Enter") return null;
    return now;
  }

  #move(now, step, extends_) {
    if (this.rows.length === 0) return null;
    const place = Math.min(Math.max((now < 0 ? -Math.sign(step) : now) + step, 0), this.rows.length - 1);
    this.active = this.rows[place].reference;
    if (extends_) this.chosen.add(this.active);
    this.changed();
    return place;
  }

  /** Takes the row that the keyboard stands on in, or out again. */
  #check() {
    this.#toggle(this.active);
    this.anchor = this.active;
    this.changed();
  }

  #toggle(reference) {
    if (!this.chosen.delete(reference)) this.chosen.add(reference);
  }

  #place(reference) {
    return reference === null ? -1 : this.rows.findIndex((row) => row.reference === reference);
  }
}
