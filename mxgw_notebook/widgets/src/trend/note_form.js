import { button, element, setText } from "../shared/dom.js";
import { timeOfDay } from "../shared/words.js";

const LONGEST = 1000;
const EDGE = 8;

/** Where a person writes a note of a time; it lies over the plot while it is open. */
export class NoteForm {
  /** @type {number | null} */
  ms = null; // of which time it asks

  /**
   * @param {HTMLElement} holder of the plot, which has the focus afterwards
   * @param {(text: string, ms: number) => void} keep
   * @param {() => void} changed it was opened or closed
   */
  constructor(holder, keep, changed) {
    this.holder = holder;
    this.keep = keep;
    this.changed = changed;
    this.title = element("span");
    this.input = element("input", {
      class: "mxgw-input",
      maxlength: LONGEST,
      placeholder: "What happened?",
      autocomplete: "off",
    });
    this.node = element(
      "form",
      { class: "mxgw-noteform", hidden: "" },
      element("label", {}, this.title, this.input),
      element("button", { type: "submit", class: "mxgw-button", title: "Keep the note (Enter)" }, "Keep"),
      button("Cancel", "Keep no note (Escape)", () => this.close()),
    );
    this.#listen();
    holder.append(this.node);
  }

  /**
   * Asks for a note of a time; the form lies near `left`, in pixels of the holder.
   *
   * @param {number} ms
   * @param {number} left
   */
  open(ms, left) {
    this.ms = ms;
    setText(this.title, `Note at ${timeOfDay(ms)}`);
    this.input.value = "";
    this.node.hidden = false;
    const most = this.holder.clientWidth - this.node.offsetWidth - EDGE;
    this.node.style.left = `${Math.max(EDGE, Math.min(left + EDGE, most))}px`;
    this.input.focus({ preventScroll: true });
    this.changed();
  }

  close() {
    if (this.ms === null) return;
    this.ms = null;
    this.node.hidden = true;
    this.holder.focus({ preventScroll: true });
    this.changed();
  }

  #listen() {
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (text && this.ms !== null) this.keep(text, this.ms);
      this.close();
    });
    this.node.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the plot's own keys move the view
      if (event.key === "Escape") this.close();
    });
  }
}
