/** @import { Line } from "../shared/model.d.ts" */
/** @import { Board } from "./board.js" */
/** @import { TypedWrite } from "./messages.d.ts" */

/**
 * What one view does of writing a value: it is typed, planned by the kernel, looked at, applied or given up.
 *
 * Nothing is written but by `apply`, which names the token of the plan that is shown.
 */
export class Writing {
  tag = ""; // of which a value is typed or planned; empty where none is
  #request = "";

  /**
   * @param {Line} model
   * @param {Board} board
   */
  constructor(model, board) {
    this.model = model;
    this.board = board;
  }

  /** The kernel's word on what was typed; none before that has come. */
  get entry() {
    return this.board.writes.get(this.#request) ?? null;
  }

  /** How far it is: a value is typed, or what the kernel has said last. */
  get state() {
    if (!this.tag) return "closed";
    if (!this.#request) return "typing";
    return this.entry?.state ?? "planning";
  }

  /** @param {string} tag */
  begin(tag) {
    if (this.state === "writing") return;
    this.giveUp();
    this.tag = tag;
  }

  /** @param {string} text */
  propose(text) {
    if (this.state !== "typing") return;
    this.#request = crypto.getRandomValues(new Uint32Array(4)).join("-");
    this.model.send({ kind: "propose", request: this.#request, tag: this.tag, text });
  }

  /** Applies the plan that is shown; a second call finds it taken. */
  apply() {
    const { entry } = this;
    if (entry?.state !== "offered" || !entry.token) return;
    this.model.send({ kind: "apply", request: this.#request, token: entry.token });
    this.board.writes.set(this.#request, { ...entry, state: "writing", token: "" });
  }

  /** Ends it, whichever way it stands; a plan that was not applied is forgotten. */
  giveUp() {
    if (this.state === "planning" || this.state === "offered")
      this.model.send({ kind: "give up", request: this.#request });
    this.tag = this.#request = "";
  }
}

/**
 * A write in one line for a person.
 *
 * @param {TypedWrite} entry
 */
export function wordsOf({ state, words, now, new: wanted, units, verdict, reason }) {
  if (state === "planning") return "asking the plant …";
  if (state === "writing") return `writing ${wanted} …`;
  if (state !== "offered") return words ? `${state}: ${words}` : state;
  const change = `${now} → ${wanted}${units ? ` ${units}` : ""}`;
  return [change, verdict, reason].filter(Boolean).join(": ");
}
