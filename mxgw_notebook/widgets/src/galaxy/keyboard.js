/** The keyboard of a tree, as the ARIA practices have it. */

/** @import { TreeNode } from "./tree.js" */
/** @import { TreeView } from "./view.js" */

const FORGET_MS = 700;

export class Keys {
  #typed = "";
  #typedAt = 0;

  /** @param {TreeView} view */
  constructor(view) {
    this.view = view;
    view.scroller.addEventListener("keydown", (event) => this.#press(event));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { tree, selection } = this.view;
    const at = Math.max(
      0,
      tree.rows.findIndex((row) => row.key === selection.active),
    );
    const node = tree.rows[at];
    if (!node) return;
    if (
      this.#move(event, at) ||
      this.#twist(event, node) ||
      this.#choose(event, node) ||
      this.#type(event, at)
    ) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  #move(event, at) {
    const { rows } = this.view.tree;
    const { page } = this.view.list;
    const isFresh = this.view.selection.active === null;
    /** @type {Record<string, number>} */
    const places = {
      ArrowDown: isFresh ? 0 : at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = places[event.key];
    if (to === undefined) return false;
    this.#go(Math.min(rows.length - 1, Math.max(0, to)), event.shiftKey);
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {TreeNode} node
   */
  #twist(event, node) {
    const { view } = this;
    if (event.key === "ArrowRight") {
      if (node.isOpen && node.children?.length) this.#go(view.tree.indexOf(node) + 1, false);
      else view.branches.open(node);
    } else if (event.key === "ArrowLeft") {
      if (node.isOpen) view.branches.shut(node);
      else if (node.parent) this.#go(view.tree.indexOf(node.parent), false);
    } else if (event.key === "Enter") {
      if (node.isOpen) view.branches.shut(node);
      else view.branches.open(node);
    } else {
      return false;
    }
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {TreeNode} node
   */
  #choose(event, node) {
    const { selection, tree } = this.view;
    if (event.key === " ") selection.toggle(node);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selection.all(tree.rows);
    else if (event.key === "Escape") selection.clear();
    else return false;
    return true;
  }

  /**
   * Letters go to the next name that begins with them.
   *
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  #type(event, at) {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return false;
    const isNew = event.timeStamp - this.#typedAt > FORGET_MS;
    this.#typed = (isNew ? "" : this.#typed) + event.key.toLowerCase();
    this.#typedAt = event.timeStamp;
    const { rows } = this.view.tree;
    for (let step = isNew ? 1 : 0; step < rows.length; step += 1) {
      const index = (at + step) % rows.length;
      if (rows[index].label.toLowerCase().startsWith(this.#typed)) {
        this.#go(index, false);
        break;
      }
    }
    return true;
  }

  /**
   * @param {number} index
   * @param {boolean} isRange
   */
  #go(index, isRange) {
    const { tree, selection } = this.view;
    if (isRange) selection.extend(tree.rows, tree.rows[index]);
    else selection.only(tree.rows[index]);
    this.view.list.reveal(index);
  }
}
