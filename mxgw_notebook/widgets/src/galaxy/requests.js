/** Questions to the kernel and their answers. A question that stays unanswered fails in the asker's hands. */

const PATIENCE_MS = 30_000;

export class Requests {
  #waiting = new Map();
  #last = 0;

  constructor(model) {
    this.model = model;
    // Several views of one widget hear every answer: the numbers of each begin somewhere else.
    this.#last = Math.floor(Math.random() * 1e9) * 1000;
    this.listen = (content) => this.#hear(content);
    model.on("msg:custom", this.listen);
  }

  /** A promise of the answer. */
  ask(content) {
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(number, () => reject(new Error("no answer from the kernel"))),
        PATIENCE_MS,
      );
      this.#waiting.set(number, { resolve, reject, timer });
      this.model.send({ ...content, number });
    });
  }

  /** Tells without expecting an answer. */
  tell(content) {
    this.model.send(content);
  }

  close() {
    this.model.off("msg:custom", this.listen);
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #hear(content) {
    const waiting = this.#waiting.get(content?.number);
    if (!waiting) return;
    this.#settle(content.number, () => {
      if (content.kind === "failed") waiting.reject(new Error(content.reason));
      else waiting.resolve(content);
    });
  }

  #settle(number, act) {
    const waiting = this.#waiting.get(number);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(number);
    act();
  }
}
