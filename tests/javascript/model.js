/** @import { Listener } from "../../mxgw_notebook/widgets/src/shared/model.d.ts" */

/** @typedef {DataView<ArrayBuffer>[]} Buffers */

/**
 * A model such as anywidget gives to a widget, at whose other end a test stands.
 *
 * @template {object} [Traits={}]
 */
export class TestModel {
  /** @type {Record<string, unknown>[]} */
  sent = [];
  /** @type {Set<Listener>} */
  #listeners = new Set();
  /** @type {Set<Listener>} */
  #atCut = new Set();
  #number = 0;

  /** @param {Traits} traits */
  constructor(traits = /** @type {Traits} */ ({})) {
    this.traits = traits;
  }

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   */
  get(name) {
    return this.traits[name];
  }

  /** @param {object} content */
  send(content) {
    this.sent.push({ ...content });
  }

  /** @param {string} event @param {Listener} listener */
  on(event, listener) {
    if (event === "msg:custom") this.#listeners.add(listener);
    else this.#atCut.add(listener);
  }

  /** The kernel is gone. */
  cut() {
    for (const listener of this.#atCut) listener(null, []);
  }

  /** @param {string} _event @param {Listener} listener */
  off(_event, listener) {
    this.#listeners.delete(listener);
  }

  get isHeard() {
    return this.#listeners.size > 0;
  }

  /** Sends the next numbered message, as the kernel does. @param {object} content @param {Buffers} [buffers] */
  tell(content, buffers = []) {
    this.#number += 1;
    this.hand({ number: this.#number, ...content }, buffers);
  }

  /** Loses the next message on its way. */
  lose() {
    this.#number += 1;
  }

  /** Hands over a message as it is. @param {unknown} content @param {Buffers} [buffers] */
  hand(content, buffers = []) {
    for (const listener of this.#listeners) listener(content, buffers);
  }

  /** The kinds of what was sent. */
  get kinds() {
    return this.sent.map((content) => content.kind);
  }
}
