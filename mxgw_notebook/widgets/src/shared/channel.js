/** @import { Line, Listener, Numbered } from "./model.d.ts" */

/**
 * The receiving end of a widget's numbered messages.
 *
 * A page that comes late, or loses a message, asks for a resync and ignores what comes until it is
 * answered: a message with `reset`, which carries everything. `holes` counts how often a number was missing.
 * The kernel is told when the first view looks and when the last has gone: nothing is sent to nobody.
 */

const ASK_AGAIN_MS = 2000;

/** @template {Numbered} Message */
export class Channel {
  /** @type {number | null} */
  #last = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #asking;
  #views = 0;

  /**
   * Calls `receive` for each message in order, until `close`.
   *
   * @param {Line} model
   * @param {(message: Message, buffers: DataView<ArrayBuffer>[]) => void} receive
   */
  constructor(model, receive) {
    this.model = model;
    this.receive = receive;
    this.holes = 0;
    /** @type {Listener} */
    this.listen = (content, buffers) => this.#hear(content, buffers);
    model.on("msg:custom", this.listen);
    this.#ask();
  }

  close() {
    this.#answered();
    this.model.off("msg:custom", this.listen);
  }

  /** A view begins to look; answers what to call when it has gone. */
  look() {
    this.#views += 1;
    if (this.#views === 1) this.model.send({ kind: "opened" });
    return () => {
      this.#views -= 1;
      if (this.#views === 0) this.model.send({ kind: "left" });
    };
  }

  /** @type {Listener} */
  #hear(content, buffers) {
    const message = /** @type {Message | null} */ (content);
    // What answers somebody else has no number of ours.
    if (typeof message?.number !== "number") return;
    const isMissing = this.#last !== null && message.number !== this.#last + 1;
    if (isMissing) this.holes += 1;
    this.#last = message.number;
    if (message.reset) this.#answered();
    else if (isMissing) this.#ask();
    if (this.#asking === undefined) this.receive(message, buffers ?? []);
  }

  #ask() {
    if (this.#asking !== undefined) return;
    this.model.send({ kind: "resync" });
    this.#asking = setInterval(() => this.model.send({ kind: "resync" }), ASK_AGAIN_MS);
  }

  #answered() {
    clearInterval(this.#asking);
    this.#asking = undefined;
  }
}
