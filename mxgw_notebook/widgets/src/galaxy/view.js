import { element } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { Theme } from "../shared/theme.js";
import { VirtualList } from "../shared/virtual_list.js";
import { copyText, insertCell } from "./cells.js";
import { Keys } from "./keyboard.js";
import { Requests } from "./requests.js";
import { drawRow } from "./row.js";
import { Selection } from "./selection.js";
import { Toolbar } from "./toolbar.js";
import { Tree } from "./tree.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Action, ActionAnswer, TreeTraits } from "./messages.d.ts" */
/** @import { DrawnNode, Value } from "./row.js" */
/** @import { TreeNode } from "./tree.js" */

const ROW_HEIGHT = 24;
const NARROW = 620;
const LOOK_MS = 1000;
const TELL_MS = 60;
let views = 0;

/** One view of the galaxy. */
export class TreeView {
  /** @type {Map<string, Value>} */
  values = new Map(); // by tag, as they were read
  tree = new Tree();
  text = "";
  asked = 0; // how often a view was asked for: what a question before the last one brings is old
  isBusy = false;
  root = element("div", { class: "mxgw mxgw-galaxy", "data-mxgw-widget": "galaxy-tree" });
  empty = element("div", { class: "mxgw-placeholder" }, "Loading the galaxy");
  scroller = element("div", {
    class: "mxgw-tree",
    role: "tree",
    tabindex: "0",
    "aria-label": "Galaxy",
    "aria-multiselectable": "true",
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  telling;

  /**
   * @param {WidgetModel<TreeTraits>} model
   * @param {HTMLElement} host
   */
  constructor(model, host) {
    views += 1;
    this.id = `mxgw-tree-${views}`;
    this.requests = new Requests(model, (words) => this.toolbar.tell(words, true));
    this.view = model.get("views")[0];
    this.selection = new Selection(() => {
      this.#tellSelection();
      this.draw();
    });
    this.toolbar = new Toolbar(model, {
      view: (name) => this.#show(name, this.text),
      filter: (text) => this.#show(this.view, text),
      act: (action) => this.#act(action),
      leave: () => this.scroller.focus(),
    });
    this.list = this.#makeList(model.get("height"));
    this.root.append(this.toolbar.node, this.scroller, this.toolbar.foot);
    host.append(this.root);
    this.theme = new Theme(this.root);
    this.timer = setInterval(() => this.theme.read(), LOOK_MS);
    this.letKeysGo = keepPlainKeys(this.root);
    this.keys = new Keys(this);
    this.scroller.addEventListener("click", (event) => this.#click(event));
    this.scroller.addEventListener("dblclick", (event) => this.#twist(this.#nodeAt(event.target)));
    this.resizing = new ResizeObserver(() => {
      this.root.dataset.size = this.root.clientWidth < NARROW ? "narrow" : "wide";
    });
    this.resizing.observe(this.root);
    this.#show(this.view, "");
  }

  close() {
    clearInterval(this.timer);
    clearTimeout(this.telling);
    this.resizing.disconnect();
    this.list.close();
    this.toolbar.close();
    this.letKeysGo();
    this.requests.close();
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
      return this.draw();
    }
    const { asked } = this;
    node.isLoading = true;
    node.failure = "";
    this.draw();
    try {
      const answer = await this.requests.ask({
        kind: "children",
        view: this.view,
        key: node.key,
        text: this.text,
      });
      if (asked === this.asked) this.tree.take(answer.blocks);
    } catch (error) {
      node.failure = reasonOf(error);
    }
    node.isLoading = false;
    return this.draw();
  }

  /** @param {TreeNode} node */
  shut(node) {
    this.tree.shut(node);
    this.draw();
  }

  /** Shows the tree as it is now, from the next frame on. */
  draw() {
    this.list.show(this.tree.rows);
  }

  /** @param {number} height */
  #makeList(height) {
    const canvas = element("div", { class: "mxgw-canvas" });
    this.scroller.append(canvas, this.empty);
    this.scroller.style.height = `${height}px`;
    /** @type {VirtualList<TreeNode, DrawnNode>} */
    const list = new VirtualList({
      scroller: this.scroller,
      canvas,
      rowHeight: ROW_HEIGHT,
      height,
      keyOf: (node) => node.key,
      draw: (node, before) => this.#drawRow(node, before),
      drawn: () => this.#describe(),
    });
    return list;
  }

  /**
   * @param {TreeNode} node
   * @param {DrawnNode | undefined} before
   */
  #drawRow(node, before) {
    return drawRow(node, before, {
      id: this.#idOf(node.key),
      isSelected: this.selection.keys.has(node.key),
      isActive: this.selection.active === node.key,
      value: this.values.get(node.tag),
    });
  }

  /** What is said around the rows. */
  #describe() {
    const shown = this.tree.rows.length;
    const selected = this.selection.keys.size;
    this.scroller.setAttribute("aria-activedescendant", this.#idOf(this.selection.active));
    this.toolbar.show({ view: this.view, shown, selected, isBusy: this.isBusy });
    this.empty.hidden = shown > 0;
    this.root.dataset.rows = String(shown);
    this.root.dataset.selected = String(selected);
  }

  /** @param {string | null} key */
  #idOf(key) {
    return key === null ? "" : `${this.id}-${key}`;
  }

