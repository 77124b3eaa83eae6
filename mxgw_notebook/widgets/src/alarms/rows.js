/** The nodes of alarms and group headings, made anew only where what they show has changed. */
import { element } from "../shared/dom.js";
import { cellOf } from "./columns.js";

/** @import { ShownRow } from "./board.js" */
/** @import { GroupHeading, Item } from "./choice.js" */
/** @import { CellTools, Column } from "./columns.js" */
/** @import { Selection } from "./selection.js" */

/** @typedef {CellTools & {toggleGroup: (name: string) => void}} RowTools */
/** @typedef {{node: HTMLElement, heading: GroupHeading}} DrawnHeading */
/** @typedef {{node: HTMLElement, row: ShownRow, columns: Column[], check: HTMLInputElement}} DrawnRow */
/** @typedef {DrawnHeading | DrawnRow} DrawnItem a node, and what it was made of */

/**
 * What an alarm or a heading is known by.
 *
 * @param {Item} item
 */
export function keyOf(item) {
  return item.group === undefined ? `alarm:${item.reference}` : `group:${item.group}`;
}

export class AlarmRows {
  /** @type {Map<string, number>} */
  #flashed = new Map(); // when the alarm came for which a row flashed last, by reference

  /** @param {RowTools} tools */
  constructor(tools) {
    this.tools = tools;
  }

  /**
   * The node of a group's heading: that of `before` when it says the same.
   *
   * @param {GroupHeading} heading
   * @param {DrawnItem | undefined} before
   * @returns {DrawnHeading}
   */
  drawHeading(heading, before) {
    if (before && "heading" in before && saysSame(before.heading, heading)) return before;
    return { node: headingNode(heading, this.tools), heading };
  }

  /**
   * The node of an alarm: that of `before` when nothing but its selection has changed.
   *
   * @param {ShownRow} row
   * @param {DrawnItem | undefined} before
   * @param {Column[]} columns
   * @param {Selection} selection
   * @returns {DrawnRow}
   */
  drawRow(row, before, columns, { chosen, active }) {
    const isSame = before && "row" in before && before.row === row && before.columns === columns;
    const drawn = isSame ? before : this.#make(row, columns, before?.node);
    drawn.check.checked = chosen.has(row.reference);
    drawn.node.setAttribute("aria-selected", String(chosen.has(row.reference)));
    drawn.node.classList.toggle("mxgw-active", row.reference === active);
    return drawn;
  }

  /**
   * @param {ShownRow} row
   * @param {Column[]} columns
   * @param {HTMLElement | undefined} before
   * @returns {DrawnRow}
   */
  #make(row, columns, before) {
    const check = element("input", {
      type: "checkbox",
      tabindex: "-1",
      "aria-label": `Select ${row.reference}`,
    });
    const cells = columns.map((column) => cellOf(column, row, this.tools));
    const select = element("div", { class: "mxgw-cell", role: "gridcell" }, check);
    const node = element("div", {
      class: "mxgw-row",
      role: "row",
      "data-reference": row.reference,
      "data-state": row.state,
    });
    node.append(select, ...cells);
    node.toggleAttribute("data-gone", row.isGone);
    this.#flash(node, row.reference, before);
    return { node, row, columns, check };
  }

  /**
   * An alarm that has just come flashes, once.
   *
   * @param {HTMLElement} node
   * @param {string} reference
   * @param {HTMLElement | undefined} before
   */
  #flash(node, reference, before) {
    const { board } = this.tools;
    const since = board.isFresh(reference) ? board.fresh.get(reference) : undefined;
    if (since !== undefined && this.#flashed.get(reference) !== since) {
      this.#flashed.set(reference, since);
      node.classList.add("mxgw-new");
    } else if (before?.classList.contains("mxgw-new")) {
      node.classList.add("mxgw-new");
      // Changed while it flashes: go on from where it was instead of once more.
      const done = before.getAnimations()[0]?.currentTime ?? 1600;
      node.style.animationDelay = `-${done}ms`;
    }
  }
}

/**
 * @param {GroupHeading} a
 * @param {GroupHeading} b
 */
function saysSame(a, b) {
  return a.group === b.group && a.count === b.count && a.waiting === b.waiting && a.isOpen === b.isOpen;
}

/**
 * @param {GroupHeading} heading
 * @param {RowTools} tools
 */
function headingNode(heading, tools) {
  const words = `${heading.count} ${heading.count === 1 ? "alarm" : "alarms"}, ${heading.waiting} to acknowledge`;
  const toggle = element(
    "button",
    { type: "button", class: "mxgw-group-button", "aria-expanded": String(heading.isOpen) },
    element("span", { "aria-hidden": "true" }, heading.isOpen ? "▾" : "▸"),
    element("b", {}, heading.group || "(none)"),
    element("span", { class: "mxgw-faint" }, words),
  );
  toggle.addEventListener("click", () => tools.toggleGroup(heading.group));
  return element("div", { class: "mxgw-row mxgw-group", role: "row" }, toggle);
}
