import { element, setText } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { showPlant } from "../shared/plant.js";
import { Theme } from "../shared/theme.js";
import { zoneName } from "../shared/words.js";
import { Chart } from "./chart.js";
import { Controls } from "./controls.js";
import { Cursors } from "./cursors.js";
import { Legend } from "./legend.js";
import { Link } from "./link.js";
import { Measures } from "./measures.js";
import { Notes } from "./notes.js";
import { savePicture } from "./picture.js";
import { Window } from "./window.js";
import { XyForm } from "./xy_form.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Acts } from "./controls.js" */
/** @import { History } from "./history.js" */
/** @import { Told } from "./link.js" */
/** @import { Interval, TrendTraits } from "./messages.d.ts" */

const LOOK_MS = 33;
const LEGEND_MS = 250;
const TELL_MS = 300;
const NARROWEST = 260;
const NO_PICTURE = "This browser could not make a picture of the plot: make it smaller, or save it as SVG.";

/** One view of a trend: it draws when there is something to see, and no oftener than the eye can tell. */
export class TrendView {
  /** @type {Chart | null} */
  chart = null;
  /** @type {Legend | null} */
  legend = null;
  look = { linear: false };
  /** @type {number | null} */
  point = null; // the moment under the pointer
  version = -1; // of the history's pens that are shown
  revision = -1; // of the history that is drawn
  /** @type {number[]} */
  drawn = []; // how many samples of each pen
  drawnAt = 0;
  draws = 0;
  legendAt = -Infinity;
  /** @type {string | null} */
  toldView = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  telling;

  /**
   * @param {WidgetModel<TrendTraits>} model
   * @param {History} history
   * @param {HTMLElement} host
   */
  constructor(model, history, host) {
    this.history = history;
    this.window = new Window(history, model.get("window_seconds") * 1000);
    this.link = new Link(model, (told) => this.#hear(told));
    this.height = model.get("height");
    this.root = element("div", { class: "mxgw mxgw-trend", "data-mxgw-widget": "trend" });
    this.letKeysGo = keepPlainKeys(this.root);
    host.append(this.root);
    this.theme = new Theme(this.root);
    showPlant(model, this.root);
    this.controls = new Controls(this.window, model.get("window_seconds"), this.#acts());
    this.notice = element("div", { class: "mxgw-notice", role: "alert", hidden: "" });
    this.empty = element("div", { class: "mxgw-empty" });
    this.holder = this.#makeHolder();
    this.xy = new XyForm(
      () => history.pens.map((pen) => pen.tag.tag),
      (x, y) => {
        history.notice = "";
        history.ask("xy", { text: `${x}\n${y}` });
      },
    );
    this.root.append(this.controls.node, this.xy.node, this.notice, this.holder);
    this.measures = new Measures();
    this.cursors = new Cursors({
      where: () => history.measuring.times,
      bounds: () => this.chart?.bounds ?? this.window.bounds(),
      move: (times) => this.#measure(times),
    });
    this.notes = new Notes(this.holder, {
      all: () => history.noted,
      bounds: () => this.chart?.bounds ?? this.window.bounds(),
      keep: (text, ms) => history.ask("note", { text, from_ms: ms }),
      redraw: () => this.#draw(),
    });
    this.#takePens();
    this.#draw();
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.holder);
    this.link.join();
  }

  close() {
    clearInterval(this.timer);
    clearTimeout(this.telling);
    this.resizing.disconnect();
    this.letKeysGo();
    this.link.close();
    this.chart?.close();
  }

  /** Where the plot stands, with words for as long as there is none. */
  #makeHolder() {
    const made = element("div", { class: "mxgw-plot", role: "group", tabindex: "0" }, this.empty);
    made.style.minHeight = `${this.height}px`;
    made.addEventListener("keydown", (event) => this.#key(event));
    made.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    return made;
  }

  /** @returns {Acts} */
  #acts() {
    const { history } = this;
    return {
      redraw: () => this.#draw(),
      clear: () => history.ask("clear"),
      add: (tag) => {
        history.notice = "";
        history.ask("add", { text: tag });
      },
      save: (kind) => this.#save(kind),
      measure: () => this.#toggleCursors(),
      lay: (by) => history.ask("lay", { text: by }),
      xy: () => this.xy.toggle(),
      changeLook: () => {
        this.look.linear = !this.look.linear;
        this.#draw();
        return this.look.linear;
      },
    };
  }