  /**
   * The node whose row was pressed.
   *
   * @param {EventTarget | null} target
   */
  #nodeAt(target) {
    /** @type {HTMLElement | null} */
    const row = target instanceof Element ? target.closest(".mxgw-node") : null;
    return this.tree.nodes.get(row?.dataset.key ?? "");
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const node = this.#nodeAt(event.target);
    if (!node) return;
    this.scroller.focus({ preventScroll: true });
    if (event.target instanceof Element && event.target.classList.contains("mxgw-twisty")) this.#twist(node);
    else if (event.shiftKey) this.selection.extend(this.tree.rows, node);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(node);
    else this.selection.only(node);
  }

  /** @param {TreeNode | undefined} node */
  #twist(node) {
    if (!node) return;
    if (node.isOpen) this.shut(node);
    else this.open(node);
  }

  /**
   * @param {string} view
   * @param {string} text of the filter
   */
  async #show(view, text) {
    this.view = view;
    this.text = text;
    this.asked += 1;
    const { asked } = this;
    try {
      const answer = await this.requests.ask({ kind: "children", view, key: "", text });
      if (asked !== this.asked) return;
      this.tree.clear();
      this.tree.take(answer.blocks);
      this.empty.textContent = text.trim()
        ? "Nothing in the galaxy fits the filter."
        : "The galaxy is empty.";
      this.toolbar.tell("");
    } catch (error) {
      if (asked !== this.asked) return;
      this.empty.textContent = reasonOf(error);
      this.toolbar.tell(reasonOf(error), true);
    }
    this.scroller.scrollTop = 0;
    this.draw();
  }

  /** @param {Action} action */
  async #act(action) {
    this.#sendSelection();
    this.isBusy = true;
    this.toolbar.tell("…");
    this.draw();
    try {
      const answer = await this.requests.ask({ kind: "act", action });
      for (const [tag, text, quality] of answer.values) this.values.set(tag, [text, quality]);
      this.toolbar.tell(
        await this.#put(action, answer),
        answer.notice === "" || (answer.text === "" && /copy|code/.test(action)),
      );
    } catch (error) {
      this.toolbar.tell(reasonOf(error), true);
    }
    this.isBusy = false;
    this.draw();
  }

  /**
   * Puts an answer's text where it belongs; answers what to tell.
   *
   * @param {Action} action
   * @param {ActionAnswer} answer
   */
  async #put(action, { text, notice }) {
    if (!text) return notice;
    if (action === "code" && (await insertCell(this.root, text))) return notice;
    const copied = await copyText(text);
    if (action === "copy") return copied ? notice : "The browser lets nothing be copied here.";
    return copied ? "Copied as code: paste it into a cell." : "No cell could be made here.";
  }

  /** Tells the kernel, but not each step of a held-down arrow key. */
  #tellSelection() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.#sendSelection(), TELL_MS);
  }

  #sendSelection() {
    clearTimeout(this.telling);
    this.requests.tell({ kind: "select", keys: [...this.selection.keys] });
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}
