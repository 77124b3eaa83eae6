import { element } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { Pause } from "../shared/pause.js";
import { showPlant } from "../shared/plant.js";
import { Theme } from "../shared/theme.js";
import { VirtualList } from "../shared/virtual_list.js";
import { Actions } from "./actions.js";
import { Branches } from "./branches.js";
import { Keys } from "./keyboard.js";
import { Requests } from "./requests.js";
import { drawRow } from "./row.js";
import { Selection } from "./selection.js";
import { Toolbar } from "./toolbar.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { TreeTraits } from "./messages.d.ts" */
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
  root = element("div", { class: "mxgw mxgw-galaxy", "data-mxgw-widget": "galaxy-tree" });
  empty = element("div", { class: "mxgw-placeholder" }, "Loading the galaxy");
  scroller = element("div", {
    class: "mxgw-tree",
    role: "tree",
    tabindex: "0",
    "aria-label": "Galaxy",
    "aria-multiselectable": "true",
  });

  /**
   * @param {WidgetModel<TreeTraits>} model
   * @param {HTMLElement} host
   */
  constructor(model, host) {
    views += 1;
    this.id = `mxgw-tree-${views}`;
    this.requests = new Requests(model, (words) => this.toolbar.tell(words, true));
    this.branches = new Branches(this.requests, model.get("views")[0], () => this.draw());
    this.tree = this.branches.tree;
    // Not each step of a held-down arrow key.
    this.telling = new Pause(TELL_MS, () =>
      this.requests.tell({ kind: "select", keys: [...this.selection.keys] }),
    );
    this.selection = new Selection(() => {
      this.telling.begin();
      this.draw();
    });
    this.toolbar = new Toolbar(model, {
      view: (name) => this.#show(name, this.branches.text),
      filter: (text) => this.#show(this.branches.view, text),
      act: (action) => {
        // First: the kernel acts on the selection that it knows of.
        this.telling.skip();
        this.actions.act(action);
      },
      leave: () => this.scroller.focus(),
    });
    this.actions = new Actions(this.requests, this.root, {
      read: (values) => {
        for (const [tag, text, quality] of values) this.values.set(tag, [text, quality]);
      },
      tell: (words, isBad) => this.toolbar.tell(words, isBad),
      changed: () => this.draw(),
    });
    this.list = this.#makeList(model.get("height"));
    this.root.append(this.toolbar.node, this.scroller, this.toolbar.foot);
    host.append(this.root);
    this.theme = new Theme(this.root);
    showPlant(model, this.root);
    this.timer = setInterval(() => this.theme.read(), LOOK_MS);
    this.letKeysGo = keepPlainKeys(this.root);
    this.keys = new Keys(this);
    this.scroller.addEventListener("click", (event) => this.#click(event));
    this.scroller.addEventListener("dblclick", (event) => this.branches.twist(this.#nodeAt(event.target)));
    this.resizing = new ResizeObserver(() => {
      this.root.dataset.size = this.root.clientWidth < NARROW ? "narrow" : "wide";
    });
    this.resizing.observe(this.root);
    this.#show(this.branches.view, "");
  }

  close() {
    clearInterval(this.timer);
    this.telling.end();
    this.resizing.disconnect();
    this.list.close();
    this.toolbar.close();
    this.letKeysGo();
    this.requests.close();
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
    this.toolbar.show({ view: this.branches.view, shown, selected, isBusy: this.actions.isBusy });
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
    if (event.target instanceof Element && event.target.classList.contains("mxgw-twisty"))
      this.branches.twist(node);
    else if (event.shiftKey) this.selection.extend(this.tree.rows, node);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(node);
    else this.selection.only(node);
  }

  /**
   * @param {string} view
   * @param {string} text of the filter
   */
  async #show(view, text) {
    const failure = await this.branches.show(view, text);
    if (failure === null) return;
    const nothing = text.trim() ? "Nothing in the galaxy matches the filter." : "The galaxy is empty.";
    this.empty.textContent = failure || nothing;
    // What nobody sees is not acted on: it would be read, watched or copied unnoticed.
    const gone = this.selection.keep(this.tree.rows);
    const left = gone ? `${gone.toLocaleString()} not shown here, no longer selected` : "";
    this.toolbar.tell(failure || left, failure !== "");
    this.scroller.scrollTop = 0;
    this.draw();
  }
}
