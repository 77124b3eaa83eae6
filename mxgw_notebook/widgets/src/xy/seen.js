import { Channel } from "../shared/channel.js";
import { Feed } from "../shared/feed.js";
import { GOOD_FROM } from "../shared/words.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { TrendTag } from "../trend/messages.d.ts" */
/** @import { PointsMessage, XYMessage, XYTraits } from "./messages.d.ts" */

/** @typedef {DataView<ArrayBuffer>[]} Buffers */
/** @typedef {[x: number[], y: number[]]} Facets as uPlot wants the points of a series */

export const AGES = 4;

/** All that an XY view knows in this page: one for all of its views. */
export class Seen {
  feed = new Feed();
  revision = 0;
  /** @type {TrendTag | null} */
  x = null;
  /** @type {TrendTag | null} */
  y = null;
  leftOut = 0;
  time = new Float64Array();
  xs = new Float64Array();
  ys = new Float64Array();
  quality = new Uint8Array();
  piece = new Uint32Array();

  /** @param {WidgetModel<XYTraits>} model */
  constructor(model) {
    this.feed.follow(model);
    /** @type {Channel<XYMessage>} */
    this.channel = new Channel(model, (message, buffers) => {
      if (message.kind === "points") this.#take(message, buffers);
      else if (message.kind === "trouble") this.feed.hear(message);
    });
  }

  get length() {
    return this.time.length;
  }

  /**
   * The points by age, the oldest first; in the last place those of uncertain quality, whatever their age.
   *
   * @returns {Facets[]}
   */
  groups() {
    /** @type {Facets[]} */
    const made = Array.from({ length: AGES + 1 }, () => [[], []]);
    const first = this.time[0];
    const span = this.time[this.length - 1] - first || 1;
    for (let i = 0; i < this.length; i++) {
      const age = Math.min(AGES - 1, Math.floor(((this.time[i] - first) / span) * AGES));
      const [xs, ys] = made[this.quality[i] < GOOD_FROM ? AGES : age];
      xs.push(this.xs[i]);
      ys.push(this.ys[i]);
    }
    return made;
  }

  /**
   * @param {PointsMessage} message
   * @param {Buffers} buffers
   */
  #take(message, buffers) {
    [this.x, this.y, this.leftOut] = [message.x, message.y, message.left_out];
    const [time, xs, ys, quality, piece] = buffers.map(memory);
    this.time = new Float64Array(time);
    this.xs = new Float64Array(xs);
    this.ys = new Float64Array(ys);
    this.quality = new Uint8Array(quality);
    this.piece = new Uint32Array(piece);
    this.feed.hear(message);
    this.revision += 1;
  }
}

/**
 * A buffer's bytes; copied, since a message's buffers may start anywhere in memory.
 *
 * @param {DataView<ArrayBuffer>} view
 */
function memory(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}