  /** Everything that depends on which tags there are. */
  #takePens() {
    const { pens } = this.history;
    this.version = this.history.version;
    const names = pens.map((pen) => pen.tag.tag).join(", ");
    setText(this.empty, pens.length ? `waiting for the first value of ${names}` : "no tags");
    this.holder.setAttribute("aria-label", `Trend of ${names}`);
    this.legend?.node.remove();
    this.legend = new Legend(
      pens,
      this.theme,
      (index, visible) => {
        this.chart?.show(index, visible);
        this.#draw();
      },
      (tag) => this.history.ask("remove", { text: tag }),
      this.history.overlay,
    );
    this.root.append(this.legend.node, this.measures.node);
    this.chart?.close();
    this.chart = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowLeft: () => this.window.pan(-0.25),
      ArrowRight: () => this.window.pan(0.25),
      "+": () => this.window.zoom(0.5),
      "-": () => this.window.zoom(2),
      c: () => this.#toggleCursors(),
      n: () => this.#note(this.point),
      Escape: () => {
        this.#measure(null);
        this.history.setBrush(null);
        this.window.follow();
      },
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move();
    this.#draw();
  }

  /** Two cursors within the view; or none, where there are some. */
  #toggleCursors() {
    const [from, to] = this.window.bounds();
    const part = (to - from) / 4;
    this.#measure(this.history.measuring.times ? null : [from + part, to - part]);
  }

  /** @param {number | null} ms the moment of which a note is wanted; null is the newest on view */
  #note(ms) {
    if (this.chart && !this.history.feed.isGone) this.notes.begin(ms ?? this.chart.bounds[1]);
  }

  /** @param {Interval | null} times of the cursors */
  #measure(times) {
    if (times === null && this.cursors.handles.some((handle) => handle === document.activeElement))
      this.holder.focus({ preventScroll: true });
    this.link.tell({ cursors: times });
    this.history.measuring.move(times);
    this.#draw();
    this.#refresh(performance.now());
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!event.ctrlKey || !this.chart) return; // the page scrolls
    event.preventDefault();
    this.window.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.point);
    this.#draw();
  }

  /** @param {string} kind */
  async #save(kind) {
    const { chart, history } = this;
    const [from, to] = this.window.bounds();
    if (kind !== "png") history.ask("save", { text: kind, from_ms: from, to_ms: to, zone: zoneName() });
    else if (chart && !(await savePicture(chart, history, this.theme, this.root)))
      history.notice = NO_PICTURE;
  }

  #look() {
    if (document.hidden || !this.root.isConnected || this.holder.clientWidth === 0) return;
    const now = performance.now();
    this.history.noteSilence();
    if (this.version !== this.history.version) this.#takePens();
    // Until the first value there is no window worth asking for.
    if (this.chart) this.history.wantDetail(...this.window.bounds());
    this.history.measuring.refresh(now, this.history.lastTime());
    if (this.chart) this.history.overlay.want(...this.window.bounds(), now);
    const news = this.revision !== this.history.revision;
    if (news) this.#draw();
    else if (this.window.isLive && now - this.drawnAt >= this.#pause()) this.#draw();
    else if (now - this.legendAt >= LEGEND_MS) this.#refresh(now);
  }

  /** A sliding view is drawn again when it has moved by about a pixel. */
  #pause() {
    const [from, to] = this.window.bounds();
    return Math.min(1000, Math.max(LOOK_MS, (to - from) / this.holder.clientWidth));
  }

  #draw() {
    const hasValue = this.history.firstTime() !== null;
    this.empty.hidden = hasValue;
    this.revision = this.history.revision;
    this.drawnAt = performance.now();
    if (hasValue && this.holder.clientWidth > 0) {
      this.chart = this.#chartOfScales();
      this.drawn = this.chart.draw();
      this.cursors.place(this.chart.plot);
      this.notes.place(this.chart.plot);
      this.draws += 1;
    }
    if (this.drawnAt - this.legendAt >= LEGEND_MS || !this.window.isLive) this.#refresh(this.drawnAt);
    this.#tellView();
    this.#describe();
  }

  /** The kernel draws what is on view when there is no page any more; it is told of each other choice. */
  #tellView() {
    const { window } = this;
    const kind = window.isLive ? (Number.isFinite(window.spanMs) ? "newest" : "all") : "held";
    const [from, to] = kind === "newest" ? [0, window.spanMs] : window.bounds();
    const key = kind === "held" ? `${from} ${to}` : `${kind} ${to - from > 0 && kind === "newest" ? to : ""}`;
    if (key === this.toldView) return;
    if (this.toldView !== null) this.link.tell({ shown: window.shown });
    this.toldView = key;
    clearTimeout(this.telling);
    this.telling = setTimeout(
      () => this.history.ask("view", { text: kind, from_ms: from, to_ms: to }),
      TELL_MS,
    );
  }

  /** @param {Told} told by a linked trend */
  #hear(told) {
    if ("point" in told) {
      this.chart?.pointAt(told.point);
    } else if ("cursors" in told) {
      this.#measure(told.cursors);
    } else if ("asks" in told) {
      const { times } = this.history.measuring;
      if (times !== null) this.link.tell({ cursors: times });
    } else {
      this.window.take(told.shown);
      this.#draw();
    }
  }

  /** The chart; another one where a scale has become logarithmic, or is no more: uPlot asks that at first. */
  #chartOfScales() {
    const before = this.chart;
    if (before?.logs === this.history.logs) return before;
    before?.close();
    const made = this.#makeChart();
    for (const index of before?.hidden ?? []) made.show(index, false);
    return made;
  }

  #makeChart() {
    // Before the notebook put the view on its page there were no fonts and colours to read.
    this.theme.read();
    return new Chart(this.holder, this.history, this.window, this.theme, this.height, this.look, {
      select: (from, to, shift) => {
        if (shift) this.history.setBrush([from, to]);
        else this.window.hold([from, to]);
        this.#draw();
      },
      scaled: () => this.#draw(),
      note: (ms) => this.#note(ms),
      point: (ms) => {
        this.point = ms;
        this.link.tell({ point: ms });
        this.#refresh(performance.now());
      },
    });
  }

  /** @param {number} now by the page's clock */
  #refresh(now) {
    this.legendAt = now;
    if (this.theme.read()) this.chart?.redraw();
    const edge = this.window.isLive ? this.window.bounds()[1] : null;
    this.legend?.update(this.point, this.history.clock.now(), this.chart?.bands ?? new Set(), edge);
    const { measuring } = this.history;
    // What is pressed for a kernel that is gone comes to nothing.
    for (const cell of this.legend?.node.querySelectorAll(".mxgw-remove") ?? [])
      cell.toggleAttribute("inert", this.history.feed.isGone);
    this.controls.update(this.history.feed, measuring.times !== null, this.history.overlay);
    this.measures.update(measuring.times, measuring.rows, this.history.pens);
    this.controls.status.tellHoles(this.history.channel.holes);
    setText(this.notice, this.history.notice);
    this.notice.hidden = !this.history.notice;
    this.#describe();
  }

  /** What a test, or a person at the inspector, wants to know without reading pixels. */
  #describe() {
    const { drawn } = this;
    Object.assign(this.root.dataset, {
      points: String(drawn.reduce((sum, count) => sum + count, 0)),
      series: String(drawn.filter((count) => count >= 2).length),
      lastMs: String(this.history.lastTime() ?? ""),
      paused: String(!this.window.isLive),
      drawMs: (this.chart?.drawMs ?? 0).toFixed(1),
      draws: String(this.draws),
      scales: JSON.stringify(this.history.scales),
    });
  }

  #resize() {
    const width = this.holder.clientWidth;
    if (width === 0) return;
    if (this.chart) this.chart.resize(Math.max(NARROWEST, width), this.height);
    this.#draw();
  }
}
