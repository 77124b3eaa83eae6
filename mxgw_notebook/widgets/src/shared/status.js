import { element, setText } from "./dom.js";
import { PHASES } from "./words.js";

/** @import { Feed } from "./feed.js" */

/** The line that says whether what is on the screen is the plant as it is now. */
export class StatusLine {
  constructor() {
    const attributes = { class: "mxgw-status", role: "status", "data-live": "no" };
    this.node = element("span", attributes, PHASES.CONNECTING);
  }

  /**
   * Shows how the feed stands; `held` says in words that this view stands still by the reader's wish.
   *
   * @param {Feed} feed
   */
  show(feed, held = "") {
    const { isLive, words } = feed.standing();
    setText(this.node, isLive && held ? held : words);
    this.node.dataset.live = isLive && !held ? "yes" : "no";
  }

  /**
   * What never came from the kernel; each time everything was asked for anew, so nothing is missing now.
   *
   * @param {number} holes
   */
  tellHoles(holes) {
    this.node.dataset.holes = String(holes);
    this.node.title = holes
      ? `Messages from the kernel were lost ${holes === 1 ? "once" : `${holes} times`}; everything was sent again.`
      : "";
  }
}
