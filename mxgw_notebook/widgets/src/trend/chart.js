import uPlot from "uplot";
import { axes, drawUnits, scaleOf, scales } from "./axes.js";
import { drawBands } from "./bands.js";
import { joinPens } from "./join.js";
import { Lanes } from "./lanes.js";
import { drawMarks } from "./marks.js";

/**
 * The plot of one view.
 *
 * `listeners.select(from, to, shift)` is told of a stretch drawn with the mouse, `listeners.point(ms)` where
 * the cursor stands (null: it left); times are epoch milliseconds. `look.linear` draws straight lines from
 * sample to sample instead of steps.
 */
export class Chart {
  constructor(holder, history, window, theme, height, look, listeners) {
    this.history = history;
    this.window = window;
    this.theme = theme;
    this.look = look;
    this.bounds = window.bounds();
    this.bands = new Set();
    this.hidden = new Set();
    const size = { width: Math.max(200, holder.clientWidth), height };
    this.plot = new uPlot(
      { ...size, ...this.#options(listeners) },
      [[], ...history.pens.map(() => [])],
      holder,
    );
    this.plot.over.addEventListener("mousedown", (event) => (this.shift = event.shiftKey));
    this.lanes = new Lanes(holder);
  }

  /** Draws the window as it is now; returns how many samples of each pen stand in it. */
  draw() {
    const began = performance.now();
    this.bounds = this.window.bounds();
    const { bbox } = this.plot;
    const pixels = Math.max(100, bbox.width / devicePixelRatio);
    const { data, drawn } = joinPens(this.history.pens, ...this.bounds, pixels, this.look.linear);
    this.plot.setData(data);
    this.#drawLanes();
    this.drawMs = performance.now() - began;
    return drawn.map((count, index) => (this.plot.series[index + 1].show ? count : 0));
  }

  show(index, visible) {
    if (visible) this.hidden.delete(index);
    else this.hidden.add(index);
    this.plot.setSeries(index + 1, { show: visible });
  }

  resize(width, height) {
    this.plot.setSize({ width, height });
  }

  redraw() {
    this.plot.redraw();
    this.#drawLanes();
  }

  close() {
    this.plot.destroy();
    this.lanes.canvas.remove();
  }

  #drawLanes() {
    const [left, width] = [this.plot.bbox.left, this.plot.bbox.width].map(
      (pixels) => pixels / devicePixelRatio,
    );
    this.lanes.draw(this.history, (index) => !this.hidden.has(index), this.bounds, left, width, this.theme);
  }

  #options(listeners) {
    const { history, theme } = this;
    return {
      scales: scales(
        history.pens,
        () => this.bounds,
        () => history.limits,
      ),
      axes: axes(history.pens, theme),
      series: [{}, ...history.pens.map((pen, index) => this.#series(pen, index))],
      legend: { show: false },
      padding: [28, 12, 0, 4],
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { size: 6, fill: (_plot, series) => theme.pen(series - 1), stroke: () => "transparent" },
      },
      hooks: {
        drawClear: [(plot) => (this.bands = drawBands(plot, history, theme, this.bounds))],
        draw: [(plot) => drawUnits(plot, history.pens, theme), (plot) => drawMarks(plot, history, theme)],
        setCursor: [(plot) => listeners.point(cursorTime(plot))],
        setSelect: [(plot) => this.#select(plot, listeners)],
      },
    };
  }

  #series(pen, index) {
    const stepped = uPlot.paths.stepped({ align: 1 });
    const linear = uPlot.paths.linear();
    return {
      label: pen.tag.tag,
      scale: scaleOf(pen),
      stroke: () => this.theme.pen(index),
      width: 1.75,
      dash: this.theme.dash(index),
      paths: pen.isState ? () => null : (...given) => (this.look.linear ? linear : stepped)(...given),
      points: { show: false },
      spanGaps: true,
    };
  }

  #select(plot, listeners) {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [left, left + width].map((x) => plot.posToVal(x, "x") * 1000);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    listeners.select(from, to, Boolean(this.shift));
  }
}

function cursorTime(plot) {
  const { left } = plot.cursor;
  return left === undefined || left < 0 ? null : plot.posToVal(left, "x") * 1000;
}
