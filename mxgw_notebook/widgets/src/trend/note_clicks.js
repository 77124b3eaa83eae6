/** @import uPlot from "uplot" */

const STILL = 4; // pixels that a hand moves while it clicks

/**
 * Tells where in time a click with Shift was: one that moved has drawn a stretch instead.
 *
 * @param {uPlot} plot
 * @param {(ms: number) => void} note
 */
export function noteClicks(plot, note) {
  let pressedAt = NaN;
  plot.over.addEventListener("mousedown", (event) => {
    pressedAt = event.clientX;
  });
  plot.over.addEventListener("click", (event) => {
    if (!event.shiftKey || !(Math.abs(event.clientX - pressedAt) < STILL)) return;
    const { left } = plot.over.getBoundingClientRect();
    note(plot.posToVal(event.clientX - left, "x") * 1000);
  });
}
