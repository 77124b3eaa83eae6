import { element } from "../shared/dom.js";
import { day, timeOfDay } from "../shared/words.js";
import { NoteForm } from "./note_form.js";

/** @import uPlot from "uplot" */
/** @import { Interval, Noted } from "./messages.d.ts" */

/**
 * What the notes need of their trend; times are epoch milliseconds.
 *
 * @typedef {object} Noting
 * @property {() => Noted[]} all by time
 * @property {() => Interval} bounds of what is on view
 * @property {(text: string, ms: number) => void} keep
 * @property {() => void} redraw
 */

/** @typedef {{ms: number, notes: Noted[]}} Group notes that stand too near to be told apart */

const NEAR = 18; // pixels, as wide as a mark is
const SIGN = "✎";

/** The marks of notes over the plot, each with its text where a pointer or the focus is; and the form for one. */
export class Notes {
  /** @type {Map<string, HTMLElement>} */
  #marks = new Map();
  #pending = element("div", { class: "mxgw-noted mxgw-pending", hidden: "" });

  /**
   * @param {HTMLElement} holder of the plot
   * @param {Noting} noting
   */
  constructor(holder, noting) {
    this.noting = noting;
    this.form = new NoteForm(holder, noting.keep, noting.redraw);
  }

  /**
   * Asks for a note of a time that is on view.
   *
   * @param {number} ms
   */
  begin(ms) {
    const width = this.form.holder.clientWidth;
    this.form.open(ms, share(ms, this.noting.bounds()) * width);
  }

  /**
   * Puts the marks where they belong on a plot.
   *
   * @param {uPlot} plot
   */
  place(plot) {
    const bounds = this.noting.bounds();
    const before = this.#marks;
    this.#marks = new Map();
    for (const group of grouped(this.noting.all(), bounds, plot.over.clientWidth)) {
      const key = JSON.stringify(group.notes);
      const mark = before.get(key) ?? marked(group);
      before.delete(key);
      this.#marks.set(key, mark);
      put(mark, share(group.ms, bounds), plot);
    }
    for (const gone of before.values()) gone.remove();
    const { ms } = this.form;
    this.#pending.hidden = ms === null || !(bounds[0] <= ms && ms <= bounds[1]);
    if (ms !== null) put(this.#pending, share(ms, bounds), plot);
  }
}

/**
 * The notes on view; such as would lie on one another are one group.
 *
 * @param {Noted[]} notes by time
 * @param {Interval} bounds
 * @param {number} width of the plot
 * @returns {Group[]}
 */
export function grouped(notes, [from, to], width) {
  const near = (NEAR * (to - from)) / Math.max(width, 1);
  /** @type {Group[]} */
  const groups = [];
  for (const note of notes) {
    const [ms] = note;
    const last = groups.at(-1);
    if (last && ms - last.ms < near) last.notes.push(note);
    else groups.push({ ms, notes: [note] });
  }
  return groups.filter(({ ms }) => from <= ms && ms <= to);
}

/**
 * A note as it is said: when, who, and what.
 *
 * @param {Noted} note
 */
export function said([ms, words, who]) {
  const when = day(ms) === day(Date.now()) ? timeOfDay(ms) : `${day(ms)} ${timeOfDay(ms)}`;
  return `${who ? `${when}, ${who}` : when}: ${words}`;
}

/** @param {Group} group */
function marked({ notes }) {
  const isOne = notes.length === 1;
  const told = notes.map(said);
  const label = `${isOne ? "Note" : `${notes.length} notes`} at ${told.join("; ")}`;
  const made = element(
    "div",
    { class: "mxgw-noted" },
    element(
      "button",
      { type: "button", class: "mxgw-notesign", "aria-label": label },
      isOne ? SIGN : String(notes.length),
    ),
    element(
      "div",
      { class: "mxgw-notewords", "aria-hidden": "true" },
      ...told.map((words) => element("p", {}, words)),
    ),
  );
  // The plot beneath would begin a stretch to zoom to.
  for (const kind of ["mousedown", "click"]) made.addEventListener(kind, (event) => event.stopPropagation());
  return made;
}

/**
 * @param {HTMLElement} mark
 * @param {number} place from the left, 0 to 1
 * @param {uPlot} plot
 */
function put(mark, place, plot) {
  if (mark.parentNode !== plot.over) plot.over.append(mark);
  mark.style.left = `${100 * place}%`;
  mark.toggleAttribute("data-late", place > 0.5);
}

/**
 * @param {number} ms
 * @param {Interval} bounds
 */
function share(ms, [from, to]) {
  return (ms - from) / (to - from);
}
