import { element } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { Theme } from "../shared/theme.js";
import { Chart } from "./chart.js";
import { Controls } from "./controls.js";
import { Legend } from "./legend.js";
import { Window } from "./window.js";

const LOOK_MS = 50;
const LEGEND_MS = 250;
const NARROWEST = 260;

/** One view of a trend: it draws when there is something to see, and no oftener than the eye can tell. */
export class TrendView {
  constructor(model, history, host) {
    this.history = history;
    this.window = new Window(history, model.get("window_seconds") * 1000);
    this.height = model.get("height");
    this.point = null;
    this.drawnAt = 0;
    this.legendAt = -Infinity;
    this.#build(model, host);
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.holder);
  }

  close() {
    clearInterval(this.timer);
    this.resizing.disconnect();
    this.letKeysGo();
    this.chart?.close();
  }

  #build(model, host) {
    const pens = this.history.pens;
    this.root = element("div", { class: "mxgw mxgw-trend", "data-mxgw-widget": "trend" });
    this.letKeysGo = keepPlainKeys(this.root);
    host.append(this.root);
    this.theme = new Theme(this.root);
    this.controls = new Controls(this.window, model.get("window_seconds"), () => this.#draw());
    this.holder = element("div", { class: "mxgw-plot" });
    this.holder.style.minHeight = `${this.height}px`;
    const names = pens.map((pen) => pen.tag.tag).join(", ");
    this.empty = element("div", { class: "mxgw-empty" }, pens.length ? `waiting for the first value of ${names}` : "no tags");
    this.holder.setAttribute("role", "img");
    this.holder.setAttribute("aria-label", `Trend of ${names}`);
    this.legend = new Legend(pens, this.theme, (index, visible) => {
      this.chart?.show(index, visible);
      this.#draw();
    });
    this.holder.append(this.empty);
    this.root.append(this.controls.node, this.holder, this.legend.node);
    this.#draw();
  }

  #look() {
    if (document.hidden || !this.root.isConnected || this.holder.clientWidth === 0) return;
    const now = performance.now();
    if (this.window.isLive && now - this.drawnAt >= this.#pause()) this.#draw();
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
    this.drawnAt = performance.now();
    if (hasValue && this.holder.clientWidth > 0) {
      this.chart ??= this.#makeChart();
      this.drawn = this.chart.draw();
    }
    if (this.drawnAt - this.legendAt >= LEGEND_MS || !this.window.isLive) this.#refresh(this.drawnAt);
    this.#describe();
  }

  #makeChart() {
    // Before the notebook put the view on its page there were no fonts and colours to read.
    this.theme.read();
    return new Chart(this.holder, this.history, this.window, this.theme, this.height, {
      select: (from, to) => (this.window.hold([from, to]), this.#draw()),
      point: (ms) => {
        this.point = ms;
        this.#refresh(performance.now());
      },
    });
  }

  #refresh(now) {
    this.legendAt = now;
    if (this.theme.read()) this.chart?.plot.redraw();
    this.legend.update(this.point, this.history.clock.now(), this.chart?.bands ?? new Set());
    this.controls.update(this.history.feed.words());
    this.#describe();
  }

  /** What a test, or a person at the inspector, wants to know without reading pixels. */
  #describe() {
    const drawn = this.drawn ?? [];
    Object.assign(this.root.dataset, {
      points: String(drawn.reduce((sum, count) => sum + count, 0)),
      series: String(drawn.filter((count) => count >= 2).length),
      lastMs: String(this.history.lastTime() ?? ""),
      paused: String(!this.window.isLive),
    });
  }

  #resize() {
    const width = this.holder.clientWidth;
    if (width === 0) return;
    if (this.chart) this.chart.resize(Math.max(NARROWEST, width), this.height);
    this.#draw();
  }
}
