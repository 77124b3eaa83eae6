import uPlot from "uplot";
import { axes, drawUnits, scaleKey, scales } from "./axes.js";
import { drawBands } from "./bands.js";
import { joinPens } from "./join.js";
import { drawLimits, drawMarkers } from "./marks.js";

/**
 * The plot of one view.
 *
 * `listeners.select(from, to)` is told of a stretch drawn with the mouse, `listeners.point(ms)` where
 * the cursor stands (null: it left); times are epoch milliseconds.
 */
export class Chart {
  constructor(holder, history, window, theme, height, listeners) {
    this.history = history;
    this.window = window;
    this.theme = theme;
    this.bounds = window.bounds();
    this.bands = new Set();
    const size = { width: Math.max(200, holder.clientWidth), height };
    this.plot = new uPlot({ ...size, ...this.#options(listeners) }, [[], ...history.pens.map(() => [])], holder);
  }

  /** Draws the window as it is now; returns how many samples of each pen stand in it. */
  draw() {
    this.bounds = this.window.bounds();
    const pixels = Math.max(100, this.plot.bbox.width / devicePixelRatio);
    const { data, drawn } = joinPens(this.history.pens, ...this.bounds, pixels);
    this.plot.setData(data);
    return drawn.map((count, index) => (this.plot.series[index + 1].show ? count : 0));
  }

  show(index, visible) {
    this.plot.setSeries(index + 1, { show: visible });
  }

  resize(width, height) {
    this.plot.setSize({ width, height });
  }

  close() {
    this.plot.destroy();
  }

  #options(listeners) {
    const { history, theme } = this;
    return {
      scales: scales(history.pens, () => this.bounds, () => history.limits),
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
        draw: [
          (plot) => drawUnits(plot, history.pens, theme),
          (plot) => drawLimits(plot, history, theme),
          (plot) => drawMarkers(plot, history, theme),
        ],
        setCursor: [(plot) => listeners.point(cursorTime(plot))],
        setSelect: [(plot) => this.#select(plot, listeners)],
      },
    };
  }

  #series(pen, index) {
    return {
      label: pen.tag.tag,
      scale: scaleKey(pen.tag.units),
      stroke: () => this.theme.pen(index),
      width: 1.75,
      dash: this.theme.dash(index),
      paths: uPlot.paths.stepped({ align: 1 }),
      points: { show: false },
    };
  }

  #select(plot, listeners) {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [left, left + width].map((x) => plot.posToVal(x, "x") * 1000);
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    listeners.select(from, to);
  }
}

function cursorTime(plot) {
  const { left } = plot.cursor;
  return left === undefined || left < 0 ? null : plot.posToVal(left, "x") * 1000;
}
