import { element, setText } from "../shared/dom.js";
import { ALARM_STATES } from "../shared/words.js";
import { stateIcon, stateWords } from "./state.js";

/** @import { AlarmState } from "../shared/words.js" */
/** @import { Choice } from "./choice.js" */

/** How many alarms there are in each state; pressing a count shows these alone. */
export class Counts {
  /**
   * @param {Choice} choice
   * @param {() => void} changed is called when another count is pressed
   */
  constructor(choice, changed) {
    this.choice = choice;
    this.changed = changed;
    this.total = this.#button(null, "all");
    this.states = ALARM_STATES.map((state) => ({ state, ...this.#button(state, state) }));
    const buttons = [this.total, ...this.states].map((each) => each.node);
    this.node = element(
      "span",
      { class: "mxgw-counts", role: "group", "aria-label": "Alarms by state" },
      ...buttons,
    );
  }

  /** @param {Record<AlarmState, number>} counts */
  update(counts) {
    const sum = Object.values(counts).reduce((all, count) => all + count, 0);
    setText(this.total.count, String(sum));
    this.states.forEach((each) => {
      setText(each.count, String(counts[each.state]));
      each.node.dataset.none = counts[each.state] === 0 ? "yes" : "no";
    });
    const chosen = this.choice.state;
    for (const { state, node } of [{ state: null, ...this.total }, ...this.states])
      node.setAttribute("aria-pressed", String(state === chosen));
  }

  /**
   * @param {AlarmState | null} state null for all
   * @param {string} words
   */
  #button(state, words) {
    const count = element("b", {}, "0");
    const attributes = {
      type: "button",
      class: "mxgw-button mxgw-count",
      "data-state": state,
      title: `Show ${words} alarms`,
    };
    const node = element(
      "button",
      attributes,
      ...(state ? [stateIcon(state)] : []),
      count,
      ...(state ? stateWords(state, words) : [words]),
    );
    node.addEventListener("click", () => {
      this.choice.set({ state: this.choice.state === state ? null : state });
      this.changed();
    });
    return { node, count };
  }
}
