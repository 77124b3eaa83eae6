import { Channel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";
import { ACKNOWLEDGED, CLEARED, UNACKNOWLEDGED } from "../shared/words.js";
import { isWaiting } from "./state.js";

const FRESH_MS = 2000;
// How long a row that is gone stays to say what became of its acknowledge: a reason is worth reading.
const GONE_MS = { done: 4000, refused: 30_000, other: 8000 };

/** All that an alarm table knows in this page: one for all of its views. */
export class Board {
  constructor(model) {
    this.model = model;
    this.clock = new Clock();
    this.rows = new Map();
    this.requests = new Map();
    this.gone = new Map();
    this.fresh = new Map();
    this.feed = new Feed();
    this.provider = "";
    this.degraded = "";
    this.isFilled = false;
    this.watchers = new Set();
    this.shownRows = new WeakMap();
    this.channel = new Channel(model, (content) => this.#receive(content));
  }

  /** Calls `watch(change)` after each change, `{reset}`; returns a function that ends it. */
  watch(watch) {
    this.watchers.add(watch);
    return () => this.watchers.delete(watch);
  }

  /** How many rows are in each state. */
  counts() {
    const counts = { [UNACKNOWLEDGED]: 0, [CLEARED]: 0, [ACKNOWLEDGED]: 0 };
    for (const row of this.rows.values()) counts[row.state] = (counts[row.state] ?? 0) + 1;
    return counts;
  }

  /** The rows whose acknowledge was refused, as `[tag, reason]`. */
  refusals() {
    return [...this.requests]
      .filter(([, request]) => request.step === "refused")
      .map(([reference, request]) => [
        (this.rows.get(reference) ?? this.gone.get(reference)?.row)?.tag ?? reference,
        request.reason,
      ]);
  }

  /** Every row to be shown: those on the board, and for a while those that left it while being acknowledged. */
  all() {
    return [...this.rows.values(), ...[...this.gone.values()].map((each) => each.row)];
  }

  /**
   * A row as it is now, with what became of the acknowledge that was asked for it; the same until it changes.
   * Null for one that is no longer there.
   */
  shown({ reference }) {
    const gone = this.gone.get(reference);
    const row = this.rows.get(reference) ?? gone?.row;
    if (!row) return null;
    const request = this.requests.get(reference) ?? null;
    const before = this.shownRows.get(row);
    if (before && before.request === request && before.isGone === Boolean(gone)) return before;
    const made = { ...row, request, isGone: Boolean(gone) };
    this.shownRows.set(row, made);
    return made;
  }

  /** Whether a row came to the board just now. */
  isFresh(reference) {
    return performance.now() - (this.fresh.get(reference) ?? -Infinity) < FRESH_MS;
  }

  /** Asks for an acknowledge. The rows only say "pending": their state changes when the plant says so. */
  acknowledge(references, comment) {
    const waiting = references.filter((reference) => isWaiting(this.rows.get(reference)));
    if (waiting.length === 0 || this.feed.isStopped) return;
    for (const reference of waiting) this.requests.set(reference, { step: "pending" });
    this.model.send({ kind: "acknowledge", references: waiting, comment });
    this.#tell({ reset: false });
  }

  tellSelection(references) {
    this.model.send({ kind: "select", references });
  }

  /** Lets go of what was only to be seen for a while. */
  tidy() {
    const now = performance.now();
    for (const [reference, since] of this.fresh) if (now - since > FRESH_MS) this.fresh.delete(reference);
    let changed = false;
    for (const [reference, { since }] of this.gone) {
      const step = this.requests.get(reference)?.step;
      if (now - since < (GONE_MS[step] ?? GONE_MS.other)) continue;
      this.gone.delete(reference);
      this.requests.delete(reference);
      changed = true;
    }
    if (changed) this.#tell({ reset: false });
  }

  #receive(content) {
    if (content.kind !== "rows") return;
    this.clock.learn(content.now_ms);
    this.feed.hear(content.status);
    this.provider = content.provider ?? "";
    this.degraded = content.degraded ?? "";
    const isFirst = !this.isFilled;
    if (content.reset) {
      this.#reset(content.upsert);
      this.isFilled = true;
    }
    for (const reference of content.removed) this.#remove(reference);
    for (const row of content.upsert) this.#take(row, isFirst);
    for (const [reference, reason] of content.outcomes) this.#answer(reference, reason);
    this.#tell({ reset: content.reset });
  }

  /** Everything comes anew: what is not in it has left the board. */
  #reset(rows) {
    const there = new Set(rows.map((row) => row.reference));
    for (const reference of [...this.rows.keys()]) if (!there.has(reference)) this.#remove(reference);
  }

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

  #answer(reference, reason) {
    if (!this.rows.has(reference) && !this.gone.has(reference)) return;
    if (reason !== null) this.requests.set(reference, { step: "refused", reason });
    else if (this.gone.has(reference) || this.rows.get(reference).state === ACKNOWLEDGED)
      this.requests.set(reference, { step: "done" });
    else this.requests.set(reference, { step: "accepted" });
    if (this.gone.has(reference)) this.gone.get(reference).since = performance.now();
  }

  #tell(change) {
    for (const watch of this.watchers) watch(change);
  }
}
