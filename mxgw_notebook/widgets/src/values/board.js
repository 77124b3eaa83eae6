import { Channel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";

/** @import { Line, TroubleMessage } from "../shared/model.d.ts" */
/** @import { ValueRow, ValuesMessage, TypedWrite } from "./messages.d.ts" */

/** The rows that a table of values knows, by tag, in the order they were watched. */
export class Board {
  clock = new Clock();
  feed = new Feed();
  /** @type {Map<string, ValueRow>} */
  rows = new Map();
  /** @type {Map<string, TypedWrite>} */
  writes = new Map(); // by the name that their page gave them
  /** @type {Map<string, TypedWrite>} */
  outcomes = new Map(); // the newest of each tag that is more than a plan
  changes = 0;

  /** @param {Line} model */
  constructor(model) {
    this.feed.follow(model);
    /** @type {Channel<ValuesMessage | TroubleMessage>} */
    this.channel = new Channel(model, (message) => this.#receive(message));
  }

  /** @param {ValuesMessage | TroubleMessage} content */
  #receive(content) {
    if (content.kind === "trouble") this.feed.hear(content);
    if (content.kind !== "values") return;
    if (content.reset) {
      this.rows.clear();
      this.writes.clear();
      this.outcomes.clear();
    }
    this.clock.learn(content.now_ms);
    this.feed.hear(content);
    for (const row of content.rows) this.rows.set(row.tag, row);
    for (const write of content.writes ?? []) this.#note(write);
    this.changes += 1;
  }

  /** @param {TypedWrite} write */
  #note(write) {
    this.writes.set(write.request, write);
    if (write.tag && write.state !== "planning" && write.state !== "offered")
      this.outcomes.set(write.tag, write);
  }
}
