/** The headings: press one to sort by it, type below it to filter by it. */
import { element } from "../shared/dom.js";
import { isRange } from "./choice.js";

/** @import { Choice } from "./choice.js" */
/** @import { Column } from "./columns.js" */

/** @typedef {{column: Column, node: HTMLElement, arrow?: HTMLElement}} Heading without an arrow nobody sorts by it */

const WRONG_RANGE = "This is not a range, so it filters nothing. Write 300, <=300, >300 or 100-300.";
const ARROWS = { ascending: "▲", descending: "▼", none: "" };

export class Header {
  /** @type {Heading[]} */
  heads = [];

  /**
   * `changed` is called after each change of the choice, `selectAll` when the topmost box is pressed, `say`
   * with what is wrong with a filter, and with nothing when it is put right.
   *
   * @param {Choice} choice
   * @param {{changed: () => void, selectAll: (on: boolean) => void, resized: () => void, say: (words: string) => void}} acts
   */
  constructor(choice, { changed, selectAll, resized, say }) {
    this.resized = resized;
    this.say = say;
    this.choice = choice;
    this.changed = changed;
    this.all = element("input", {
      type: "checkbox",
      "aria-label": "Select all filtered alarms",
      title: "Select all filtered alarms",
    });
    this.all.addEventListener("change", () => selectAll(this.all.checked));
    this.node = element("div", { class: "mxgw-head", role: "rowgroup" });
  }

  /**
   * Shows the headings of some columns; what is typed stays.
   *
   * @param {Column[]} columns
   */
  show(columns) {
    this.heads = columns.map((column) => this.#heading(column));
    const first = element("div", { class: "mxgw-cell", role: "columnheader" }, this.all);
    const titles = element(
      "div",
      { class: "mxgw-row mxgw-titles", role: "row" },
      first,
      ...this.heads.map((head) => head.node),
    );
    const filters = columns.map((column) =>
      element("div", { class: "mxgw-cell", role: "gridcell" }, ...this.#filter(column)),
    );
    const empty = element("div", { class: "mxgw-cell", role: "gridcell" });
    this.node.replaceChildren(
      titles,
      element("div", { class: "mxgw-row mxgw-filters", role: "row" }, empty, ...filters),
    );
    this.update(0, 0);
  }

  /**
   * The arrows, and whether all, some or none of the filtered rows are selected.
   *
   * @param {number} selected
   * @param {number} count of the filtered rows
   */
  update(selected, count) {
    for (const { column, node, arrow } of this.heads) {
      const isSorted = this.choice.sort === column.key;
      const order = isSorted ? (this.choice.descending ? "descending" : "ascending") : "none";
      node.setAttribute("aria-sort", order);
      if (arrow) arrow.textContent = ARROWS[order];
    }
    this.all.checked = count > 0 && selected === count;
    this.all.indeterminate = selected > 0 && selected < count;
  }

  /**
   * @param {Column} column
   * @returns {Heading}
   */
  #heading(column) {
    const node = element("div", { class: `mxgw-cell mxgw-title-${column.key}`, role: "columnheader" });
    if (column.isPlain) {
      node.append(column.title);
      return { column, node };
    }
    const arrow = element("span", { class: "mxgw-arrow", "aria-hidden": "true" });
    const title =
      column.key === "severity" ? "Severity: 1 is the most urgent, 999 the least" : `Sort by ${column.title}`;
    const sort = element("button", { type: "button", class: "mxgw-sort", title }, column.title, arrow);
    sort.addEventListener("click", () => {
      this.choice.sortBy(column.key);
      this.changed();
    });
    node.append(sort, this.#grip(column, node));
    return { column, node, arrow };
  }

  /**
   * The edge by which a column is dragged wider; pressed twice it is as wide as the others leave it.
   *
   * @param {Column} column
   * @param {HTMLElement} node
   */
  #grip(column, node) {
    const { widths } = this.choice;
    const grip = element("span", { class: "mxgw-grip", title: `Drag: how wide ${column.title} is` });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const [from, width] = [event.clientX, node.offsetWidth];
      const move = (/** @type {PointerEvent} */ moved) => {
        widths.set(column.key, width + moved.clientX - from);
        this.resized();
      };
      // On the window: a column that gives way has the headings made anew, this one with them.
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", () => window.removeEventListener("pointermove", move), {
        once: true,
      });
    });
    grip.addEventListener("dblclick", () => {
      widths.delete(column.key);
      this.resized();
    });
    return grip;
  }

  /** @param {Column} column */
  #filter(column) {
    if (column.isPlain || !column.hint) return [];
    const words = `Filter ${column.title}`;
    const input = element("input", {
      class: "mxgw-input",
      type: "text",
      placeholder: column.hint,
      "aria-label": words,
      title: words,
    });
    input.value = this.choice.columns[column.key] ?? "";
    const tell = () => {
      const isWrong = column.key === "severity" && !isRange(input.value);
      input.setAttribute("aria-invalid", String(isWrong));
      input.title = isWrong ? WRONG_RANGE : words;
      return isWrong;
    };
    let wasWrong = tell();
    input.addEventListener("input", () => {
      this.choice.setColumn(column.key, input.value);
      const isWrong = tell();
      if (isWrong !== wasWrong) this.say(isWrong ? WRONG_RANGE : "");
      wasWrong = isWrong;
      this.changed();
    });
    return [input];
  }
}
