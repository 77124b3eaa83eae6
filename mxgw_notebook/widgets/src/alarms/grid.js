/** The table of alarms: its headings, and the rows that the filters let through in a virtual list. */
import { element } from "../shared/dom.js";
import { Pause } from "../shared/pause.js";
import { VirtualList } from "../shared/virtual_list.js";
import { fitting, leftOut, sizeOf, template } from "./columns.js";
import { Header } from "./header.js";
import { Reordering } from "./reordering.js";
import { AlarmRows, keyOf } from "./rows.js";
import { Selection } from "./selection.js";

/** @import { AlarmRow } from "./messages.d.ts" */
/** @import { Board, Change } from "./board.js" */
/** @import { Choice, Item } from "./choice.js" */
/** @import { CellTools, Column } from "./columns.js" */
/** @import { DrawnItem } from "./rows.js" */

/**
 * What the table sets off; a row is told by its reference.
 *
 * @typedef {object} GridActs
 * @property {() => void} changed after each change of the selection or of the rows
 * @property {(size: "narrow" | "medium" | "wide", leftOut: string[]) => void} sized told of columns without room, too
 */

const ROW_HEIGHT = 30;
const TELL_MS = 120;

export class Grid {
  /** @type {Item[]} */
  items = [];
  /** @type {AlarmRow[]} */
  rows = [];
  /** @type {Column[]} */
  columns;
  columnKey = "";
  isWordy = false;
  /** @type {string[]} */
  told = [];
  reordering = new Reordering(() => this.reorder());
  telling = new Pause(TELL_MS, () => this.#tell());

  /**
   * @param {Board} board
   * @param {Choice} choice
   * @param {number} height in pixels
   * @param {Omit<CellTools, "board"> & GridActs} acts
   */
  constructor(board, choice, height, { acknowledge, trend, changed, sized }) {
    this.board = board;
    this.choice = choice;
    this.acknowledge = acknowledge;
    this.changed = changed;
    this.sized = sized;
    this.columns = fitting(1000, choice.hidden, false);
    this.selection = new Selection(() => {
      this.draw();
      changed();
      this.telling.begin();
    });
    this.header = new Header(choice, {
      changed: () => this.reorder(),
      selectAll: (on) => this.selectAll(on),
      resized: () => this.#fit(),
      say: (words) => board.say(words),
    });
    this.canvas = element("div", { class: "mxgw-canvas", role: "rowgroup" });
    this.empty = element("div", { class: "mxgw-placeholder" });
    this.viewport = element(
      "div",
      { class: "mxgw-viewport", tabindex: "0", "aria-label": "Alarms" },
      this.empty,
      this.canvas,
    );
    this.viewport.style.height = `${height}px`;
    this.node = element(
      "div",
      { class: "mxgw-grid", role: "grid", "aria-multiselectable": "true" },
      this.header.node,
      this.viewport,
    );
    this.drawing = new AlarmRows({
      board,
      acknowledge,
      trend,
      toggleGroup: (name) => this.#toggleGroup(name),
    });
    /** @type {VirtualList<Item, DrawnItem>} */
    this.list = new VirtualList({
      scroller: this.viewport,
      canvas: this.canvas,
      rowHeight: ROW_HEIGHT,
      height,
      keyOf,
      draw: (item, before) => this.#drawItem(item, before),
      drawn: () => this.#describe(),
    });
    this.#listen();
    this.resizing = new ResizeObserver(() => this.#fit());
    this.resizing.observe(this.node);
    this.reorder();
  }

  close() {
    this.resizing.disconnect();
    this.list.close();
    this.reordering.close();
    this.telling.end();
  }

  /**
   * Something changed on the board: rows change in place at once, their order a little later.
   *
   * @param {Change} change
   */
  apply(change) {
    if (change.reset) return this.reorder();
    if (this.isWordy !== this.board.refusals().length > 0) this.#fit();
    this.draw();
    this.reordering.later();
    return undefined;
  }

  /** Filters and sorts anew. */
  reorder() {
    this.reordering.note();
    this.items = this.choice.arrange(this.board.all());
    this.rows = alarmsOf(this.items);
    this.selection.rows = this.rows;
    this.list.show(this.items);
    this.changed();
  }

  /** Draws what has changed, in the next frame. */
  draw() {
    this.list.draw();
  }

  /**
   * Selects all rows that the filters let through, or none.
   *
   * @param {boolean} on
   */
  selectAll(on) {
    this.selection.set(on ? alarmsOf(this.choice.arrange(this.board.all())) : []);
  }

  /** The references of the selected rows that the filters let through. */
  selected() {
    return [...this.selection.chosen].filter((reference) => {
      const row = this.board.rows.get(reference);
      return row && this.choice.accepts(row);
    });
  }

  /**
   * A heading, or an alarm as it is now; null for an alarm that left the board since the rows were ordered.
   *
   * @param {Item} item
   * @param {DrawnItem | undefined} before
   */
  #drawItem(item, before) {
    if (item.group !== undefined) return this.drawing.drawHeading(item, before);
    const row = this.board.shown(item);
    return row && this.drawing.drawRow(row, before, this.columns, this.selection);
  }

  #describe() {
    this.node.setAttribute("aria-rowcount", String(this.items.length));
    this.empty.hidden = this.items.length > 0;
    if (this.items.length === 0) this.empty.textContent = this.board.emptyWords();
    this.header.update(this.selected().length, this.rows.length);
  }

