import uPlot from "uplot";
import { axes, drawUnits, scaleOf, scales } from "./axes.js";
import { dragAxes } from "./axis_drag.js";
import { drawBands } from "./bands.js";
import { joinPens } from "./join.js";
import { Lanes } from "./lanes.js";
import { drawMarks, levelsWithin } from "./marks.js";
import { noteClicks } from "./note_clicks.js";
import { EARLIER_DASH, PALE } from "./overlay.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { BandKind } from "./bands.js" */
/** @import { History } from "./history.js" */
/** @import { Pen } from "./pen.js" */
/** @import { Window } from "./window.js" */

const STEPPED = uPlot.paths.stepped?.({ align: 1 });
const LINEAR = uPlot.paths.linear?.();

/** @typedef {{linear: boolean}} Look straight lines from sample to sample, or steps */

/**
 * @typedef {object} Listeners times are epoch milliseconds
 * @property {(from: number, to: number, shift: boolean) => void} select is told of a stretch drawn with the mouse
 * @property {(ms: number | null) => void} point is told where the cursor stands; null: it left
 * @property {() => void} scaled an axis was drawn by hand
 * @property {(ms: number) => void} note is told where Shift and a click were
 */

/** The plot of one view. */
export class Chart {
  /** @type {Set<BandKind>} */
  bands = new Set();
  /** @type {Set<number>} */
  hidden = new Set();
  drawMs = 0;
  shift = false;

  /**
   * @param {HTMLElement} holder
   * @param {History} history
   * @param {Window} window
   * @param {Theme} theme
   * @param {number} height
   * @param {Look} look
   * @param {Listeners} listeners
   */
  constructor(holder, history, window, theme, height, look, listeners) {
    this.history = history;
    this.window = window;
    this.theme = theme;
    this.look = look;
    this.bounds = window.bounds();
    this.pens = history.drawn;
    const size = { width: Math.max(200, holder.clientWidth), height };
    this.plot = new uPlot({ ...size, ...this.#options(listeners) }, [[], ...this.pens.map(() => [])], holder);
    this.plot.over.addEventListener("mousedown", (event) => {
      this.shift = event.shiftKey;
      // JupyterLab would take it for a selection of cells, and the plot would hear no more of the mouse.
      if (event.shiftKey) event.preventDefault();
    });
    noteClicks(this.plot, listeners.note);
    dragAxes(this.plot, history, listeners.scaled);
    this.logs = history.logs;
    this.lanes = new Lanes(holder);
  }

  /** Draws the window as it is now; returns how many samples of each pen of the present stand in it. */
  draw() {
    const began = performance.now();
    this.bounds = this.window.bounds();
    const { bbox } = this.plot;
    const pixels = Math.max(100, bbox.width / devicePixelRatio);
    const { data, drawn } = joinPens(this.pens, ...this.bounds, pixels, this.look.linear);
    this.plot.setData(data);
    this.#drawLanes();
    this.drawMs = performance.now() - began;
    const counts = drawn.map((count, index) => (this.plot.series[index + 1].show ? count : 0));
    return counts.slice(0, this.history.pens.length);
  }

  /**
   * @param {number} index of the pen
   * @param {boolean} visible
   */
  show(index, visible) {
    if (visible) this.hidden.delete(index);
    else this.hidden.add(index);
    this.plot.setSeries(index + 1, { show: visible });
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    this.plot.setSize({ width, height });
  }

  /**
   * Puts the cursor to a moment; null takes it away, and so does one that is not on view.
   *
   * @param {number | null} ms
   */
  pointAt(ms) {
    const [from, to] = this.bounds;
    const isShown = ms !== null && from <= ms && ms <= to;
    this.plot.setCursor({ left: isShown ? this.plot.valToPos(ms / 1000, "x") : -10, top: isShown ? 0 : -10 });
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
    const { bbox } = this.plot;
    this.lanes.draw(
      this.history,
      (index) => !this.hidden.has(index),
      this.bounds,
      bbox.left / devicePixelRatio,
      bbox.width / devicePixelRatio,
      this.theme,
    );
  }

  /**
   * All but the size.
   *
   * @param {Listeners} listeners
   * @returns {Omit<uPlot.Options, "width" | "height">}
   */
  #options(listeners) {
    const { history, theme } = this;
    return {
      scales: scales(
        history.pens,
        () => this.bounds,
        () => [...history.limits, ...levelsWithin(history.levels, this.bounds)],
        (units) => history.scaleOf(units),
      ),
      axes: axes(history.pens, theme, (units) => history.scaleOf(units)),
      series: [{}, ...this.pens.map((pen, index) => this.#series(pen, index % history.pens.length))],
      legend: { show: false },
      padding: [28, 12, 0, 4],
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: {
          size: 6,
          fill: (_plot, series) => theme.pen((series - 1) % history.pens.length),
          stroke: () => "transparent",
        },
      },
      hooks: {
        drawClear: [
          (plot) => {
            this.bands = drawBands(plot, history, theme, this.bounds);
          },
        ],
        draw: [(plot) => drawUnits(plot, history.pens, theme), (plot) => drawMarks(plot, history, theme)],
        setCursor: [(plot) => listeners.point(cursorTime(plot))],
        setSelect: [(plot) => this.#select(plot, listeners)],
      },
    };
  }

  /**
   * @param {Pen} pen
   * @param {number} index of the pen of the present
   * @returns {uPlot.Series}
   */
  #series(pen, index) {
    return {
      label: pen.name,
      scale: scaleOf(pen),
      stroke: () => this.theme.pen(index),
      width: pen.earlier ? 1.5 : 1.75,
      alpha: pen.earlier ? PALE : 1,
      dash: pen.earlier ? EARLIER_DASH : this.theme.dash(index),
      paths: pen.isState
        ? () => null
        : (...given) => (this.look.linear ? LINEAR : STEPPED)?.(...given) ?? null,
      points: { show: false },
      spanGaps: false,
    };
  }

  /**
   * @param {uPlot} plot
   * @param {Listeners} listeners
   */
  #select(plot, listeners) {
    const { left, width } = plot.select;
    if (width < 4) return;
    const from = plot.posToVal(left, "x") * 1000;
    const to = plot.posToVal(left + width, "x") * 1000;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    listeners.select(from, to, this.shift);
  }
}

/** @param {uPlot} plot */
function cursorTime(plot) {
  const { left } = plot.cursor;
  return left === undefined || left < 0 ? null : plot.posToVal(left, "x") * 1000;
}
