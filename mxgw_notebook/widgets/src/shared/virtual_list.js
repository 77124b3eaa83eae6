/**
 * A list in which only the rows in sight are nodes, so that fifty thousand rows cost what fifty do.
 *
 * The nodes stand between two spacers as high as all the rows above and below them.
 */
import { element } from "./dom.js";

// More than a turn of the wheel: the browser scrolls first and lets us draw then.
const SPARE_ROWS = 12;

/**
 * @typedef {object} Extent of a list and of what is seen of it, in pixels
 * @property {number} top how far it is scrolled
 * @property {number} height of what is seen
 * @property {number} rowHeight
 */

/**
 * The places of the rows that need nodes: those in sight and the spare ones around them, without the last.
 *
 * @param {Extent & {count: number, spare?: number}} list
 * @returns {[first: number, last: number]}
 */
export function inSight({ top, height, rowHeight, count, spare = SPARE_ROWS }) {
  // A list that has just become shorter is not scrolled back yet; one that is dragged can be above its top.
  const from = Math.max(0, Math.min(top, count * rowHeight - height));
  const first = Math.floor(from / rowHeight) - spare;
  const last = Math.ceil((from + height) / rowHeight) + spare;
  return [Math.max(0, first), Math.min(count, last)];
}

/**
 * How far a list has to be scrolled for a row to be in sight: as little as will do.
 *
 * @param {number} place
 * @param {Extent} list
 */
export function topWith(place, { top, height, rowHeight }) {
  const highest = (place + 1) * rowHeight - height;
  return Math.min(place * rowHeight, Math.max(top, highest));
}

/**
 * How far a page key goes: one row of the page before stays in sight.
 *
 * @param {Pick<Extent, "height" | "rowHeight">} list
 */
export function rowsOfPage({ height, rowHeight }) {
  return Math.max(1, Math.floor(height / rowHeight) - 1);
}

/**
 * What a list is made of.
 *
 * @template Row
 * @template {{node: HTMLElement}} Drawn
 * @typedef {object} ListParts
 * @property {HTMLElement} scroller what is scrolled; its style sheet has the height of a row as `--mx-row`
 * @property {HTMLElement} canvas where the nodes stand: below the scroller, and for this list alone
 * @property {number} rowHeight in pixels
 * @property {number} height the most that the scroller becomes high, in pixels
 * @property {(row: Row) => string} keyOf what stays the same for as long as a row is the same one
 * @property {(row: Row, before: Drawn | undefined) => Drawn | null} draw a row's node: that of `before`
 *   where it does, or a new one; null for a row that is no longer there
 * @property {() => void} [drawn] called each time that the list was drawn
 */

/**
 * @template Row
 * @template {{node: HTMLElement}} Drawn
 */
export class VirtualList {
  /** @type {Row[]} */
  #rows = [];
  /** @type {Map<string, Drawn>} */
  #shown = new Map();
  #first = 0;
  #frame = 0;

  /** @param {ListParts<Row, Drawn>} parts */
  constructor(parts) {
    this.parts = parts;
    const { scroller, canvas, rowHeight } = parts;
    const name = canvas instanceof HTMLTableSectionElement ? "tr" : "div";
    this.above = element(name, { "aria-hidden": "true" });
    this.below = element(name, { "aria-hidden": "true" });
    canvas.replaceChildren(this.above, this.below);
    scroller.style.setProperty("--mx-row", `${rowHeight}px`);
    // The browser would follow a row that is sorted away.
    scroller.style.overflowAnchor = "none";
    scroller.addEventListener("scroll", () => this.draw(), { passive: true });
    // Out of sight (another tab, a page that is laid out anew) it has no height and is scrolled nowhere.
    this.resizing = new ResizeObserver(() => this.draw());
    this.resizing.observe(scroller);
  }

  close() {
    this.resizing.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /**
   * Shows these rows from the next frame on. The list has their whole height at once, so it can be scrolled.
   *
   * @param {Row[]} rows
   */
  show(rows) {
    this.#rows = rows;
    this.#stretch();
    this.draw();
  }

  /** Draws the rows in sight in the next frame, once, however often it is called until then. */
  draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /**
   * Scrolls until the row at a place is in sight.
   *
   * @param {number} place
   */
  reveal(place) {
    const { scroller } = this.parts;
    const top = topWith(place, this.#extent(scroller.clientHeight));
    if (top !== scroller.scrollTop) scroller.scrollTop = top;
  }

  /** How many rows a page key goes. */
  get page() {
    return rowsOfPage(this.#extent(this.parts.scroller.clientHeight));
  }

  /** @param {number} height */
  #extent(height) {
    return { top: this.parts.scroller.scrollTop, height, rowHeight: this.parts.rowHeight };
  }

  #draw() {
    const { scroller, rowHeight, height, drawn } = this.parts;
    // What grows with its rows, or has no height yet, is drawn as it will be: no gap flashes below.
    const extent = this.#extent(Math.max(scroller.clientHeight, height));
    const [first, last] = inSight({ ...extent, count: this.#rows.length });
    this.#first = first;
    this.above.style.height = `${first * rowHeight}px`;
    this.#place(this.#rows.slice(first, last));
    this.#stretch();
    drawn?.();
  }

  /** Gives the list the height of all its rows. */
  #stretch() {
    const left = Math.max(0, this.#rows.length - this.#first - this.#shown.size);
    this.below.style.height = `${left * this.parts.rowHeight}px`;
  }

  /**
   * Puts the nodes of these rows and no others between the spacers; those that are there already stay.
   *
   * @param {Row[]} rows
   */
  #place(rows) {
    const { canvas, keyOf, draw } = this.parts;
    const focused = canvas.contains(document.activeElement) ? document.activeElement : null;
    const before = this.#shown;
    this.#shown = new Map();
    for (const row of rows) {
      const made = draw(row, before.get(keyOf(row)));
      if (made) this.#shown.set(keyOf(row), made);
    }
    // What goes makes room first, so that what stays is not moved.
    for (const [key, { node }] of before) if (this.#shown.get(key)?.node !== node) node.remove();
    let next = this.above.nextSibling;
    for (const { node } of this.#shown.values()) {
      if (node === next) next = node.nextSibling;
      else canvas.insertBefore(node, next);
    }
    // A row that was moved has lost the focus of its checkbox or button.
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement)
      focused.focus({ preventScroll: true });
  }
}
