/** A model such as anywidget gives to a widget, at whose other end a test stands. */
export class TestModel {
  /** @type {Record<string, any>[]} */
  sent = [];
  /** @type {Set<(content: any, buffers: DataView[]) => void>} */
  #listeners = new Set();
  #number = 0;

  /** @param {Record<string, unknown>} [traits] */
  constructor(traits = {}) {
    this.traits = traits;
  }

  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }

  /** @param {Record<string, any>} content */
  send(content) {
    this.sent.push(content);
  }

  /** @param {string} _event @param {(content: any, buffers: DataView[]) => void} listener */
  on(_event, listener) {
    this.#listeners.add(listener);
  }

  /** @param {string} _event @param {(content: any, buffers: DataView[]) => void} listener */
  off(_event, listener) {
    this.#listeners.delete(listener);
  }

  get isHeard() {
    return this.#listeners.size > 0;
  }

  /** Sends the next numbered message, as the kernel does. @param {Record<string, any>} content @param {DataView[]} [buffers] */
  tell(content, buffers = []) {
    this.#number += 1;
    this.hand({ number: this.#number, ...content }, buffers);
  }

  /** Loses the next message on its way. */
  lose() {
    this.#number += 1;
  }

  /** Hands over a message as it is. @param {any} content @param {DataView[]} [buffers] */
  hand(content, buffers = []) {
    for (const listener of this.#listeners) listener(content, buffers);
  }

  /** The kinds of what was sent. */
  get kinds() {
    return this.sent.map((content) => content.kind);
  }
}
