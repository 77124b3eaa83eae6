/** The tree's branches: each is asked for where it is opened, once; another view or filter begins anew. */
import { reasonOf } from "./requests.js";
import { Tree } from "./tree.js";

/** @import { Requests } from "./requests.js" */
/** @import { TreeNode } from "./tree.js" */

export class Branches {
  tree = new Tree();
  text = "";
  #asked = 0; // how often a view was asked for: what a question before the last one brings is old

  /**
   * @param {Pick<Requests, "ask">} requests
   * @param {string} view that is shown first
   * @param {() => void} changed is called after each change of what is open or loading
   */
  constructor(requests, view, changed) {
    this.requests = requests;
    this.view = view;
    this.changed = changed;
  }

  /**
   * Opens a node, asking for its children the first time.
   *
   * @param {TreeNode} node
   */
  async open(node) {
    if (!node.more || node.isOpen || node.isLoading) return;
    if (node.children !== null) {
      this.tree.open(node);
      return this.changed();
    }
    const asked = this.#asked;
    node.isLoading = true;
    node.failure = "";
    this.changed();
    try {
      const { view, text } = this;
      const answer = await this.requests.ask({ kind: "children", view, key: node.key, text });
      if (asked === this.#asked) this.tree.take(answer.blocks);
    } catch (error) {
      node.failure = reasonOf(error);
    }
    node.isLoading = false;
    return this.changed();
  }

  /** @param {TreeNode} node */
  shut(node) {
    this.tree.shut(node);
    this.changed();
  }

  /** @param {TreeNode | undefined} node */
  twist(node) {
    if (!node) return;
    if (node.isOpen) this.shut(node);
    else this.open(node);
  }

  /**
   * Begins anew with a view and a filter: why that could not be, "" where it could, and null where something
   * else was asked for meanwhile, so that this is of no interest any more.
   *
   * @param {string} view
   * @param {string} text of the filter
   */
  async show(view, text) {
    this.view = view;
    this.text = text;
    this.#asked += 1;
    const asked = this.#asked;
    let failure = "";
    try {
      const answer = await this.requests.ask({ kind: "children", view, key: "", text });
      if (asked === this.#asked) {
        this.tree.clear();
        this.tree.take(answer.blocks);
      }
    } catch (error) {
      failure = reasonOf(error);
    }
    return asked === this.#asked ? failure : null;
  }
}
