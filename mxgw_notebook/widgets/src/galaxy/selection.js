/** Which nodes are selected, and the one the keyboard is at; ranges run over the visible rows. */

/** @typedef {{readonly key: string}} Keyed */

export class Selection {
  /** @type {Set<string>} */
  keys = new Set();
  /** @type {string | null} */
  active = null;
  /** @type {string | null} */
  anchor = null; // where a range begins

  /** @param {() => void} changed is called after each change */
  constructor(changed) {
    this.changed = changed;
  }

  /**
   * One node alone.
   *
   * @param {Keyed} node
   */
  only(node) {
    this.keys = new Set([node.key]);
    this.active = this.anchor = node.key;
    this.changed();
  }

  /**
   * Takes a node in, or out again.
   *
   * @param {Keyed} node
   */
  toggle(node) {
    if (!this.keys.delete(node.key)) this.keys.add(node.key);
    this.active = this.anchor = node.key;
    this.changed();
  }

  /**
   * Everything from the anchor to a node.
   *
   * @param {readonly Keyed[]} rows
   * @param {Keyed} node
   */
  extend(rows, node) {
    const from = Math.max(
      0,
      rows.findIndex((row) => row.key === (this.anchor ?? node.key)),
    );
    const to = rows.indexOf(node);
    const [first, last] = from < to ? [from, to] : [to, from];
    this.keys = new Set(rows.slice(first, last + 1).map((row) => row.key));
    this.active = node.key;
    this.changed();
  }

  /** @param {readonly Keyed[]} rows */
  all(rows) {
    this.keys = new Set(rows.map((row) => row.key));
    this.changed();
  }

  /**
   * Lets go of what is not shown any more; answers how many that were.
   *
   * @param {readonly Keyed[]} rows
   */
  keep(rows) {
    const shown = new Set(rows.map((row) => row.key));
    const kept = new Set([...this.keys].filter((key) => shown.has(key)));
    const gone = this.keys.size - kept.size;
    if (this.active !== null && !shown.has(this.active)) this.active = null;
    if (this.anchor !== null && !shown.has(this.anchor)) this.anchor = null;
    if (gone === 0) return 0;
    this.keys = kept;
    this.changed();
    return gone;
  }

  clear() {
    this.keys = new Set();
    this.active = this.anchor = null;
    this.changed();
  }
}
