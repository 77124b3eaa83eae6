/** The nodes of the rows in sight, kept by reference and made anew only when their row has changed. */
import { element } from "../shared/dom.js";
import { cellOf } from "./columns.js";

export class RowNodes {
  constructor(canvas, tools) {
    this.canvas = canvas;
    this.tools = tools;
    this.nodes = new Map();
    this.flashed = new Map();
  }

  /** Shows these items and no others, in this order. */
  show(items, columns, { selected, active }) {
    const focused = this.canvas.contains(document.activeElement) ? document.activeElement : null;
    const before = this.nodes;
    this.nodes = new Map();
    items.forEach((item, place) => {
      const key = item.group === undefined ? item.reference : `group:${item.group}`;
      const node = this.#current(before.get(key), item, columns);
      before.delete(key);
      this.nodes.set(key, node);
      this.#mark(node, item, selected, active);
      if (this.canvas.children[place] !== node)
        this.canvas.insertBefore(node, this.canvas.children[place] ?? null);
    });
    for (const node of before.values()) node.remove();
    // A row that was moved has lost the focus of its checkbox or button.
    if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
  }

  /** The node as it was, when nothing in it has changed. */
  #current(node, item, columns) {
    if (node && node.columns === columns && (node.item === item || sameGroup(node.item, item))) return node;
    const made = item.group === undefined ? this.#row(item, columns, node) : groupNode(item, this.tools);
    if (node) node.replaceWith(made);
    return Object.assign(made, { item, columns });
  }

  #row(row, columns, before) {
    const check = element("input", {
      type: "checkbox",
      tabindex: "-1",
      "aria-label": `Select ${row.reference}`,
    });
    const cells = columns.map((column) => cellOf(column, row, this.tools));
    const select = element("div", { class: "mxgw-cell", role: "gridcell" }, check);
    const made = element("div", {
      class: "mxgw-row",
      role: "row",
      "data-reference": row.reference,
      "data-state": row.state,
    });
    made.append(select, ...cells);
    made.toggleAttribute("data-gone", Boolean(row.isGone));
    made.check = check;
    const since = this.tools.board.isFresh(row.reference)
      ? this.tools.board.fresh.get(row.reference)
      : undefined;
    if (since !== undefined && this.flashed.get(row.reference) !== since) {
      this.flashed.set(row.reference, since);
      made.classList.add("mxgw-new");
    } else if (before?.classList.contains("mxgw-new")) {
      made.classList.add("mxgw-new");
      // Changed while it flashes: go on from where it was instead of once more.
      const done = before.getAnimations()[0]?.currentTime ?? 1600;
      made.style.animationDelay = `-${done}ms`;
    }
    return made;
  }

  #mark(node, item, selected, active) {
    if (item.group !== undefined) return;
    const isSelected = selected.has(item.reference);
    node.check.checked = isSelected;
    node.setAttribute("aria-selected", String(isSelected));
    node.classList.toggle("mxgw-active", item.reference === active);
  }
}

function sameGroup(a, b) {
  return (
    a.group !== undefined &&
    a.group === b.group &&
    a.count === b.count &&
    a.waiting === b.waiting &&
    a.isOpen === b.isOpen
  );
}

function groupNode(item, tools) {
  const words = `${item.count} alarms, ${item.waiting} to acknowledge`;
  const toggle = element(
    "button",
    { type: "button", class: "mxgw-group-button", "aria-expanded": String(item.isOpen) },
    element("span", { "aria-hidden": "true" }, item.isOpen ? "▾" : "▸"),
    element("b", {}, item.group || "(none)"),
    element("span", { class: "mxgw-faint" }, words),
  );
  toggle.addEventListener("click", () => tools.toggleGroup(item.group));
  return element("div", { class: "mxgw-row mxgw-group", role: "row" }, toggle);
}
