import { openChannel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";
import { isWaiting } from "./state.js";

/** All that an alarm table knows in this page: one for all of its views. */
export class Board {
  constructor(model) {
    this.model = model;
    this.clock = new Clock();
    this.rows = new Map();
    this.requests = new Map();
    this.feed = new Feed();
    this.isFilled = false;
    this.watchers = new Set();
    this.close = openChannel(model, (content) => this.#receive(content));
  }

  /** Calls `watch(change)` after each change: `{reset, upsert, removed}`; returns a function that ends it. */
  watch(watch) {
    this.watchers.add(watch);
    return () => this.watchers.delete(watch);
  }

  /** How many rows are in each state. */
  counts() {
    const counts = { unacknowledged: 0, acknowledged: 0, "cleared unacknowledged": 0 };
    for (const row of this.rows.values()) counts[row.state] = (counts[row.state] ?? 0) + 1;
    return counts;
  }

  /** The rows whose acknowledge was refused, as `[tag, reason]`. */
  refusals() {
    return [...this.requests]
      .filter(([, request]) => request.step === "refused")
      .map(([reference, request]) => [this.rows.get(reference)?.tag ?? reference, request.reason]);
  }

  /** Asks for an acknowledge. The rows only say "pending": their state changes when the plant says so. */
  acknowledge(references, comment) {
    const waiting = references.filter((reference) => isWaiting(this.rows.get(reference)));
    if (waiting.length === 0 || this.feed.isStopped) return;
    for (const reference of waiting) this.requests.set(reference, { step: "pending" });
    this.model.send({ kind: "acknowledge", references: waiting, comment });
    this.#tell({ reset: false, upsert: waiting.map((reference) => this.#row(reference)), removed: [] });
  }

  #receive(content) {
    if (content.kind !== "rows") return;
    this.clock.learn(content.now_ms);
    this.feed.hear(content.status);
    const touched = new Set();
    if (content.reset) {
      this.rows.clear();
      this.isFilled = true;
    }
    for (const reference of content.removed) {
      this.rows.delete(reference);
      this.requests.delete(reference);
    }
    for (const row of content.upsert) this.#take(row, touched);
    for (const [reference, reason] of content.outcomes) this.#answer(reference, reason, touched);
    const upsert = [...touched].filter((reference) => this.rows.has(reference)).map((reference) => this.#row(reference));
    this.#tell({ reset: content.reset, upsert, removed: content.removed });
  }

  #take(row, touched) {
    const before = this.rows.get(row.reference);
    this.rows.set(row.reference, row);
    touched.add(row.reference);
    const request = this.requests.get(row.reference);
    if (!request) return;
    if (row.state === "acknowledged") this.requests.set(row.reference, { step: "done" });
    // Raised anew after it was acknowledged: what was asked then says nothing about now.
    else if (before?.state === "acknowledged") this.requests.delete(row.reference);
  }

  #answer(reference, reason, touched) {
    touched.add(reference);
    if (reason !== null) this.requests.set(reference, { step: "refused", reason });
    else if (this.rows.get(reference)?.state === "acknowledged") this.requests.set(reference, { step: "done" });
    else this.requests.set(reference, { step: "accepted" });
  }

  /** A row with what became of the acknowledge that was asked for it. */
  #row(reference) {
    return { ...this.rows.get(reference), request: this.requests.get(reference) ?? null };
  }

  /** All rows as the table takes them. */
  all() {
    return [...this.rows.keys()].map((reference) => this.#row(reference));
  }

  #tell(change) {
    for (const watch of this.watchers) watch(change);
  }
}
