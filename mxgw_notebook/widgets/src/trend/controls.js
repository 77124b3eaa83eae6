import { button, element, setText } from "../shared/dom.js";
import { StatusLine } from "../shared/status.js";
import { spanWords, timeOfDay } from "../shared/words.js";
import { OverlayChoice } from "./overlay_choice.js";

/** @import { Feed } from "../shared/feed.js" */
/** @import { Overlay } from "./overlay.js" */
/** @import { Window } from "./window.js" */

/** @typedef {[seconds: number, words: string]} Span */

/**
 * What the controls set off.
 *
 * @typedef {object} Acts
 * @property {() => void} redraw
 * @property {() => void} clear
 * @property {(tag: string) => void} add
 * @property {(kind: string) => void} save as "png", "svg" or "csv"
 * @property {() => void} measure puts two cursors, or takes them away
 * @property {(by: string) => void} lay an earlier period beside the present; empty for none
 * @property {() => void} xy asks which tag is to be drawn over which
 * @property {() => boolean} changeLook whether lines are straight from now on
 */

/** @type {Span[]} */
const SPANS = [
  [30, "30 s"],
  [60, "1 min"],
  [120, "2 min"],
  [300, "5 min"],
  [900, "15 min"],
  [3600, "1 h"],
  [28800, "8 h"],
  [Infinity, "everything"],
];

/** The line above the plot: time, how it is drawn, files, further tags, and how the feed is. */
export class Controls {
  /**
   * @param {Window} window
   * @param {number} spanSeconds the window's at the beginning
   * @param {Acts} acts
   */
  constructor(window, spanSeconds, acts) {
    this.window = window;
    this.acts = acts;
    this.status = new StatusLine();
    this.span = spanChoice(spanSeconds, (seconds) => {
      window.setSpan(seconds * 1000);
      acts.redraw();
    });
    this.pause = button("Pause", "Stop the view; values are still collected", () => this.#toggle());
    this.live = button("Live", "Back to now", () => {
      window.follow();
      acts.redraw();
    });
    this.look = button("Steps", "Each value holds until the next; click for straight lines", () =>
      this.#changeLook(),
    );
    this.measure = button("Cursors", "Two cursors, and what each tag did between them (C)", acts.measure);
    this.overlay = new OverlayChoice(acts.lay);
    this.asking = [
      this.overlay.node,
      button("XY", "One tag over another, below the trend", acts.xy),
      button("Clear", "Show only values from now on", acts.clear),
      saveChoice(acts.save),
      addField(acts.add),
    ];
    this.node = element(
      "div",
      { class: "mxgw-toolbar" },
      this.span,
      this.pause,
      this.live,
      this.#moving(),
      this.look,
      this.measure,
      ...this.asking,
      element("span", { class: "mxgw-spring" }),
      this.status.node,
    );
  }

  /**
   * @param {Feed} feed
   * @param {boolean} isMeasured whether there are cursors
   * @param {Overlay} overlay
   */
  update(feed, isMeasured, overlay) {
    this.overlay.update(overlay);
    this.measure.setAttribute("aria-pressed", String(isMeasured));
    this.measure.toggleAttribute("inert", feed.isGone);
    const held = !this.window.isLive;
    setText(this.pause, held ? "Resume" : "Pause");
    this.pause.setAttribute("aria-pressed", String(held));
    this.live.disabled = !held;
    for (const control of this.asking) control.toggleAttribute("inert", feed.isGone);
    this.status.show(feed, held ? `paused at ${timeOfDay(this.window.bounds()[1])}` : "");
  }

  #toggle() {
    if (this.window.isLive) this.window.hold();
    else this.window.follow();
    this.acts.redraw();
  }

  #changeLook() {
    setText(this.look, this.acts.changeLook() ? "Lines" : "Steps");
  }

  #moving() {
    /** @type {(words: string, title: string, move: () => void) => HTMLButtonElement} */
    const act = (words, title, move) =>
      button(words, title, () => {
        move();
        this.acts.redraw();
      });
    return element(
      "span",
      { class: "mxgw-group", role: "group", "aria-label": "Time" },
      act("‹", "Earlier (arrow left)", () => this.window.pan(-0.5)),
      act("−", "More time (minus, or Ctrl and wheel)", () => this.window.zoom(2)),
      act("+", "Less time (plus, or Ctrl and wheel; or draw with the mouse)", () => this.window.zoom(0.5)),
      act("›", "Later (arrow right)", () => this.window.pan(0.5)),
    );
  }
}

/** @param {Acts["save"]} save */
function saveChoice(save) {
  const options = [
    ["", "Save as"],
    ["png", "PNG"],
    ["svg", "SVG"],
    ["csv", "CSV"],
  ];
  const made = element(
    "select",
    { class: "mxgw-select", "aria-label": "Save as", title: "Save what is shown" },
    ...options.map(([value, words]) => element("option", { value }, words)),
  );
  made.addEventListener("change", () => {
    if (made.value) save(made.value);
    made.value = "";
  });
  return made;
}

/** @param {Acts["add"]} add */
function addField(add) {
  const made = element("input", {
    class: "mxgw-input mxgw-add",
    placeholder: "Add a tag",
    "aria-label": "Add a tag",
    spellcheck: "false",
  });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !made.value.trim()) return;
    add(made.value.trim());
    made.value = "";
  });
  return made;
}

/**
 * @param {number} seconds chosen at first
 * @param {(seconds: number) => void} choose
 */
function spanChoice(seconds, choose) {
  const known = SPANS.some(([each]) => each === seconds);
  /** @type {Span} */
  const own = [seconds, spanWords(seconds)];
  const spans = known ? SPANS : [...SPANS, own].sort(([a], [b]) => a - b);
  const options = spans.map(([each, words]) =>
    element("option", { value: String(each), selected: each === seconds ? "" : null }, words),
  );
  const made = element(
    "select",
    { class: "mxgw-select", "aria-label": "Time span", title: "Time span" },
    ...options,
  );
  made.addEventListener("change", () => choose(Number(made.value)));
  return made;
}
