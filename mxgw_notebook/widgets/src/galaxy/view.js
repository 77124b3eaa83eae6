import { element } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { Theme } from "../shared/theme.js";
import { copyText, insertCell } from "./cells.js";
import { Keys } from "./keyboard.js";
import { Requests } from "./requests.js";
import { drawRow } from "./row.js";
import { Selection } from "./selection.js";
import { Toolbar } from "./toolbar.js";
import { Tree } from "./tree.js";

export const ROW = 24;
const SPARE = 12;
const LOOK_MS = 1000;
const TELL_MS = 60;
let views = 0;

/** One view of the galaxy: only the rows in sight exist on the page. */
export class TreeView {
  constructor(model, host) {
    this.model = model;
    views += 1;
    this.id = `mxgw-tree-${views}`;
    this.requests = new Requests(model);
    this.tree = new Tree();
    this.values = new Map();
    this.view = model.get("views")[0];
    this.text = "";
    this.asked = 0;
    this.isBusy = false;
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
    this.#build(host, model.get("height"));
    this.keys = new Keys(this);
    this.#show(this.view, "");
  }

  close() {
    clearInterval(this.timer);
    clearTimeout(this.telling);
    this.resizing.disconnect();
    this.toolbar.close();
    this.letKeysGo();
    this.requests.close();
  }

  /** Opens a node, asking for its children the first time. */
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
      node.failure = error.message;
    }
    node.isLoading = false;
    return this.draw();
  }

  shut(node) {
    this.tree.shut(node);
    this.draw();
  }

  /** Draws the rows in sight; cheap enough for every scroll event. */
  draw() {
    const { rows } = this.tree;
    this.sizer.style.height = `${rows.length * ROW}px`;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW) - SPARE);
    const last = Math.min(
      rows.length,
      Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / ROW) + SPARE,
    );
    const drawn = [];
    for (let index = first; index < last; index += 1) drawn.push(this.#row(rows[index], index));
    this.sizer.replaceChildren(...drawn);
    this.scroller.setAttribute("aria-activedescendant", this.#idOf(this.selection.active));
    this.toolbar.show({
      view: this.view,
      shown: rows.length,
      selected: this.selection.keys.size,
      isBusy: this.isBusy,
    });
    this.empty.hidden = rows.length > 0;
    this.root.dataset.rows = String(rows.length);
    this.root.dataset.selected = String(this.selection.keys.size);
  }

  /** Brings a row into sight. */
  reveal(index) {
    const top = index * ROW;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.scroller.scrollTop = top + ROW - clientHeight;
  }

  #build(host, height) {
    this.root = element("div", { class: "mxgw mxgw-galaxy", "data-mxgw-widget": "galaxy-tree" });
    this.sizer = element("div", { class: "mxgw-sizer" });
    this.empty = element("div", { class: "mxgw-placeholder" }, "Loading the galaxy");
    this.scroller = element(
      "div",
      {
        class: "mxgw-tree",
        role: "tree",
        tabindex: "0",
        "aria-label": "Galaxy",
        "aria-multiselectable": "true",
      },
      this.sizer,
      this.empty,
    );
    this.scroller.style.height = `${height}px`;
    this.root.append(this.toolbar.node, this.scroller, this.toolbar.foot);
    host.append(this.root);
    this.theme = new Theme(this.root);
    this.letKeysGo = keepPlainKeys(this.root);
    this.scroller.addEventListener("scroll", () => this.draw());
    this.scroller.addEventListener("click", (event) => this.#click(event));
    this.scroller.addEventListener("dblclick", (event) => this.#twist(this.#nodeAt(event)));
    this.resizing = new ResizeObserver(() => {
      this.root.dataset.size = this.root.clientWidth < 620 ? "narrow" : "wide";
      this.draw();
    });
    this.resizing.observe(this.scroller);
    this.timer = setInterval(() => this.theme.read(), LOOK_MS);
  }

  #row(node, index) {
    return drawRow(node, {
      index,
      height: ROW,
      id: this.#idOf(node.key),
      isSelected: this.selection.keys.has(node.key),
      isActive: this.selection.active === node.key,
      value: this.values.get(node.tag),
    });
  }

  #idOf(key) {
    return key === null ? "" : `${this.id}-${key}`;
  }

  #nodeAt(event) {
    const row = event.target.closest?.(".mxgw-node");
    return row ? this.tree.nodes.get(row.dataset.key) : undefined;
  }

  #click(event) {
    const node = this.#nodeAt(event);
    if (!node) return;
    this.scroller.focus({ preventScroll: true });
    if (event.target.classList.contains("mxgw-twisty")) this.#twist(node);
    else if (event.shiftKey) this.selection.extend(this.tree.rows, node);
    else if (event.ctrlKey || event.metaKey) this.selection.toggle(node);
    else this.selection.only(node);
  }

  #twist(node) {
    if (!node) return;
    if (node.isOpen) this.shut(node);
    else this.open(node);
  }

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
      this.empty.textContent = error.message;
      this.toolbar.tell(error.message, true);
    }
    this.scroller.scrollTop = 0;
    this.draw();
  }

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
      this.toolbar.tell(error.message, true);
    }
    this.isBusy = false;
    this.draw();
  }

  /** Puts an answer's text where it belongs; answers what to tell. */
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
