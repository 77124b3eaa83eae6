import { openChannel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";
import { Pen } from "./pen.js";

/** All that a trend knows in this page: one for all of its views, so that a late view shows everything. */
export class History {
  constructor(model) {
    this.clock = new Clock();
    this.pens = model.get("tags").map((tag) => new Pen(tag));
    this.outages = [];
    this.markers = [];
    this.limits = [];
    this.feed = new Feed();
    this.close = openChannel(model, (content, buffers) => this.#receive(content, buffers));
  }

  /** The newest sample's time in epoch milliseconds, null when there is none. */
  lastTime() {
    const times = this.pens.filter((pen) => pen.length).map((pen) => pen.time[pen.length - 1]);
    return times.length ? Math.max(...times) : null;
  }

  /** The oldest sample's time, null when there is none. */
  firstTime() {
    const times = this.pens.filter((pen) => pen.length).map((pen) => pen.time[0]);
    return times.length ? Math.min(...times) : null;
  }

  #receive(content, buffers) {
    if (content.kind !== "samples") return;
    if (content.reset) for (const pen of this.pens) pen.clear();
    this.clock.learn(content.now_ms);
    this.outages = content.outages;
    this.markers = content.markers ?? [];
    this.limits = content.limits ?? [];
    this.feed.hear(content.status);
    const [time, value, quality] = [
      typed(Float64Array, buffers[0]),
      typed(Float64Array, buffers[1]),
      typed(Uint8Array, buffers[2]),
    ];
    let from = 0;
    for (const [index, count] of content.parts) {
      const to = from + count;
      this.pens[index]?.append(time.subarray(from, to), value.subarray(from, to), quality.subarray(from, to));
      from = to;
    }
  }
}

/** A buffer as numbers; copied, since a message's buffers may start anywhere in memory. */
function typed(Kind, view) {
  if (!view) return new Kind(0);
  return new Kind(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
