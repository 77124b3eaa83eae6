import { element, setText } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { StatusLine } from "../shared/status.js";
import { Theme } from "../shared/theme.js";
import { COLUMNS } from "./columns.js";

const ROW_HEIGHT = 25;
const LOOK_MS = 250;
const MARGIN_ROWS = 4;
const NARROW = 620;

/** One view of a table of values. Only the rows in sight are in the page, so there may be any number. */
export class ValueView {
  constructor(model, board, host) {
    this.board = board;
    this.height = model.get("height");
    this.sorted = { column: null, down: false };
    this.words = [];
    this.order = [];
    this.seen = -1;
    this.#build(host);
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  close() {
    clearInterval(this.timer);
    this.resizing.disconnect();
    this.letKeysGo();
  }

  #build(host) {
    this.root = element("div", { class: "mxgw mxgw-values", "data-mxgw-widget": "values" });
    this.letKeysGo = keepPlainKeys(this.root);
    this.theme = new Theme(this.root);
    this.status = new StatusLine();
    this.count = element("span", { class: "mxgw-count" });
    this.search = element("input", { class: "mxgw-input", placeholder: "Search", "aria-label": "Search" });
    this.search.addEventListener("input", () => {
      this.words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.#arrange();
    });
    this.heads = COLUMNS.map((column) => this.#head(column));
    this.body = element("tbody");
    this.above = element("tr", { "aria-hidden": "true" });
    this.below = element("tr", { "aria-hidden": "true" });
    this.list = element(
      "div",
      { class: "mxgw-list", style: `max-height: ${this.height}px`, tabindex: "0" },
      element("table", {}, element("thead", {}, element("tr", {}, ...this.heads)), this.body),
    );
    this.list.addEventListener("scroll", () => this.#draw());
    const spring = element("span", { class: "mxgw-spring" });
    this.root.append(
      element("div", { class: "mxgw-toolbar" }, this.search, this.count, spring, this.status.node),
      this.list,
    );
    host.append(this.root);
    this.resizing = new ResizeObserver(
      () => (this.root.dataset.size = this.root.clientWidth < NARROW ? "narrow" : "wide"),
    );
    this.resizing.observe(this.root);
  }

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
    if (this.seen !== this.board.changes) this.#arrange();
    else this.#draw();
  }

  /** Chooses and orders the rows. */
  #arrange() {
    this.seen = this.board.changes;
    const rows = [...this.board.rows.values()];
    this.order = rows.filter((row) => this.words.every((word) => text(row).includes(word)));
    const { column, down } = this.sorted;
    if (column) this.order.sort((a, b) => compared(column.sort(a), column.sort(b), down ? -1 : 1));
    this.heads.forEach((head, i) => {
      const ordered = COLUMNS[i] === column ? (down ? "descending" : "ascending") : null;
      if (ordered) head.setAttribute("aria-sort", ordered);
      else head.removeAttribute("aria-sort");
    });
    const shown = this.order.length === rows.length ? "" : `${this.order.length} of `;
    setText(this.count, `${shown}${rows.length} ${rows.length === 1 ? "tag" : "tags"}`);
    this.root.dataset.rows = String(this.order.length);
    this.#draw();
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW_HEIGHT) - MARGIN_ROWS);
    const inSight = Math.ceil(this.height / ROW_HEIGHT) + 2 * MARGIN_ROWS;
    const rows = this.order.slice(first, first + inSight);
    const now = this.board.clock.now();
    this.above.style.height = `${first * ROW_HEIGHT}px`;
    this.below.style.height = `${Math.max(0, this.order.length - first - rows.length) * ROW_HEIGHT}px`;
    this.body.replaceChildren(this.above, ...rows.map((row) => drawn(row, now)), this.below);
  }
}

function drawn(row, now) {
  const cells = COLUMNS.map((column) =>
    element("td", { class: column.kind ? `mxgw-${column.kind}` : null }, column.cell(row, now)),
  );
  return element("tr", { "data-tag": row.tag }, ...cells);
}

function text(row) {
  return `${row.tag} ${row.description ?? ""} ${row.value ?? ""} ${row.quality ?? ""} ${row.failure ?? ""}`.toLowerCase();
}

/** Numbers before texts, each in its order; what is empty comes last, whichever way. */
function compared(a, b, way) {
  if (a === "" || b === "") return (a === "") - (b === "");
  if (typeof a === typeof b) return (a < b ? -1 : a > b ? 1 : 0) * way;
  return (typeof a === "number" ? -1 : 1) * way;
}
