import { Channel } from "../shared/channel.js";
import { Feed } from "../shared/feed.js";

/** @import { Line, NoticeMessage, TroubleMessage } from "../shared/model.d.ts" */
/** @import { Fact, RecorderMessage } from "./messages.d.ts" */

/** What a panel knows of its recorder. */
export class Board {
  feed = new Feed();
  /** @type {Fact[]} */
  facts = [];
  /** @type {number[]} */
  rates = [];
  changes = 0;

  /** @param {Line} model */
  constructor(model) {
    this.feed.follow(model);
    /** @type {Channel<RecorderMessage | TroubleMessage | NoticeMessage>} */
    this.channel = new Channel(model, (message) => this.#receive(message));
  }

  /** @param {RecorderMessage | TroubleMessage | NoticeMessage} content */
  #receive(content) {
    if (content.kind === "notice") return;
    this.feed.hear(content);
    if (content.kind !== "recorder") return;
    this.facts = content.facts;
    this.rates = content.rates;
    this.changes += 1;
  }
}
