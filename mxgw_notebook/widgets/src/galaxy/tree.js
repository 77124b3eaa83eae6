/** The nodes known so far and the rows that are visible: a flat list that grows where a node is opened. */

/** @import { ChildrenAnswer, NodeKind, TreeRows } from "./messages.d.ts" */

/**
 * One node: what the kernel says of it (see `messages.d.ts`), where it stands, and how it is shown.
 *
 * @typedef {object} TreeNode
 * @property {string} key
 * @property {number} depth 0 for those at the root
 * @property {TreeNode | null} parent
 * @property {string} label
 * @property {NodeKind} kind
 * @property {boolean} more
 * @property {string} tag
 * @property {string} about
 * @property {string} marks
 * @property {string} security
 * @property {TreeNode[] | null} children null until they are known
 * @property {boolean} isOpen
 * @property {boolean} isLoading
 * @property {string} failure why its children could not be had
 */

export class Tree {
  /** @type {Map<string, TreeNode>} */
  nodes = new Map(); // by key
  /** @type {TreeNode[]} */
  rows = []; // the visible ones

  clear() {
    this.nodes = new Map();
    this.rows = [];
  }

  /**
   * Takes the children of some nodes, each block after that of its parent; opens them.
   *
   * @param {ChildrenAnswer["blocks"]} blocks
   */
  take(blocks) {
    for (const { key, rows } of blocks) {
      const parent = this.nodes.get(key) ?? null;
      if (key !== "" && !parent) continue;
      const depth = parent ? parent.depth + 1 : 0;
      const children = rows.key.map((name, place) => this.#node(name, place, rows, depth, parent));
      if (parent) {
        parent.children = children;
        this.open(parent);
      } else {
        this.rows = children.slice();
      }
    }
  }

  /**
   * Shows the children of a node that are known.
   *
   * @param {TreeNode} node
   */
  open(node) {
    if (node.isOpen || node.children === null) return;
    node.isOpen = true;
    /** @type {TreeNode[]} */
    const below = [];
    gather(node, below);
    const at = this.indexOf(node);
    // Not splice(...below): an argument a row is too many for ten thousand.
    if (at >= 0) this.rows = this.rows.slice(0, at + 1).concat(below, this.rows.slice(at + 1));
  }

  /**
   * Hides what stands below a node.
   *
   * @param {TreeNode} node
   */
  shut(node) {
    if (!node.isOpen) return;
    node.isOpen = false;
    const at = this.indexOf(node);
    if (at < 0) return;
    let end = at + 1;
    while (end < this.rows.length && this.rows[end].depth > node.depth) end += 1;
    this.rows.splice(at + 1, end - at - 1);
  }

  /** @param {TreeNode} node */
  indexOf(node) {
    return this.rows.indexOf(node);
  }

  /**
   * @param {string} key
   * @param {number} place in the columns
   * @param {TreeRows} rows
   * @param {number} depth
   * @param {TreeNode | null} parent
   */
  #node(key, place, rows, depth, parent) {
    /** @type {TreeNode} */
    const node = {
      key,
      depth,
      parent,
      label: rows.label[place],
      kind: rows.kind[place],
      more: rows.more[place],
      tag: rows.tag[place],
      about: rows.about[place],
      marks: rows.marks[place],
      security: rows.security[place],
      children: null,
      isOpen: false,
      isLoading: false,
      failure: "",
    };
    this.nodes.set(key, node);
    return node;
  }
}

/**
 * All that is visible below an open node.
 *
 * @param {TreeNode} node
 * @param {TreeNode[]} into
 */
function gather(node, into) {
  for (const child of node.children ?? []) {
    into.push(child);
    if (child.isOpen) gather(child, into);
  }
}
