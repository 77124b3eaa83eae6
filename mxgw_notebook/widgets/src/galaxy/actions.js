/** What the buttons set off: the kernel acts on the selection, and its answer is put where it belongs. */
import { copyText, insertCell } from "./cells.js";
import { reasonOf } from "./requests.js";

/** @import { Action, ActionAnswer } from "./messages.d.ts" */
/** @import { Requests } from "./requests.js" */

/**
 * What an action sets off in its view.
 *
 * @typedef {object} Signs
 * @property {(values: ActionAnswer["values"]) => void} read values have come
 * @property {(words: string, isBad?: boolean) => void} tell
 * @property {() => void} changed whether it is busy
 */

export class Actions {
  isBusy = false;

  /**
   * @param {Requests} requests
   * @param {Element} root of the view: a new cell is put below the one that it stands in
   * @param {Signs} signs
   */
  constructor(requests, root, { read, tell, changed }) {
    this.requests = requests;
    this.root = root;
    this.read = read;
    this.tell = tell;
    this.changed = changed;
  }

  /**
   * Has the kernel act on the selection that it was last told.
   *
   * @param {Action} action
   */
  async act(action) {
    this.#show(true);
    this.tell("…");
    try {
      const answer = await this.requests.ask({ kind: "act", action });
      this.read(answer.values);
      // What was done is said; where there was something to put and it did not come, the notice says why.
      const isBad = answer.notice === "" || (answer.text === "" && /copy|code/.test(action));
      this.tell(await this.#put(action, answer), isBad);
    } catch (error) {
      this.tell(reasonOf(error), true);
    }
    this.#show(false);
  }

  /** @param {boolean} isBusy */
  #show(isBusy) {
    this.isBusy = isBusy;
    this.changed();
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
    if (action === "copy") return copied ? notice : "The browser does not allow copying here.";
    return copied ? "Copied as code: paste it into a cell." : "A new cell cannot be made here.";
  }
}
