import { Channel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";
import { saveFile } from "../shared/file.js";
import { Measuring } from "./measuring.js";
import { Overlay } from "./overlay.js";
import { Pen } from "./pen.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Interval, Level, Limit, Marker, Note, Noted, Outage, Scale, TrendTag, TrendTraits } from "./messages.d.ts" */
/** @import { OverlayMessage, SamplesMessage, TrendMessage, WindowMessage } from "./messages.d.ts" */

/** @typedef {{from: number, to: number, step: number}} FineWindow `step` is the milliseconds that a column stands for */
/** @typedef {[index: number, time: Float64Array, value: Float64Array, quality: Uint8Array]} Part */
/** @typedef {DataView<ArrayBuffer>[]} Buffers */

const DETAIL_COLUMNS = 2000;
const ASK_AGAIN_MS = 1500;
// A little more than the window is asked for, so that a step aside needs no new answer.
const MARGIN = 0.25;
const FINE_ENOUGH = 1 + 2 * MARGIN + 0.01;

/** All that a trend knows in this page: one for all of its views, so that a late view shows everything. */
export class History {
  clock = new Clock();
  feed = new Feed();
  /** @type {Pen[]} */
  pens = [];
  version = 0; // counts how often the pens became others
  revision = 0; // counts what came that a view standing still has to show
  /** @type {Outage[]} */
  outages = [];
  /** @type {Interval[]} */
  replays = [];
  /** @type {Marker[]} */
  markers = [];
  /** @type {Limit[]} */
  limits = [];
  /** @type {Level[]} */
  levels = [];
  /** @type {Noted[]} */
  noted = []; // what people said, by time
  /** @type {Scale[]} */
  scales = []; // by hand
  isDragged = false; // one of them, just now
  /** @type {Interval | null} */
  brush = null;
  measuring = new Measuring((kind, facts) => this.ask(kind, facts));
  overlay = new Overlay((kind, facts) => this.ask(kind, facts));
  notice = "";
  isSilent = false; // the kernel: since then nobody tells of values
  coarseMs = -Infinity; // samples before this were thinned
  /** @type {FineWindow[]} */
  fine = []; // what came in detail since
  asked = { key: "", at: -Infinity };
  requests = 0;

  /** @param {WidgetModel<TrendTraits>} model */
  constructor(model) {
    this.model = model;
    this.#setTags(model.get("tags"));
    this.feed.follow(model);
    /** @type {Channel<TrendMessage>} */
    this.channel = new Channel(model, (message, buffers) => this.#receive(message, buffers));
  }

  /** The pens that are drawn: the present's, and behind them those of an earlier period. */
  get drawn() {
    return [...this.pens, ...this.overlay.pens];
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

  /**
   * When it began to be followed, as far as the samples tell: the first ones were there before, held. Null while
   * there are no others.
   */
  began() {
    const times = this.pens.filter((pen) => pen.length > 1).map((pen) => pen.time[1]);
    const marked = this.markers.map(([ms]) => ms);
    return times.length ? Math.min(...times, ...marked) : null;
  }

  /**
   * Asks the kernel for a window in full where this page has it only thinned.
   *
   * @param {number} from
   * @param {number} to
   */
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

  /** A kernel that has fallen silent ends the lines: what the plant does since, nobody here knows. */
  noteSilence() {
    const { silentMs } = this.feed;
    if (!silentMs || this.isSilent) return;
    this.isSilent = true;
    this.#setOutages([...this.outages, [this.clock.now() - silentMs, null]]);
    this.revision += 1;
  }

  /** @param {Outage[]} outages */
  #setOutages(outages) {
    this.outages = outages;
    for (const pen of this.pens) pen.outages = outages;
  }

  /**
   * Sends a wish to the kernel, see `wishes.py`; to one that is gone none, it would fail unseen.
   *
   * @param {string} kind
   * @param {Record<string, string | number>} facts
   */
  ask(kind, facts = {}) {
    if (this.feed.isGone) return;
    this.model.send({ kind, ...facts });
  }

  /**
   * Marks a stretch for `trend.selection()`; null unmarks it.
   *
   * @param {Interval | null} brush
   */
  setBrush(brush) {
    this.brush = brush;
    this.revision += 1;
    this.ask("brush", brush ? { from_ms: brush[0], to_ms: brush[1] } : {});
  }

  /**
   * How the axis of these units is drawn.
   *
   * @param {string} units
   * @returns {Scale}
   */
  scaleOf(units) {
    return this.scales.find(([of]) => of === units) ?? [units, null, null, false];
  }

  /** The units whose axes are logarithmic. */
  get logs() {
    return this.scales.flatMap(([units, , , log]) => (log ? [units] : [])).join("\n");
  }

  /**
   * Draws the axis of these units from one end to the other, null as the values are; `isLast` tells the kernel.
   *
   * @param {string} units
   * @param {Interval | null} ends
   * @param {boolean} isLast
   */
  setScale(units, ends, isLast) {
    const [, , , log] = this.scaleOf(units);
    const [low, high] = ends ?? [null, null];
    this.scales = [...this.scales.filter(([of]) => of !== units), [units, low, high, log]];
    this.isDragged = !isLast;
    this.revision += 1;
    const [from_ms, to_ms] = ends ?? [0, 0];
    if (isLast) this.ask("scale", { text: units, from_ms, to_ms, request: ends ? 1 : 0 });
  }

  /**
   * @param {TrendMessage} message
   * @param {Buffers} buffers
   */
  #receive(message, buffers) {
    if (message.kind === "samples") this.#takeSamples(message, buffers);
    else if (message.kind === "window") this.#takeWindow(message, buffers);
    else if (message.kind === "overlay") this.#takeEarlier(message, buffers);
    else if (message.kind === "measures") this.measuring.take(message);
    else if (message.kind === "notice") this.notice = message.text;
    else if (message.kind === "trouble") this.feed.hear(message);
    else if (message.kind === "file") saveFile(message.name, message.mime, buffers[0]);
  }

  /**
   * @param {SamplesMessage} content
   * @param {Buffers} buffers
   */
  #takeSamples(content, buffers) {
    if (content.reset) this.#begin(content.tags);
    if (content.reset) this.revision += 1;
    this.clock.learn(content.now_ms);
    this.isSilent = false;
    this.#setOutages(content.outages);
    this.replays = content.replays;
    this.markers = content.markers;
    this.limits = content.limits;
    this.levels = content.levels;
    this.#takeNoted(content.noted);
    if (!this.isDragged) this.scales = content.scales;
    this.feed.hear(content);
    this.#takeNotes(content.notes);
    content.words?.forEach((words, index) => {
      if (this.pens[index]) this.pens[index].words = words;
    });
    if (this.overlay.choose(content.overlay ?? null, this.pens)) this.version += 1;
    if (content.coarse_ms) this.coarseMs = Math.max(this.coarseMs, content.coarse_ms);
    for (const [index, ...columns] of parts(content, buffers)) this.pens[index]?.append(...columns);
    if (content.reset) this.#takeCarried(content.carried ?? []);
  }

  /** @param {[index: number, time: number, since: number][]} carried all there are */
  #takeCarried(carried) {
    for (const pen of this.pens) pen.carried = null;
    for (const [index, time, since] of carried) {
      if (this.pens[index]) this.pens[index].carried = { time, since };
    }
  }

  /**
   * @param {WindowMessage} content
   * @param {Buffers} buffers
   */
  #takeWindow(content, buffers) {
    const { from_ms: from, to_ms: to } = content;
    for (const [index, ...columns] of parts(content, buffers)) this.pens[index]?.splice(from, to, ...columns);
    this.fine.push({ from, to, step: (to - from) / DETAIL_COLUMNS });
    if (this.fine.length > 50) this.fine.shift();
    this.revision += 1;
  }

  /** @param {Noted[] | undefined} noted all there are, where they are others */
  #takeNoted(noted) {
    if (!noted) return;
    this.noted = noted;
    this.revision += 1;
  }

  /**
   * @param {OverlayMessage} content
   * @param {Buffers} buffers
   */
  #takeEarlier(content, buffers) {
    if (this.overlay.take(content, parts(content, buffers), performance.now())) this.revision += 1;
  }

  /** @param {Note[]} notes all there are */
  #takeNotes(notes) {
    this.pens.forEach((pen, index) => {
      const own = notes.filter(([of]) => of === index);
      pen.note = own.map(([, words]) => words).join(", ");
    });
  }

  /** @param {TrendTag[] | undefined} tags */
  #begin(tags) {
    if (tags && this.#areOther(tags)) this.#setTags(tags);
    for (const pen of this.pens) pen.clear();
    this.coarseMs = -Infinity;
    this.fine = [];
  }

  /** @param {TrendTag[]} tags */
  #areOther(tags) {
    /** @param {TrendTag} tag */
    const named = (tag) => JSON.stringify({ ...tag, words: Boolean(tag.words) });
    return tags.map(named).join() !== this.pens.map((pen) => named(pen.tag)).join();
  }

  /** @param {TrendTag[]} tags */
  #setTags(tags) {
    this.pens = tags.map((tag) => new Pen(tag));
    this.version += 1;
  }
}

/**
 * The samples of each tag in a message.
 *
 * @param {SamplesMessage | WindowMessage | OverlayMessage} content
 * @param {Buffers} buffers
 * @returns {Generator<Part>}
 */
function* parts(content, buffers) {
  const time = new Float64Array(memory(buffers[0]));
  const value = new Float64Array(memory(buffers[1]));
  const quality = new Uint8Array(memory(buffers[2]));
  let from = 0;
  for (const [index, count] of content.parts) {
    const to = from + count;
    yield [index, time.subarray(from, to), value.subarray(from, to), quality.subarray(from, to)];
    from = to;
  }
}

/**
 * A buffer's bytes; copied, since a message's buffers may start anywhere in memory.
 *
 * @param {DataView<ArrayBuffer> | undefined} view
 */
function memory(view) {
  if (!view) return new ArrayBuffer(0);
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}
