/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Interval, TrendTraits } from "./messages.d.ts" */

/**
 * What one view tells the linked ones: which time it shows, where its pointer is, where its two cursors stand; or
 * that it is new and asks for these.
 *
 * @typedef {{held: Interval | null, spanMs: number}} Shown
 * @typedef {{shown: Shown} | {point: number | null} | {cursors: Interval | null} | {asks: true}} Told
 * @typedef {Told & {group: string, sender: Link}} Letter
 */

const EVENT = "mxgw-trend-link";

/**
 * The line between the trends of one page that move together.
 *
 * uPlot's own sync joins the plots of one copy of uPlot; each widget of a notebook has a copy of its own. So the
 * page is what they have in common.
 */
export class Link {
  #isHearing = false;

  /**
   * @param {WidgetModel<TrendTraits>} model which knows the group, from when on it is linked
   * @param {(told: Told) => void} hear
   */
  constructor(model, hear) {
    this.model = model;
    /** @param {Event} event */
    this.listen = (event) => {
      const letter = /** @type {CustomEvent<Letter>} */ (event).detail;
      const group = model.get("group");
      if (!group || letter.group !== group || letter.sender === this) return;
      // What it sets off here is no news to the others; a question is answered.
      this.#isHearing = !("asks" in letter);
      try {
        hear(letter);
      } finally {
        this.#isHearing = false;
      }
    };
    document.addEventListener(EVENT, this.listen);
    model.on("change:group", this.join);
  }

  /** Asks the others how they stand, once this can hear. */
  join = () => this.tell({ asks: true });

  /** @param {Told} told */
  tell(told) {
    const group = this.model.get("group");
    if (!group || this.#isHearing) return;
    document.dispatchEvent(new CustomEvent(EVENT, { detail: { ...told, group, sender: this } }));
  }

  close() {
    document.removeEventListener(EVENT, this.listen);
    this.model.off("change:group", this.join);
  }
}
