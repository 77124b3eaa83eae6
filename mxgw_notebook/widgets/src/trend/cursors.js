import { element } from "../shared/dom.js";
import { timeOfDay } from "../shared/words.js";

/** @import uPlot from "uplot" */
/** @import { Interval } from "./messages.d.ts" */

const NAMES = ["First cursor", "Second cursor"];
const TITLE = "Drag it, or move it with the arrow keys (with Shift in larger steps); Escape removes both";
const STEP = 0.01; // of the width
const LARGE_STEP = 0.1;

/**
 * The two cursors as they stand, and what moves them; times are epoch milliseconds.
 *
 * @typedef {object} Standing
 * @property {() => Interval | null} where
 * @property {() => Interval} bounds of what is on view
 * @property {(times: Interval | null) => void} move
 */

/** Two lines over the plot that a hand or the keys move; what lies between them is measured. */
export class Cursors {
  /** @type {uPlot | null} */
  plot = null;

  /** @param {Standing} standing */
  constructor(standing) {
    this.standing = standing;
    this.handles = NAMES.map((name, which) => this.#makeHandle(name, which));
  }

  /**
   * Puts the lines where they belong on a plot.
   *
   * @param {uPlot} plot
   */
  place(plot) {
    if (this.plot !== plot) plot.over.append(...this.handles);
    this.plot = plot;
    const times = this.standing.where();
    const [from, to] = this.standing.bounds();
    this.handles.forEach((handle, which) => {
      const ms = times?.[which] ?? NaN;
      handle.hidden = !(from <= ms && ms <= to);
      if (handle.hidden) return;
      handle.style.left = `${(100 * (ms - from)) / (to - from)}%`;
      handle.setAttribute("aria-valuemin", String(Math.round(from)));
      handle.setAttribute("aria-valuemax", String(Math.round(to)));
      handle.setAttribute("aria-valuenow", String(Math.round(ms)));
      handle.setAttribute("aria-valuetext", timeOfDay(ms));
    });
  }

  /**
   * @param {string} name
   * @param {number} which
   */
  #makeHandle(name, which) {
    const made = element(
      "div",
      { class: "mxgw-cursor", role: "slider", tabindex: "0", "aria-label": name, title: TITLE, hidden: "" },
      element("span", { "aria-hidden": "true" }, String(which + 1)),
    );
    made.addEventListener("keydown", (event) => this.#key(event, which));
    // The plot beneath would begin a stretch to zoom to, and JupyterLab a selection.
    made.addEventListener("mousedown", (event) => event.stopPropagation());
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      made.focus({ preventScroll: true });
      made.setPointerCapture(event.pointerId);
    });
    made.addEventListener("pointermove", (event) => {
      if (made.hasPointerCapture(event.pointerId)) this.#drag(event, which);
    });
    return made;
  }

  /**
   * @param {PointerEvent} event
   * @param {number} which
   */
  #drag(event, which) {
    if (!this.plot) return;
    const { left, width } = this.plot.over.getBoundingClientRect();
    const [from, to] = this.standing.bounds();
    this.#put(which, from + ((to - from) * (event.clientX - left)) / width);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} which
   */
  #key(event, which) {
    const times = this.standing.where();
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!times || (!direction && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation(); // the plot's own arrows move the view
    if (!direction) {
      this.standing.move(null);
      return;
    }
    const [from, to] = this.standing.bounds();
    this.#put(which, times[which] + direction * (to - from) * (event.shiftKey ? LARGE_STEP : STEP));
  }

  /**
   * @param {number} which
   * @param {number} ms
   */
  #put(which, ms) {
    const times = this.standing.where();
    if (!times) return;
    const [from, to] = this.standing.bounds();
    /** @type {Interval} */
    const moved = [...times];
    moved[which] = Math.min(to, Math.max(from, ms));
    this.standing.move(moved);
  }
}
