import { Channel } from "../shared/channel.js";
import { Clock } from "../shared/clock.js";
import { Feed } from "../shared/feed.js";

/** The rows that a table of values knows, by tag, in the order they were watched. */
export class Board {
  constructor(model) {
    this.clock = new Clock();
    this.feed = new Feed();
    this.rows = new Map();
    this.changes = 0;
    this.channel = new Channel(model, (content) => this.#receive(content));
  }

  #receive(content) {
    if (content.kind !== "values") return;
    if (content.reset) this.rows.clear();
    this.clock.learn(content.now_ms);
    this.feed.hear(content.status);
    for (const row of content.rows) this.rows.set(row.tag, row);
    this.changes += 1;
  }
}
