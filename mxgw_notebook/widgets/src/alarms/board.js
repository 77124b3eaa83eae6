import { Channel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";
import { ACKNOWLEDGED, ALARM_STATES, UNACKNOWLEDGED } from "../shared/words.js";
import { isWaiting } from "./state.js";

/** @import { Line, NoticeMessage, TroubleMessage } from "../shared/model.d.ts" */
/** @import { AlarmState } from "../shared/words.js" */
/** @import { AlarmRow, RowsMessage, ServiceMessage } from "./messages.d.ts" */

/**
 * What became of an acknowledge: on its way, accepted by the gateway, told by the plant, or refused and why.
 *
 * @typedef {{step: "pending" | "accepted" | "done"} | {step: "refused", reason: string}} Request
 */

/**
 * A row as it is shown: with what became of the acknowledge that was asked for it, and whether it left the board.
 *
 * @typedef {AlarmRow & {request: Request | null, isGone: boolean}} ShownRow
 */

/** @typedef {{reset: boolean}} Change with `reset` everything came anew */
/** @typedef {{row: AlarmRow, since: number}} Gone a row that left the board, and when by the page's clock */

const FRESH_MS = 2000;
// How long a row that is gone stays to say what became of its acknowledge: a reason is worth reading.
const GONE_MS = { pending: 8000, accepted: 8000, done: 4000, refused: 30_000 };

/** All that an alarm table knows in this page: one for all of its views. */
export class Board {
  clock = new Clock();
  feed = new Feed();
  /** @type {Map<string, AlarmRow>} */
  rows = new Map(); // by reference, as are the others
  /** @type {Map<string, Request>} */
  requests = new Map();
  /** @type {Map<string, Gone>} */
  gone = new Map();
  /** @type {Map<string, number>} */
  fresh = new Map(); // when they came, by the page's clock
  notice = ""; // why what was asked for could not be done
  /** @type {ServiceMessage | null} */
  service = null; // what the newest look for alarms out of service has found
  provider = "";
  degraded = "";
  isFilled = false;
  nothing = ""; // what no row at all means
  /** @type {Set<(change: Change) => void>} */
  watchers = new Set();
  /** @type {WeakMap<AlarmRow, ShownRow>} */
  shownRows = new WeakMap();

  /** @param {Line} model */
  constructor(model) {
    this.model = model;
    this.feed.follow(model);
    /** @type {Channel<RowsMessage | ServiceMessage | NoticeMessage | TroubleMessage>} */
    this.channel = new Channel(model, (message) => this.#receive(message));
  }

  /**
   * Calls `watch` after each change; returns a function that ends it.
   *
   * @param {(change: Change) => void} watch
   */
  watch(watch) {
    this.watchers.add(watch);
    return () => this.watchers.delete(watch);
  }

  /** How many rows are in each state. */
  counts() {
    const counts = /** @type {Record<AlarmState, number>} */ (
      Object.fromEntries(ALARM_STATES.map((state) => [state, 0]))
    );
    for (const row of this.rows.values()) counts[row.state] = (counts[row.state] ?? 0) + 1;
    return counts;
  }

  /**
   * The rows whose acknowledge was refused.
   *
   * @returns {[tag: string, reason: string][]}
   */
  refusals() {
    return [...this.requests].flatMap(([reference, request]) =>
      request.step === "refused" ? [[this.#known(reference)?.tag ?? reference, request.reason]] : [],
    );
  }

  /** Every row to be shown: those on the board, and for a while those that left it while being acknowledged. */
  all() {
    return [...this.rows.values(), ...[...this.gone.values()].map((each) => each.row)];
  }

  /**
   * A row as it is now, with what became of the acknowledge that was asked for it; the same until it changes.
   * Null for one that is no longer there.
   *
   * @param {{reference: string}} row
   */
  shown({ reference }) {
    const gone = this.gone.get(reference);
    const row = this.#known(reference);
    if (!row) return null;
    const request = this.requests.get(reference) ?? null;
    const before = this.shownRows.get(row);
    if (before && before.request === request && before.isGone === Boolean(gone)) return before;
    /** @type {ShownRow} */
    const made = { ...row, request, isGone: Boolean(gone) };
    this.shownRows.set(row, made);
    return made;
  }

  /**
   * Whether a row came to the board just now.
   *
   * @param {string} reference
   */
  isFresh(reference) {
    return performance.now() - (this.fresh.get(reference) ?? -Infinity) < FRESH_MS;
  }

  /**
   * Asks for an acknowledge; whether there was anything to ask. The rows only say "pending": their state changes
   * when the plant says so.
   *
   * @param {string[]} references
   * @param {string} comment
   */
  acknowledge(references, comment) {
    const waiting = references.filter((reference) => isWaiting(this.rows.get(reference)));
    if (waiting.length === 0 || this.feed.isStopped) return false;
    if (this.feed.isGone) {
      this.say("Nothing was acknowledged: the kernel is gone. If it was restarted, run the cell again.");
      return false;
    }
    this.notice = "";
    for (const reference of waiting) this.requests.set(reference, { step: "pending" });
    this.model.send({ kind: "acknowledge", references: waiting, comment });
    this.#tell({ reset: false });
    return true;
  }

  /**
   * Says what could not be done.
   *
   * @param {string} words
   */
  say(words) {
    this.notice = words;
    this.#tell({ reset: false });
  }

  /** @param {string[]} references */
  tellSelection(references) {
    this.model.send({ kind: "select", references });
  }

  /** Has the kernel look which alarms are out of service. */
  lookForService() {
    if (this.feed.isGone) return;
    this.model.send({ kind: "service" });
  }

  /** What is said where no row is shown. */
  emptyWords() {
    if (this.rows.size) return "No alarm matches the search.";
    if (!this.isFilled) return "waiting for the alarms";
    return this.nothing;
  }

  /** Lets go of what was only to be seen for a while. */
  tidy() {
    const now = performance.now();
    for (const [reference, since] of this.fresh) if (now - since > FRESH_MS) this.fresh.delete(reference);
    let changed = false;
    for (const [reference, { since }] of this.gone) {
      if (now - since < GONE_MS[this.requests.get(reference)?.step ?? "pending"]) continue;
      this.gone.delete(reference);
      this.requests.delete(reference);
      changed = true;
    }
    if (changed) this.#tell({ reset: false });
  }

  /** @param {RowsMessage | ServiceMessage | NoticeMessage | TroubleMessage} content */
  #receive(content) {
    if (content.kind === "trouble") this.feed.hear(content);
    if (content.kind === "notice") this.notice = content.text;
    if (content.kind === "service") this.service = content;
    if (content.kind !== "rows") return this.#tell({ reset: false });
    this.clock.learn(content.now_ms);
    this.feed.hear(content);
    this.provider = content.provider;
    this.degraded = content.degraded;
    this.nothing = content.nothing;
    const isFirst = !this.isFilled;
    if (content.reset) {
      this.#reset(content.upsert);
      this.isFilled = true;
    }
    for (const reference of content.removed) this.#remove(reference);
    for (const row of content.upsert) this.#take(row, isFirst);
    for (const [reference, reason] of content.outcomes) this.#answer(reference, reason);
    return this.#tell({ reset: content.reset });
  }

  /**
   * Everything comes anew: what is not in it has left the board.
   *
   * @param {AlarmRow[]} rows
   */
  #reset(rows) {
    const there = new Set(rows.map((row) => row.reference));
    for (const reference of [...this.rows.keys()]) if (!there.has(reference)) this.#remove(reference);
  }

  /** @param {string} reference */
  #remove(reference) {
    const row = this.rows.get(reference);
    if (!row) return;
    this.rows.delete(reference);
    const request = this.requests.get(reference);
    if (!request) return;
    if (request.step === "accepted") this.requests.set(reference, { step: "done" });
    if (request.step === "done") this.requests.delete(reference);
    else this.gone.set(reference, { row, since: performance.now() });
  }

  /**
   * @param {AlarmRow} row
   * @param {boolean} isFirst whether it came with the first message: then it is no news
   */
  #take(row, isFirst) {
    const before = this.rows.get(row.reference);
    this.gone.delete(row.reference);
    this.rows.set(row.reference, row);
    const isNews = !before || (before.raised_ms !== row.raised_ms && row.state === UNACKNOWLEDGED);
    if (!isFirst && isNews) this.fresh.set(row.reference, performance.now());
    const request = this.requests.get(row.reference);
    if (!request) return;
    if (row.state === ACKNOWLEDGED) this.requests.set(row.reference, { step: "done" });
    // Raised anew after it was acknowledged: what was asked then says nothing about now.
    else if (!before || before.state === ACKNOWLEDGED) this.requests.delete(row.reference);
  }

  /**
   * @param {string} reference
   * @param {string | null} reason
   */
  #answer(reference, reason) {
    const [row, gone] = [this.rows.get(reference), this.gone.get(reference)];
    if (!row && !gone) return;
    if (reason !== null) this.requests.set(reference, { step: "refused", reason });
    else if (gone || row?.state === ACKNOWLEDGED) this.requests.set(reference, { step: "done" });
    else this.requests.set(reference, { step: "accepted" });
    if (gone) gone.since = performance.now();
  }

  /**
   * A row of the board, or one that left it and is still to be seen.
   *
   * @param {string} reference
   */
  #known(reference) {
    return this.rows.get(reference) ?? this.gone.get(reference)?.row;
  }

  /** @param {Change} change */
  #tell(change) {
    for (const watch of this.watchers) watch(change);
  }
}
