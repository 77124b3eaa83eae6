import { element, setText } from "./dom.js";

/** The line that says whether what is on the screen is the plant as it is now. */
export class StatusLine {
  constructor() {
    this.node = element("span", { class: "mxgw-status", role: "status", "data-live": "no" }, "connecting");
  }

  /** Shows the feed's own words; `held` says that this view stands still by the reader's wish. */
  show(status, held = "") {
    setText(this.node, status === "live" && held ? held : status);
    this.node.dataset.live = status === "live" && !held ? "yes" : "no";
  }

  /** What never came from the kernel; each time everything was asked for anew, so nothing is missing now. */
  tellHoles(holes) {
    this.node.dataset.holes = String(holes);
    this.node.title = holes
      ? `Messages from the kernel were lost ${holes === 1 ? "once" : `${holes} times`}; all was sent again.`
      : "";
  }
}
