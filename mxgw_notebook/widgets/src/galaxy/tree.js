/** The nodes known so far and the rows that are visible: a flat list that grows where a node is opened. */

export class Tree {
  constructor() {
    this.clear();
  }

  clear() {
    this.nodes = new Map();
    this.rows = [];
  }

  /** Takes the children of some nodes, each block after that of its parent; opens them. */
  take(blocks) {
    for (const { key, rows } of blocks) {
      const parent = key === "" ? null : this.nodes.get(key);
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

  /** Shows the children of a node that are known. */
  open(node) {
    if (node.isOpen || node.children === null) return;
    node.isOpen = true;
    const below = [];
    gather(node, below);
    const at = this.indexOf(node);
    // Not splice(...below): an argument a row is too many for ten thousand.
    if (at >= 0) this.rows = this.rows.slice(0, at + 1).concat(below, this.rows.slice(at + 1));
  }

  /** Hides what stands below a node. */
  shut(node) {
    if (!node.isOpen) return;
    node.isOpen = false;
    const at = this.indexOf(node);
    if (at < 0) return;
    let end = at + 1;
    while (end < this.rows.length && this.rows[end].depth > node.depth) end += 1;
    this.rows.splice(at + 1, end - at - 1);
  }

  indexOf(node) {
    return this.rows.indexOf(node);
  }

  #node(key, place, rows, depth, parent) {
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

function gather(node, into) {
  for (const child of node.children) {
    into.push(child);
    if (child.isOpen) gather(child, into);
  }
}
