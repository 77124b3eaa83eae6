import { Channel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";
import { saveFile } from "../shared/file.js";
import { Pen } from "./pen.js";

const DETAIL_COLUMNS = 2000;
const ASK_AGAIN_MS = 1500;
// A little more than the window is asked for, so that a step aside needs no new answer.
const MARGIN = 0.25;
const FINE_ENOUGH = 1 + 2 * MARGIN + 0.01;

/** All that a trend knows in this page: one for all of its views, so that a late view shows everything. */
export class History {
  constructor(model) {
    this.model = model;
    this.clock = new Clock();
    this.pens = [];
    this.version = 0; // counts how often the pens became others
    this.revision = 0; // counts what came that a view standing still has to show
    this.outages = [];
    this.replays = [];
    this.markers = [];
    this.limits = [];
    this.brush = null;
    this.notice = "";
    this.coarseMs = -Infinity; // samples before this were thinned
    this.fine = []; // windows that came in detail since: {from, to, step}
    this.asked = { key: "", at: -Infinity };
    this.requests = 0;
    this.#setTags(model.get("tags"));
    this.feed = new Feed();
    this.channel = new Channel(model, (content, buffers) => this.#receive(content, buffers));
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

  /** Asks the kernel for a window in full where this page has it only thinned. */
  wantDetail(from, to) {
    const end = Math.min(to, this.coarseMs);
    const step = (to - from) / DETAIL_COLUMNS;
    if (
      from >= end ||
      this.fine.some((each) => each.from <= from && each.to >= end && each.step <= step * FINE_ENOUGH)
    )
      return;
    const margin = (to - from) * MARGIN;
    const key = `${Math.round(from)} ${Math.round(to)}`;
    const now = performance.now();
    if (key === this.asked.key && now - this.asked.at < ASK_AGAIN_MS) return;
    if (now - this.asked.at < ASK_AGAIN_MS / 10) return;
    this.asked = { key, at: now };
    this.ask("window", { from_ms: from - margin, to_ms: to + margin, request: ++this.requests });
  }

  /** Sends a wish to the kernel. */
  ask(kind, facts = {}) {
    this.model.send({ kind, ...facts });
  }

  /** Marks a stretch for `trend.selection()`; null unmarks it. */
  setBrush(brush) {
    this.brush = brush;
    this.revision += 1;
    this.ask("brush", brush ? { from_ms: brush[0], to_ms: brush[1] } : {});
  }

  #receive(content, buffers) {
    if (content.kind === "samples") this.#takeSamples(content, buffers);
    else if (content.kind === "window") this.#takeWindow(content, buffers);
    else if (content.kind === "notice") this.notice = content.text;
    else if (content.kind === "file") saveFile(content.name, content.mime, buffers[0]);
  }

  #takeSamples(content, buffers) {
    if (content.reset) this.#begin(content.tags);
    if (content.reset) this.revision += 1;
    this.clock.learn(content.now_ms);
    this.outages = content.outages;
    this.replays = content.replays ?? [];
    this.markers = content.markers ?? [];
    this.limits = content.limits ?? [];
    this.feed.hear(content.status);
    content.words?.forEach((words, index) => {
      if (this.pens[index]) this.pens[index].words = words;
    });
    if (content.coarse_ms) this.coarseMs = Math.max(this.coarseMs, content.coarse_ms);
    for (const [index, ...columns] of parts(content, buffers)) this.pens[index]?.append(...columns);
  }

  #takeWindow(content, buffers) {
    const { from_ms: from, to_ms: to } = content;
    for (const [index, ...columns] of parts(content, buffers)) this.pens[index]?.splice(from, to, ...columns);
    this.fine.push({ from, to, step: (to - from) / DETAIL_COLUMNS });
    if (this.fine.length > 50) this.fine.shift();
    this.revision += 1;
  }

  #begin(tags) {
    if (tags && this.#areOther(tags)) this.#setTags(tags);
    for (const pen of this.pens) pen.clear();
    this.coarseMs = -Infinity;
    this.fine = [];
  }

  #areOther(tags) {
    const named = (tag) => JSON.stringify({ ...tag, words: Boolean(tag.words) });
    return tags.map(named).join() !== this.pens.map((pen) => named(pen.tag)).join();
  }

  #setTags(tags) {
    this.pens = tags.map((tag) => new Pen(tag));
    this.version += 1;
  }
}

/** Each part of a message as `[index, time, value, quality]`. */
function* parts(content, buffers) {
  const [time, value, quality] = [
    typed(Float64Array, buffers[0]),
    typed(Float64Array, buffers[1]),
    typed(Uint8Array, buffers[2]),
  ];
  let from = 0;
  for (const [index, count] of content.parts) {
    const to = from + count;
    yield [index, time.subarray(from, to), value.subarray(from, to), quality.subarray(from, to)];
    from = to;
  }
}

/** A buffer as numbers; copied, since a message's buffers may start anywhere in memory. */
function typed(Kind, view) {
  if (!view) return new Kind(0);
  return new Kind(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
