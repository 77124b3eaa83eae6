import { element, setText } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { showPlant } from "../shared/plant.js";
import { StatusLine } from "../shared/status.js";
import { Theme } from "../shared/theme.js";
import { VirtualList } from "../shared/virtual_list.js";
import { COLUMNS } from "./columns.js";
import { WriteBar } from "./write_bar.js";
import { Writing, wordsOf } from "./writing.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Board } from "./board.js" */
/** @import { Column } from "./columns.js" */
/** @import { ValueRow, ValueTraits, TypedWrite } from "./messages.d.ts" */

/** @typedef {{row: ValueRow, node: HTMLTableRowElement}} DrawnRow a node, and what it was made of last */

const ROW_HEIGHT = 25;
const LOOK_MS = 250;
const NARROW = 620;
const AGE = COLUMNS.findIndex((column) => column.kind === "age");
const VALUE = COLUMNS.findIndex((column) => column.kind === "value");

/** One view of a table of values. */
export class ValueView {
  /** @type {{column: Column | null, down: boolean}} */
  sorted = { column: null, down: false };
  /** @type {string[]} */
  words = []; // what is searched for
  seen = -1; // the board's changes when the rows were arranged
  root = element("div", { class: "mxgw mxgw-values", "data-mxgw-widget": "values" });
  search = element("input", { class: "mxgw-input", placeholder: "Search", "aria-label": "Search" });
  count = element("span", { class: "mxgw-count" });
  status = new StatusLine();

  /**
   * @param {WidgetModel<ValueTraits>} model
   * @param {Board} board
   * @param {HTMLElement} host
   */
  constructor(model, board, host) {
    this.board = board;
    this.heads = COLUMNS.map((column) => this.#head(column));
    this.canWrite = model.get("can_write");
    this.list = this.#makeList(model.get("height"));
    this.writing = new Writing(model, board);
    this.bar = new WriteBar(this.writing, board, model.get("plant"), () => this.#focusValue());
    if (this.canWrite) this.#letWrite();
    this.search.addEventListener("input", () => {
      this.words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.#arrange();
    });
    const spring = element("span", { class: "mxgw-spring" });
    this.root.append(
      element("div", { class: "mxgw-toolbar" }, this.search, this.count, spring, this.status.node),
      this.list.parts.scroller,
      this.bar.node,
    );
    host.append(this.root);
    this.theme = new Theme(this.root);
    showPlant(model, this.root);
    this.letKeysGo = keepPlainKeys(this.root);
    this.resizing = new ResizeObserver(() => {
      this.root.dataset.size = this.root.clientWidth < NARROW ? "narrow" : "wide";
    });
    this.resizing.observe(this.root);
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  close() {
    this.writing.giveUp();
    clearInterval(this.timer);
    this.resizing.disconnect();
    this.list.close();
    this.letKeysGo();
  }

  /** @param {number} height */
  #makeList(height) {
    const body = element("tbody");
    const written = element("th", { scope: "col", class: "mxgw-written" }, "Written");
    const head = element("thead", {}, element("tr", {}, ...this.heads, written));
    const scroller = element(
      "div",
      { class: "mxgw-list", style: `max-height: ${height}px`, tabindex: "0" },
      element("table", {}, head, body),
    );
    /** @type {VirtualList<ValueRow, DrawnRow>} */
    const list = new VirtualList({
      scroller,
      canvas: body,
      rowHeight: ROW_HEIGHT,
      height,
      keyOf: (row) => row.tag,
      draw: (row, before) => this.#drawRow(row, before),
    });
    return list;
  }

  /** Lets a value be written by a double click on it, or by Enter. */
  #letWrite() {
    const { scroller } = this.list.parts;
    scroller.addEventListener("dblclick", (event) => this.#open(event));
    scroller.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.#open(event)) event.preventDefault();
    });
  }

