import { button, element, setText } from "../shared/dom.js";
import { StatusLine } from "../shared/status.js";
import { timeOfDay } from "../shared/words.js";

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

/** The line above the plot: time span, pause and resume, back to live, and how the feed is. */
export class Controls {
  constructor(window, spanSeconds, redraw) {
    this.window = window;
    this.status = new StatusLine();
    this.span = spanChoice(spanSeconds, (seconds) => (window.setSpan(seconds * 1000), redraw()));
    this.pause = button("Pause", "Hold the view still; values are kept meanwhile", () => this.#toggle(redraw));
    this.live = button("Live", "Back to now", () => (window.follow(), redraw()));
    this.node = element(
      "div",
      { class: "mxgw-toolbar" },
      this.span,
      this.pause,
      this.live,
      element("span", { class: "mxgw-spring" }),
      this.status.node,
    );
  }

  update(feedStatus) {
    const held = !this.window.isLive;
    setText(this.pause, held ? "Resume" : "Pause");
    this.pause.setAttribute("aria-pressed", String(held));
    this.live.disabled = !held;
    this.status.show(feedStatus, held ? `paused at ${timeOfDay(this.window.bounds()[1])}` : "");
  }

  #toggle(redraw) {
    if (this.window.isLive) this.window.hold();
    else this.window.follow();
    redraw();
  }
}

function spanChoice(seconds, choose) {
  const known = SPANS.some(([each]) => each === seconds);
  const spans = known ? SPANS : [...SPANS, [seconds, `${seconds} s`]].sort(([a], [b]) => a - b);
  const options = spans.map(([each, words]) =>
    element("option", { value: String(each), selected: each === seconds ? "" : null }, words),
  );
  const made = element("select", { class: "mxgw-select", "aria-label": "Time span", title: "Time span" }, ...options);
  made.addEventListener("change", () => choose(Number(made.value)));
  return made;
}
