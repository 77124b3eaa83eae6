/** The words of the point under the mouse, or of the one that arrow keys have chosen. */
import { element, setText } from "../shared/dom.js";
import { day, number, qualityWord, timeOfDay, zone } from "../shared/words.js";

/** @import uPlot from "uplot" */
/** @import { TrendTag } from "../trend/messages.d.ts" */
/** @import { Seen } from "./seen.js" */

const NEAR = 24; // CSS pixels from the mouse
const EDGE = 12;

export class Tip {
  at = -1; // of which point
  ms = 0; // its time

  /**
   * @param {HTMLElement} holder of the plot
   * @param {Seen} seen
   * @param {() => uPlot | null} plot
   */
  constructor(holder, seen, plot) {
    this.seen = seen;
    this.plot = plot;
    this.mark = element("div", { class: "mxgw-xymark", hidden: "" });
    this.node = element("div", { class: "mxgw-xytip", role: "status", hidden: "" });
    this.holder = holder;
    holder.append(this.mark, this.node);
    holder.addEventListener("mousemove", (event) => this.#point(event));
    holder.addEventListener("mouseleave", () => this.#show(-1));
    holder.addEventListener("blur", () => this.#show(-1));
    holder.addEventListener("keydown", (event) => this.#key(event));
  }

  /** There are other points: the one that is told stays, as long as it is there. */
  refresh() {
    if (this.at >= 0) this.#show(this.seen.time.indexOf(this.ms));
  }

  /** @param {MouseEvent} event */
  #point({ clientX, clientY }) {
    const plot = this.plot();
    if (!plot) return;
    const box = plot.over.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    let [best, least] = [-1, NEAR];
    // From the newest: of those at one place it is the one that is told.
    for (let i = this.seen.length - 1; i >= 0; i--) {
      const [px, py] = this.#place(plot, i);
      const distance = Math.hypot(px - x, py - y);
      if (distance < least) [best, least] = [i, distance];
    }
    this.#show(best);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.seen.length - 1;
    /** @type {Record<string, number>} */
    const moves = {
      ArrowLeft: this.at < 0 ? last : Math.max(0, this.at - 1),
      ArrowRight: this.at < 0 ? last : Math.min(last, this.at + 1),
      Home: 0,
      End: last,
      Escape: -1,
    };
    if (!(event.key in moves) || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.#show(moves[event.key]);
  }

  /** @param {number} place of the point; -1 for none */
  #show(place) {
    this.at = place;
    const plot = this.plot();
    const isShown = place >= 0 && plot !== null;
    this.node.hidden = this.mark.hidden = !isShown;
    if (!plot || !isShown) return;
    this.ms = this.seen.time[place];
    setText(this.node, pointWords(this.seen, place));
    const [x, y] = this.#place(plot, place);
    const left = x + plot.over.offsetLeft;
    const top = y + plot.over.offsetTop;
    Object.assign(this.mark.style, { left: `${left}px`, top: `${top}px` });
    const width = this.node.offsetWidth;
    const fits = left + EDGE + width <= this.holder.clientWidth;
    const beside = fits ? left + EDGE : Math.max(0, left - EDGE - width);
    const above = Math.max(0, top - EDGE - this.node.offsetHeight);
    Object.assign(this.node.style, { left: `${beside}px`, top: `${above}px` });
  }

  /**
   * @param {uPlot} plot
   * @param {number} place
   */
  #place(plot, place) {
    return [plot.valToPos(this.seen.xs[place], "x"), plot.valToPos(this.seen.ys[place], "y")];
  }
}

/**
 * Both values with their units, the time and the quality of a point, a line each.
 *
 * @param {Seen} seen
 * @param {number} place
 */
export function pointWords(seen, place) {
  /** @param {TrendTag | null} tag @param {number} value */
  const said = (tag, value) => (tag ? `${tag.tag} ${number(value)} ${tag.units}`.trim() : "");
  const ms = seen.time[place];
  const when = `${timeOfDay(ms)} on ${day(ms)}, ${zone(ms)}`;
  const quality = `quality ${qualityWord(seen.quality[place])}`;
  return [said(seen.x, seen.xs[place]), said(seen.y, seen.ys[place]), quality, when].join("\n");
}
