import { button, element, setText } from "../shared/dom.js";
import { StatusLine } from "../shared/status.js";
import { Counts } from "./counts.js";

/** The lines above the table: counts and feed, then search, comment and the acknowledge button. */
export class AlarmControls {
  constructor(operator, { filter, acknowledge }) {
    this.status = new StatusLine();
    this.counts = new Counts(() => filter());
    this.search = textInput("Search tag, area, text", "search", () => filter());
    this.comment = textInput("Comment for the acknowledge", "text", () => {});
    this.comment.maxLength = 1024;
    this.acknowledge = button("Acknowledge selected", "Acknowledge the selected alarms", () => acknowledge());
    this.acknowledge.classList.add("mxgw-primary");
    this.comment.addEventListener("keydown", (event) => {
      if (event.key === "Enter") acknowledge();
    });
    this.notice = element("div", { class: "mxgw-notice", role: "alert" });
    const who = operator ? [element("span", { class: "mxgw-faint" }, `as ${operator}`)] : [];
    const spring = () => element("span", { class: "mxgw-spring" });
    this.node = element(
      "div",
      {},
      element("div", { class: "mxgw-toolbar" }, this.counts.node, spring(), this.status.node),
      element("div", { class: "mxgw-toolbar mxgw-actions" }, this.search, this.comment, this.acknowledge, ...who),
      this.notice,
    );
  }

  update(board, selected) {
    this.counts.update(board.counts());
    this.status.show(board.feed.words());
    this.#tellRefusals(board.refusals());
    this.acknowledge.disabled = selected === 0 || board.feed.isStopped;
    setText(this.acknowledge, selected ? `Acknowledge selected (${selected})` : "Acknowledge selected");
  }

  /** The newest reason in full: a row has room for its beginning only. */
  #tellRefusals(refusals) {
    this.notice.hidden = refusals.length === 0;
    if (refusals.length === 0) return;
    const [tag, reason] = refusals.at(-1);
    const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more, see the rows)` : "";
    setText(this.notice, `✗ Not acknowledged: ${tag}: ${reason}${more}`);
  }

  /** Whether a row fits what is typed and which count is pressed. */
  accepts(row) {
    if (this.counts.chosen && row.state !== this.counts.chosen) return false;
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = [row.reference, row.tag, row.area, row.description, row.kind, row.operator, row.comment]
      .join("\n")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  }
}

function textInput(words, type, change) {
  const made = element("input", { class: "mxgw-input", type, placeholder: words, "aria-label": words });
  made.addEventListener("input", change);
  return made;
}
