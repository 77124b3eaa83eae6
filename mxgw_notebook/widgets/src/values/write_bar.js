import { button, element, setText } from "../shared/dom.js";
import { wordsOf } from "./writing.js";

/** @import { Board } from "./board.js" */
/** @import { Writing } from "./writing.js" */

/** Where a value is typed, its plan looked at, and applied: a line below the table, there while it is needed. */
export class WriteBar {
  tag = element("b");
  input = element("input", { class: "mxgw-input", "aria-label": "New value", placeholder: "New value" });
  words = element("span", { class: "mxgw-write-words", role: "status" });
  #state = "";

  /**
   * @param {Writing} writing
   * @param {Board} board
   * @param {string} plant for the button, empty where it has no name
   * @param {() => void} left called when it is closed
   */
  constructor(writing, board, plant, left) {
    this.writing = writing;
    this.board = board;
    this.left = left;
    const name = plant ? `Write to ${plant}` : "Write";
    this.write = button(name, "Write the value to the plant, once", () => this.#apply());
    this.close = button("Give up", "Write nothing (Escape)", () => this.leave());
    this.node = element("div", { class: "mxgw-write", tabindex: "-1", hidden: "" });
    this.node.append(this.tag, this.input, this.words, this.write, this.close);
    this.node.addEventListener("keydown", (event) => this.#press(event));
  }

  /** @param {string} tag */
  open(tag) {
    this.writing.begin(tag);
    if (this.writing.tag !== tag) return;
    this.input.value = "";
    this.show();
    this.input.focus();
  }

  leave() {
    this.writing.giveUp();
    this.show();
    this.left();
  }

  /** Shows how it stands. */
  show() {
    const { state, entry, tag } = this.writing;
    const hadFocus = this.node.contains(document.activeElement);
    this.node.hidden = state === "closed";
    this.node.dataset.write = state;
    setText(this.tag, tag);
    this.input.hidden = state !== "typing";
    this.write.hidden = state !== "offered";
    setText(
      this.close,
      state === "typing" || state === "planning" || state === "offered" ? "Give up" : "Close",
    );
    setText(this.words, state === "typing" ? this.#present() : entry ? wordsOf(entry) : "asking the plant …");
    // Not to a button: an Enter that is held down would write what nobody has looked at.
    if (hadFocus && state !== "typing" && state !== this.#state) this.node.focus({ preventScroll: true });
    this.#state = state;
  }

  /** What is there now, beside what is typed. */
  #present() {
    const row = this.board.rows.get(this.writing.tag);
    return row?.value ? `now ${row.value}${row.units ? ` ${row.units}` : ""}` : "";
  }

  #apply() {
    this.writing.apply();
    this.show();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key === "Escape") this.leave();
    else if (event.key === "Enter" && event.target === this.input && !event.isComposing) {
      this.writing.propose(this.input.value);
      this.show();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