  /**
   * Whether it was on a value, which can be typed anew then.
   *
   * @param {Event} event
   */
  #open(event) {
    const cell = event.target instanceof Element ? event.target.closest("td.mxgw-value") : null;
    const tag = cell?.closest("tr")?.dataset.tag;
    if (tag) this.bar.open(tag);
    return Boolean(tag);
  }

  /** Gives the focus back to where a person was in the table. */
  #focusValue() {
    this.list.parts.scroller.focus({ preventScroll: true });
  }

  /**
   * A row's node; as long as the row is the same, only its age and what was written become others.
   *
   * It stays the same node, so that a value keeps the focus.
   *
   * @param {ValueRow} row
   * @param {DrawnRow | undefined} before
   * @returns {DrawnRow}
   */
  #drawRow(row, before) {
    const now = this.board.clock.now();
    const node = before?.node ?? emptyRow(row.tag, this.canWrite);
    COLUMNS.forEach((column, i) => {
      if (before?.row !== row || i === AGE) node.cells[i].replaceChildren(column.cell(row, now));
    });
    showWritten(node.cells[COLUMNS.length], this.board.outcomes.get(row.tag));
    return { row, node };
  }

  /** @param {Column} column */
  #head(column) {
    const kind = column.kind ? `mxgw-${column.kind}` : null;
    if (!column.sort) return element("th", { scope: "col", class: kind }, column.name);
    const sorter = element("button", { type: "button", class: "mxgw-sort" }, column.name);
    sorter.addEventListener("click", () => {
      this.sorted = { column, down: this.sorted.column === column && !this.sorted.down };
      this.#arrange();
    });
    return element("th", { scope: "col", class: kind }, sorter);
  }

  #look() {
    if (document.hidden || !this.root.isConnected) return;
    this.theme.read();
    this.status.show(this.board.feed);
    this.status.tellHoles(this.board.channel.holes);
    this.bar.show();
    if (this.seen !== this.board.changes) this.#arrange();
    else this.list.draw();
  }

  /** Chooses and orders the rows. */
  #arrange() {
    this.seen = this.board.changes;
    const rows = [...this.board.rows.values()];
    const shown = rows.filter((row) => this.words.every((word) => text(row).includes(word)));
    const { column, down } = this.sorted;
    const sort = column?.sort;
    if (sort) shown.sort((a, b) => compared(sort(a), sort(b), down ? -1 : 1));
    this.heads.forEach((head, i) => {
      const ordered = COLUMNS[i] === column ? (down ? "descending" : "ascending") : null;
      if (ordered) head.setAttribute("aria-sort", ordered);
      else head.removeAttribute("aria-sort");
    });
    const part = shown.length === rows.length ? "" : `${shown.length} of `;
    setText(this.count, `${part}${rows.length} ${rows.length === 1 ? "tag" : "tags"}`);
    this.root.dataset.rows = String(shown.length);
    this.root.toggleAttribute("data-written", this.board.outcomes.size > 0);
    this.list.show(shown);
  }
}

/**
 * A row without its texts.
 *
 * @param {string} tag
 * @param {boolean} canWrite
 */
function emptyRow(tag, canWrite) {
  const cells = COLUMNS.map(({ kind }, i) => {
    const opens = canWrite && i === VALUE;
    const title = opens ? "Double-click, or press Enter, to write another value" : null;
    return element("td", { class: kind ? `mxgw-${kind}` : null, tabindex: opens && "0", title });
  });
  return element("tr", { "data-tag": tag }, ...cells, element("td", { class: "mxgw-written" }));
}

/**
 * Says in a row what came of the newest write.
 *
 * @param {HTMLTableCellElement} cell
 * @param {TypedWrite | undefined} write
 */
function showWritten(cell, write) {
  const words = write ? wordsOf(write) : "";
  setText(cell, words);
  if (cell.title !== words) cell.title = words;
  if (cell.dataset.write !== (write?.state ?? "")) cell.dataset.write = write?.state ?? "";
}

/** @param {ValueRow} row */
function text(row) {
  return `${row.tag} ${row.description ?? ""} ${row.value ?? ""} ${row.quality ?? ""} ${row.failure ?? ""}`.toLowerCase();
}

/**
 * Numbers before texts, each in its order; what is empty comes last, whichever way.
 *
 * @param {string | number} a
 * @param {string | number} b
 * @param {1 | -1} way
 */
function compared(a, b, way) {
  if (a === "" || b === "") return Number(a === "") - Number(b === "");
  if (typeof a === typeof b) return (a < b ? -1 : a > b ? 1 : 0) * way;
  return (typeof a === "number" ? -1 : 1) * way;
}
