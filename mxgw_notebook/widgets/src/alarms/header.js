/** The headings: press one to sort by it, type below it to filter by it. */
import { element } from "../shared/dom.js";

/** @import { Choice } from "./choice.js" */
/** @import { Column } from "./columns.js" */

/** @typedef {{column: Column, node: HTMLElement, arrow?: HTMLElement}} Heading without an arrow nobody sorts by it */

const ARROWS = { ascending: "▲", descending: "▼", none: "" };

export class Header {
  /** @type {Heading[]} */
  heads = [];

  /**
   * `changed` is called after each change of the choice, `selectAll` when the topmost box is pressed.
   *
   * @param {Choice} choice
   * @param {{changed: () => void, selectAll: (on: boolean) => void}} acts
   */
  constructor(choice, { changed, selectAll }) {
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
    node.append(sort);
    return { column, node, arrow };
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
    input.addEventListener("input", () => {
      this.choice.setColumn(column.key, input.value);
      this.changed();
    });
    return [input];
  }
}