  /** @param {string} name */
  #toggleGroup(name) {
    const { collapsed } = this.choice;
    collapsed.has(name) ? collapsed.delete(name) : collapsed.add(name);
    this.reorder();
  }

  #fit() {
    const width = this.node.clientWidth;
    if (width === 0) return;
    this.isWordy = this.board.refusals().length > 0;
    const { hidden, widths } = this.choice;
    const columns = fitting(width, hidden, this.isWordy, widths);
    const key = columns.map((column) => column.key).join();
    this.sized(sizeOf(width), leftOut(columns, hidden));
    this.node.style.setProperty("--mx-columns", template(columns, width, this.isWordy, widths));
    this.node.style.setProperty(
      "--mx-scrollbar",
      `${this.viewport.offsetWidth - this.viewport.clientWidth}px`,
    );
    if (key !== this.columnKey) {
      this.columnKey = key;
      this.columns = columns;
      this.header.show(columns);
    }
    this.draw();
  }

  /** After another choice of columns. */
  refit() {
    this.#fit();
  }

  #listen() {
    this.viewport.addEventListener("pointermove", () => this.reordering.point(), { passive: true });
    this.viewport.addEventListener("pointerleave", () => this.reordering.leave());
    this.canvas.addEventListener("click", (event) => this.#click(event));
    this.viewport.addEventListener("keydown", (event) => {
      const place = this.selection.key(event, this.list.page);
      if (place === null) return;
      event.preventDefault();
      this.list.reveal(this.items.indexOf(this.rows[place]));
      if (event.key === "Enter" && this.selection.active !== null) this.acknowledge(this.selection.active);
    });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (!(event.target instanceof Element)) return;
    /** @type {HTMLElement | null} */
    const row = event.target.closest("[data-reference]");
    const reference = row?.dataset.reference;
    if (!reference || event.target.closest("button")) return;
    const isBox = event.target.matches("input");
    this.selection.press(reference, {
      adds: isBox || event.ctrlKey || event.metaKey,
      ranges: event.shiftKey,
    });
  }

  /** Tells the kernel what is selected, if that is news. */
  #tell() {
    const chosen = [...this.selection.chosen];
    const { told } = this;
    if (chosen.length === told.length && chosen.every((reference, place) => reference === told[place]))
      return;
    this.told = chosen;
    this.board.tellSelection(chosen);
  }
}

/**
 * The items without the headings.
 *
 * @param {Item[]} items
 * @returns {AlarmRow[]}
 */
function alarmsOf(items) {
  return items.filter((item) => item.group === undefined);
}
