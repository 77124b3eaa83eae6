import {
  FilterModule,
  FormatModule,
  InteractionModule,
  ResizeColumnsModule,
  ResizeTableModule,
  ResponsiveLayoutModule,
  SelectRowModule,
  SortModule,
  Tabulator,
} from "tabulator-tables";
import { columns, STATE_WIDTH } from "./columns.js";

Tabulator.registerModule([
  FilterModule,
  FormatModule,
  InteractionModule,
  ResizeColumnsModule,
  ResizeTableModule,
  ResponsiveLayoutModule,
  SelectRowModule,
  SortModule,
]);

const NARROW = 620;

/** The rows on the screen, keyed by alarm reference and changed in place. */
export class RowTable {
  constructor(holder, board, height, { acknowledge, accepts, selected }) {
    this.accepts = accepts;
    this.table = new Tabulator(holder, {
      index: "reference",
      data: board.all(),
      columns: columns(board, acknowledge),
      layout: "fitColumns",
      responsiveLayout: "hide",
      height,
      rowHeight: 30,
      selectableRows: true,
      selectableRowsPersistence: true,
      initialSort: [{ column: "state", dir: "asc" }],
      rowFormatter: markRow,
      placeholder: () => placeholder(board),
      headerSortElement: headerArrow,
    });
    this.table.on("rowSelectionChanged", selected);
    this.isBuilt = false;
    this.ready = new Promise((resolve) => this.table.on("tableBuilt", resolve)).then(() => {
      this.isBuilt = true;
      this.#makeHeadersReachable(holder);
      this.table.setFilter((row) => this.accepts(row));
      this.resizing.observe(holder);
    });
    this.resizing = new ResizeObserver(() => this.#fit(holder));
    // Changes go in one after the other: Tabulator's own are promises.
    this.queue = this.ready;
  }

  /** Puts a change of the board into the table. */
  apply(change, all) {
    this.queue = this.queue.then(() => this.#apply(change, all));
    return this.queue;
  }

  filter() {
    this.queue = this.queue.then(() => this.table.refreshFilter());
  }

  /** The references of the selected rows that the filter lets through. */
  selection() {
    if (!this.isBuilt) return [];
    return this.table.getSelectedData().filter((row) => this.accepts(row)).map((row) => row.reference);
  }

  close() {
    this.resizing.disconnect();
    this.table.destroy();
  }

  async #apply(change, all) {
    if (change.reset) return this.table.replaceData(all());
    const known = change.removed.filter((reference) => this.table.getRow(reference));
    if (known.length) await this.table.deleteRow(known);
    if (change.upsert.length === 0) return undefined;
    await this.table.updateOrAddData(change.upsert);
    // In place is not in order: rows that changed their state move to where they belong.
    const order = this.table.getSorters().map(({ field, dir }) => ({ column: field, dir }));
    this.table.setSort(order);
    return this.table.refreshFilter();
  }

  /** In a narrow cell the state's words are short, and the tag gets their room. */
  #fit(holder) {
    const size = holder.clientWidth < NARROW ? "narrow" : "wide";
    if (holder.clientWidth === 0 || holder.dataset.size === size) return;
    holder.dataset.size = size;
    const state = this.table.getColumn("state");
    // The layout shares out what the definitions leave over, so both have to know.
    state.getDefinition().width = STATE_WIDTH[size];
    state.setWidth(STATE_WIDTH[size]);
    this.table.redraw(true);
  }

  /** Tabulator's headers take clicks only; Enter and Space sort as well. */
  #makeHeadersReachable(holder) {
    for (const header of holder.querySelectorAll(".tabulator-col.tabulator-sortable")) {
      header.tabIndex = 0;
      header.addEventListener("keydown", (event) => {
        if (event.target !== header || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        header.querySelector(".tabulator-col-content")?.click();
      });
    }
  }
}

function markRow(row) {
  const { reference, state, tag, description } = row.getData();
  const node = row.getElement();
  Object.assign(node.dataset, { reference, state });
  // A narrow table has no room for the description: it stands in the row's tooltip.
  node.title = [tag, description, reference].filter(Boolean).join("\n");
}

function placeholder(board) {
  const words = board.rows.size ? "No alarm matches the search." : board.isFilled ? "No active alarms." : "waiting for the alarms";
  const made = document.createElement("div");
  made.className = "mxgw-placeholder";
  made.textContent = words;
  return made;
}

function headerArrow(_column, direction) {
  return { asc: "▲", desc: "▼" }[direction] ?? "";
}
