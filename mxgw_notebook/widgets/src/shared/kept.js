import { element } from "./dom.js";

/** @import { Line } from "./model.d.ts" */

/**
 * Between a widget and the picture that a saved notebook keeps of it: one of them is shown.
 *
 * The picture, until the kernel has sent something: in a notebook that is opened again, or on a page that was
 * exported, nobody ever does. It stands in an output of its own and is drawn anew now and then, so it is hidden
 * by a rule, not by hand.
 */
export class Kept {
  #isAlive = false;
  /** @type {Set<HTMLElement>} */
  #roots = new Set();

  /** @param {Line & { get(name: "kept"): string }} model */
  constructor(model) {
    this.model = model; // which is told the name after it has begun
    const hear = () => {
      model.off("msg:custom", hear);
      this.#isAlive = true;
      for (const root of this.#roots) this.#settle(root);
    };
    model.on("msg:custom", hear);
  }

  /**
   * A view begins, in this element; answers what to call at its end.
   *
   * @param {HTMLElement} root
   */
  show(root) {
    this.#roots.add(root);
    this.#settle(root);
    return () => this.#roots.delete(root);
  }

  /** @param {HTMLElement} root */
  #settle(root) {
    const name = this.model.get("kept");
    if (!name) return;
    const pictures = `[data-mxgw-kept="${name}"]`;
    if (this.#isAlive) root.append(element("style", {}, `${pictures}{display:none}`));
    root.style.display = this.#isAlive || !document.querySelector(pictures) ? "" : "none";
  }
}
