import { element, setText } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { Theme } from "../shared/theme.js";
import { Chart } from "./chart.js";
import { Controls } from "./controls.js";
import { Legend } from "./legend.js";
import { savePicture } from "./picture.js";
import { Window } from "./window.js";

const LOOK_MS = 33;
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
    this.draws = 0;
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
    this.root = element("div", { class: "mxgw mxgw-trend", "data-mxgw-widget": "trend" });
    this.letKeysGo = keepPlainKeys(this.root);
    host.append(this.root);
    this.theme = new Theme(this.root);
    this.look = { linear: false };
    this.controls = new Controls(this.window, model.get("window_seconds"), this.#acts());
    this.notice = element("div", { class: "mxgw-notice", role: "alert", hidden: "" });
    this.holder = element("div", { class: "mxgw-plot", role: "img", tabindex: "0" });
    this.holder.style.minHeight = `${this.height}px`;
    this.empty = element("div", { class: "mxgw-empty" });
    this.holder.append(this.empty);
    this.holder.addEventListener("keydown", (event) => this.#key(event));
    this.holder.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.root.append(this.controls.node, this.notice, this.holder);
    this.#takePens();
    this.#draw();
  }

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
    );
    this.root.append(this.legend.node);
    this.chart?.close();
    this.chart = null;
  }

  #key(event) {
    const moves = {
      ArrowLeft: () => this.window.pan(-0.25),
      ArrowRight: () => this.window.pan(0.25),
      "+": () => this.window.zoom(0.5),
      "-": () => this.window.zoom(2),
      Escape: () => {
        this.history.setBrush(null);
        this.window.follow();
      },
    };
    if (!moves[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moves[event.key]();
    this.#draw();
  }

  #wheel(event) {
    if (!event.ctrlKey || !this.chart) return; // the page scrolls
    event.preventDefault();
    this.window.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.point);
    this.#draw();
  }

  #save(kind) {
    const [from, to] = this.window.bounds();
    if (kind !== "png") this.history.ask("save", { text: kind, from_ms: from, to_ms: to });
    else if (this.chart) savePicture(this.chart, this.history.pens, this.theme, this.root);
  }

  #look() {
    if (document.hidden || !this.root.isConnected || this.holder.clientWidth === 0) return;
    const now = performance.now();
    if (this.version !== this.history.version) this.#takePens();
    // Until the first value there is no window worth asking for.
    if (this.chart) this.history.wantDetail(...this.window.bounds());
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
      this.chart ??= this.#makeChart();
      this.drawn = this.chart.draw();
      this.draws += 1;
    }
    if (this.drawnAt - this.legendAt >= LEGEND_MS || !this.window.isLive) this.#refresh(this.drawnAt);
    this.#describe();
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
      point: (ms) => {
        this.point = ms;
        this.#refresh(performance.now());
      },
    });
  }

  #refresh(now) {
    this.legendAt = now;
    if (this.theme.read()) this.chart?.redraw();
    this.legend.update(this.point, this.history.clock.now(), this.chart?.bands ?? new Set());
    this.controls.update(this.history.feed.words());
    this.controls.status.tellHoles(this.history.channel.holes);
    setText(this.notice, this.history.notice);
    this.notice.hidden = !this.history.notice;
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
      drawMs: (this.chart?.drawMs ?? 0).toFixed(1),
      draws: String(this.draws),
    });
  }

  #resize() {
    const width = this.holder.clientWidth;
    if (width === 0) return;
    if (this.chart) this.chart.resize(Math.max(NARROWEST, width), this.height);
    this.#draw();
  }
}
