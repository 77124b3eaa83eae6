/** Questions to the kernel and their answers. A question that stays unanswered fails in the asker's hands. */

/** @import { Line, Listener, NoticeMessage } from "../shared/model.d.ts" */
/** @import { ActionAnswer, ActionQuestion, Answer, ChildrenAnswer, ChildrenQuestion } from "./messages.d.ts" */

/** @typedef {Exclude<Answer, {kind: "failed"}>} Fulfilment */

/**
 * A question that waits for its answer.
 *
 * @typedef {object} Waiting
 * @property {(answer: Fulfilment) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */

const PATIENCE_MS = 30_000;

export class Requests {
  /** @type {Map<number, Waiting>} */
  #waiting = new Map(); // by the question's number
  #last = 0;

  /**
   * @param {Line} model
   * @param {(words: string) => void} notice hears why what was only told could not be taken in
   */
  constructor(model, notice) {
    this.model = model;
    this.notice = notice;
    // Several views of one widget hear every answer: the numbers of each begin somewhere else.
    this.#last = Math.floor(Math.random() * 1e9) * 1000;
    /** @type {Listener} */
    this.listen = (content) => this.#hear(content);
    model.on("msg:custom", this.listen);
  }

  /**
   * A promise of the answer.
   *
   * @overload
   * @param {ChildrenQuestion} question
   * @returns {Promise<ChildrenAnswer>}
   */
  /**
   * @overload
   * @param {ActionQuestion} question
   * @returns {Promise<ActionAnswer>}
   */
  /**
   * @param {ChildrenQuestion | ActionQuestion} question
   * @returns {Promise<Fulfilment>}
   */
  ask(question) {
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(number, () => reject(new Error("no answer from the kernel"))),
        PATIENCE_MS,
      );
      this.#waiting.set(number, { resolve, reject, timer });
      this.model.send({ ...question, number });
    });
  }

  /**
   * Tells without expecting an answer.
   *
   * @param {object} content
   */
  tell(content) {
    this.model.send(content);
  }

  close() {
    this.model.off("msg:custom", this.listen);
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  /** @param {unknown} content */
  #hear(content) {
    const answer = /** @type {Answer | NoticeMessage | null} */ (content);
    if (answer?.kind === "notice") return this.notice(answer.text);
    const waiting = answer && this.#waiting.get(answer.number);
    if (!waiting) return undefined;
    return this.#settle(answer.number, () => {
      if (answer.kind === "failed") waiting.reject(new Error(answer.reason));
      else waiting.resolve(answer);
    });
  }

  /**
   * @param {number} number
   * @param {() => void} act what is done, if it still waits
   */
  #settle(number, act) {
    const waiting = this.#waiting.get(number);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(number);
    act();
  }
}

/**
 * Why a question failed, in words.
 *
 * @param {unknown} error
 */
export function reasonOf(error) {
  return error instanceof Error ? error.message : String(error);
}
