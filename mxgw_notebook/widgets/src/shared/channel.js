/**
 * The receiving end of a widget's numbered messages.
 *
 * A page that comes late, or loses a message, asks for a resync and ignores what comes until it is
 * answered: a message with `reset`, which carries everything. `holes` counts how often a number was missing.
 * The kernel is told when the first view looks and when the last has gone: nothing is sent to nobody.
 */

const ASK_AGAIN_MS = 2000;

export class Channel {
  #last = null;
  #asking = null;
  #views = 0;

  /** Calls `receive(content, buffers)` for each message in order, until `close`. */
  constructor(model, receive) {
    this.model = model;
    this.receive = receive;
    this.holes = 0;
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

  #hear(content, buffers) {
    if (typeof content?.number !== "number") return;
    const isMissing = this.#last !== null && content.number !== this.#last + 1;
    if (isMissing) this.holes += 1;
    this.#last = content.number;
    if (content.reset) this.#answered();
    else if (isMissing) this.#ask();
    if (this.#asking === null) this.receive(content, buffers ?? []);
  }

  #ask() {
    if (this.#asking !== null) return;
    this.model.send({ kind: "resync" });
    this.#asking = setInterval(() => this.model.send({ kind: "resync" }), ASK_AGAIN_MS);
  }

  #answered() {
    clearInterval(this.#asking);
    this.#asking = null;
  }
}
