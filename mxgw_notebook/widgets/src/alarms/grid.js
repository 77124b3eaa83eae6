/** The table: only the rows in sight are nodes, so ten thousand alarms cost what twenty do. */
import { element } from "../shared/dom.js";
import { fitting, NARROW, template } from "./columns.js";
import { Header } from "./header.js";
import { RowNodes } from "./rows.js";
import { Selection } from "./selection.js";

const ROW = 30;
const SPARE_ROWS = 4;
const REORDER_MS = 400;
// Rows must not slip away under a pointer that is about to press a button.
const HOLD_MS = 1200;
const LONGEST_HOLD_MS = 6000;
const TELL_MS = 120;

export class Grid {
  constructor(board, choice, height, { acknowledge, trend, changed, sized }) {
    this.board = board;
    this.choice = choice;
    this.changed = changed;
    this.sized = sized;
    this.items = [];
    this.rows = [];
    this.told = [];
    this.orderedAt = -Infinity;
    this.pointedAt = -Infinity;
    this.selection = new Selection(() => {
      this.draw();
      changed();
      this.#tell();
    });
    this.header = new Header(choice, {
      changed: () => this.reorder(),
      selectAll: (on) => this.selectAll(on),
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
    const tools = { board, acknowledge, trend, toggleGroup: (name) => this.#toggleGroup(name) };
    this.nodes = new RowNodes(this.canvas, tools);
    this.#listen();
    this.resizing = new ResizeObserver(() => this.#fit());
    this.resizing.observe(this.node);
    this.reorder();
  }

  close() {
    this.resizing.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    clearTimeout(this.telling);
  }

  /** Something changed on the board: rows change in place at once, their order a little later. */
  apply(change) {
    if (change.reset) return this.reorder();
    if (this.isWordy !== this.board.refusals().length > 0) this.#fit();
    this.draw();
    this.#reorderLater();
    return undefined;
  }

  /** Filters and sorts anew. */
  reorder() {
    clearTimeout(this.timer);
    this.timer = null;
    this.orderedAt = performance.now();
    this.items = this.choice.arrange(this.board.all());
    this.rows = this.items.filter((item) => item.group === undefined);
    this.selection.rows = this.rows;
    this.draw();
    this.changed();
  }

  /** Draws the rows in sight, once in the next frame. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.#draw();
    });
  }

  /** Selects all rows that the filters let through, or none. */
  selectAll(on) {
    this.selection.set(
      on ? this.choice.arrange(this.board.all()).filter((item) => item.group === undefined) : [],
    );
  }

  /** The references of the selected rows that the filters let through. */
  selected() {
    return [...this.selection.chosen].filter((reference) => {
      const row = this.board.rows.get(reference);
      return row && this.choice.accepts(row);
    });
  }

  scrollTo(place) {
    const top = place * ROW;
    const bottom = top + ROW - this.viewport.clientHeight;
    if (this.viewport.scrollTop > top) this.viewport.scrollTop = top;
    else if (this.viewport.scrollTop < bottom) this.viewport.scrollTop = bottom;
  }

  #draw() {
    const { scrollTop, clientHeight } = this.viewport;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - SPARE_ROWS);
    const last = Math.min(this.items.length, Math.ceil((scrollTop + clientHeight) / ROW) + SPARE_ROWS);
    this.canvas.style.height = `${this.items.length * ROW}px`;
    this.canvas.style.paddingTop = `${first * ROW}px`;
    const visible = this.items.slice(first, last);
    const shown = visible
      .map((item) => (item.group === undefined ? this.board.shown(item) : item))
      .filter(Boolean);
    this.nodes.show(shown, this.columns, { selected: this.selection.chosen, active: this.selection.active });
    this.node.setAttribute("aria-rowcount", String(this.items.length));
    this.empty.hidden = this.items.length > 0;
    if (this.items.length === 0) this.empty.textContent = this.#emptyWords();
    this.header.update(this.selected().length, this.rows.length);
  }

  #emptyWords() {
    if (this.board.rows.size) return "No alarm matches the search.";
    return this.board.isFilled ? "No active alarms." : "waiting for the alarms";
  }

  #reorderLater() {
    if (this.timer) return;
    const now = performance.now();
    const held = Math.min(this.pointedAt + HOLD_MS, this.orderedAt + LONGEST_HOLD_MS) - now;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        const pointed =
          performance.now() - this.pointedAt < HOLD_MS &&
          performance.now() - this.orderedAt < LONGEST_HOLD_MS;
        pointed ? this.#reorderLater() : this.reorder();
      },
      Math.max(this.orderedAt + REORDER_MS - now, held, 0),
    );
  }

  #toggleGroup(name) {
    const { collapsed } = this.choice;
    collapsed.has(name) ? collapsed.delete(name) : collapsed.add(name);
    this.reorder();
  }

  #fit() {
    const width = this.node.clientWidth;
    if (width === 0) return;
    this.isWordy = this.board.refusals().length > 0;
    const columns = fitting(width, this.choice.hidden, this.isWordy);
    const key = columns.map((column) => column.key).join();
    this.sized(width < NARROW ? "narrow" : "wide");
    this.node.style.setProperty("--mx-columns", template(columns, width, this.isWordy));
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
    this.columns = fitting(1000, this.choice.hidden, false);
    this.viewport.addEventListener("scroll", () => this.draw(), { passive: true });
    this.viewport.addEventListener("pointermove", () => (this.pointedAt = performance.now()), {
      passive: true,
    });
    this.viewport.addEventListener("pointerleave", () => (this.pointedAt = -Infinity));
    this.canvas.addEventListener("click", (event) => this.#click(event));
    this.viewport.addEventListener("keydown", (event) => {
      const place = this.selection.key(event, Math.floor(this.viewport.clientHeight / ROW) - 1);
      if (place === null) return;
      event.preventDefault();
      this.scrollTo(this.items.indexOf(this.rows[place]));
      if (event.key === "Enter") this.nodes.tools.acknowledge(this.selection.active);
    });
  }

  #click(event) {
    const reference = event.target.closest("[data-reference]")?.dataset.reference;
    if (!reference || event.target.closest("button")) return;
    const isBox = event.target.matches("input");
    this.selection.press(reference, {
      adds: isBox || event.ctrlKey || event.metaKey,
      ranges: event.shiftKey,
    });
  }

  /** Tells the kernel what is selected, a moment after the last change. */
  #tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      const chosen = [...this.selection.chosen];
      if (
        chosen.length === this.told.length &&
        chosen.every((reference, place) => reference === this.told[place])
      )
        return;
      this.told = chosen;
      this.board.tellSelection(chosen);
    }, TELL_MS);
  }
}
