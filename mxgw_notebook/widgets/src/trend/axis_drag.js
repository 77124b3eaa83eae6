import { scaleKey, unitsOf } from "./axes.js";
import { dragged } from "./ranges.js";

/** @import uPlot from "uplot" */
/** @import { History } from "./history.js" */
/** @import { Interval } from "./messages.d.ts" */

const TITLE =
  "Drag its middle to move the scale, its ends to stretch it; double-click to follow the values again";

/**
 * Lets a person drag the value axes of a plot, and make them automatic by a double click.
 *
 * @param {uPlot} plot
 * @param {History} history
 * @param {() => void} redraw
 */
export function dragAxes(plot, history, redraw) {
  const nodes = /** @type {NodeListOf<HTMLElement>} */ (plot.root.querySelectorAll(".u-axis"));
  unitsOf(history.pens).forEach((units, place) => {
    const node = nodes[place + 1]; // the first is the time's
    Object.assign(node, { title: TITLE });
    node.classList.add("mxgw-axis");
    node.dataset.units = units;
    node.addEventListener("dblclick", () => {
      history.setScale(units, null, true);
      redraw();
    });
    node.addEventListener("pointerdown", (event) => {
      const drag = beginDrag(plot, units, history.scaleOf(units)[3], event);
      if (!drag) return;
      // JupyterLab would take it for a selection of texts or cells.
      event.preventDefault();
      follow(node, event.pointerId, (moved, isLast) => {
        const ends = drag(moved.clientY);
        if (ends) history.setScale(units, ends, isLast);
        redraw();
      });
    });
  });
}

/**
 * Tells of each move of the pointer until it is let go; nothing where it was not moved.
 *
 * @param {HTMLElement} node
 * @param {number} pointer
 * @param {(event: PointerEvent, isLast: boolean) => void} tell
 */
function follow(node, pointer, tell) {
  let isMoved = false;
  /** @param {PointerEvent} event */
  const move = (event) => {
    isMoved = true;
    tell(event, false);
  };
  /** @param {PointerEvent} event */
  const end = (event) => {
    node.removeEventListener("pointermove", move);
    node.removeEventListener("pointerup", end);
    node.removeEventListener("pointercancel", end);
    if (isMoved) tell(event, true);
  };
  node.setPointerCapture(pointer);
  node.addEventListener("pointermove", move);
  node.addEventListener("pointerup", end);
  node.addEventListener("pointercancel", end);
}

/**
 * From where to where the scale goes once the pointer is at a height; null where that is nowhere.
 *
 * @param {uPlot} plot
 * @param {string} units
 * @param {boolean} log
 * @param {PointerEvent} event that began it
 * @returns {((y: number) => Interval | null) | null}
 */
function beginDrag(plot, units, log, event) {
  const { min, max } = plot.scales[scaleKey(units)];
  const { top, height } = plot.over.getBoundingClientRect();
  if (min === undefined || max === undefined || min === null || max === null || !height) return null;
  const [low, high] = log ? [Math.log10(min), Math.log10(max)] : [min, max];
  const begun = (event.clientY - top) / height; // 0 is the upper end
  return (y) => {
    const part = (y - top) / height;
    const ends = dragged(low, high, begun, part);
    if (!ends) return null;
    return log ? [10 ** ends[0], 10 ** ends[1]] : ends;
  };
}
