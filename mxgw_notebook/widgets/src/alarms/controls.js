import { button, element, setText } from "../shared/dom.js";
import { StatusLine } from "../shared/status.js";
import { SPARE_COLUMNS } from "./columns.js";
import { Counts } from "./counts.js";

/** @import { Child } from "../shared/dom.js" */
/** @import { Board } from "./board.js" */
/** @import { Choice, Grouping } from "./choice.js" */

/**
 * What the controls set off.
 *
 * @typedef {object} Acts
 * @property {() => void} filter after another choice of rows or groups
 * @property {() => void} columns after another choice of columns
 * @property {() => void} acknowledge
 * @property {(on: boolean) => void} selectAll what the filters let through, or nothing
 * @property {() => void} copy what is shown, to the clipboard
 * @property {() => void} save what is shown, as a file
 */

/** @type {[grouping: Grouping, words: string][]} */
const GROUPS = [
  ["", "no groups"],
  ["area", "by area"],
  ["object", "by source"],
];

const TOLD_MS = 3000;

/** The lines above the table: counts and feed, then what to see, then the acknowledge. */
export class AlarmControls {
  /** Is told of each change of the comment. */
  commented = (/** @type {string} */ _words) => {};
  /** @type {HTMLElement[]} */
  lines = [];

  /**
   * @param {string} operator
   * @param {Choice} choice
   * @param {Acts} acts
   */
  constructor(operator, choice, { filter, columns, acknowledge, selectAll, copy, save }) {
    this.choice = choice;
    this.status = new StatusLine();
    this.provider = element("span", { class: "mxgw-faint mxgw-provider" });
    this.counts = new Counts(choice, filter);
    this.search = textInput("Search tag, area, text", "search", () => {
      choice.set({ search: this.search.value });
      filter();
    });
    this.group = groupChoice((group) => {
      choice.group = group;
      filter();
    });
    this.columns = columnChoice(choice, columns);
    this.all = button("Select all", "Select all alarms that pass the filters", () => selectAll(true));
    this.none = button("Clear", "Select none", () => selectAll(false));
    this.copy = button("Copy", "Copy the shown alarms, for a spreadsheet", () => copy());
    this.save = button("CSV", "Save the shown alarms as CSV", () => save());
    this.told = element("span", { class: "mxgw-faint", "aria-live": "polite" });
    this.question = element("div", { class: "mxgw-question", role: "alertdialog", hidden: "" });
    this.comment = textInput("Comment for the acknowledgement", "text", () =>
      this.commented(this.comment.value),
    );
    this.comment.maxLength = 1024;
    this.acknowledge = button("Acknowledge selected", "Acknowledge the selected alarms", () => acknowledge());
    this.acknowledge.classList.add("mxgw-primary");
    this.comment.addEventListener("keydown", (event) => {
      if (event.key === "Enter") acknowledge();
    });
    this.degraded = element("div", { class: "mxgw-degraded", role: "status" });
    this.notice = element("div", { class: "mxgw-notice", role: "alert" });
    this.node = this.#layout(operator);
  }

  /**
   * Says which columns are not shown for want of room.
   *
   * @param {string[]} leftOut their titles
   */
  tellColumns(leftOut) {
    const summary = this.columns.querySelector("summary");
    if (!summary) return;
    setText(summary, leftOut.length ? `Columns (${leftOut.length} hidden)` : "Columns");
    const words = leftOut.length ? `No room for ${leftOut.join(", ")}. ` : "";
    summary.setAttribute("title", `${words}Choose the columns`);
  }

  /**
   * Says for a moment what was done.
   *
   * @param {string} words
   */
  tell(words) {
    setText(this.told, words);
    setTimeout(() => setText(this.told, ""), TOLD_MS);
  }

  /**
   * One question before something is done.
   *
   * @param {string} words
   * @param {() => void} act
   */
  ask(words, act) {
    const close = () => {
      this.question.hidden = true;
    };
    const yes = button("Acknowledge them", words, () => {
      close();
      act();
    });
    yes.classList.add("mxgw-primary");
    const no = button("Cancel", "Acknowledge none", close);
    this.question.replaceChildren(element("b", {}, words), yes, no);
    this.question.setAttribute("aria-label", words);
    this.question.hidden = false;
    yes.focus();
  }

  /**
   * @param {string} words
   */
  setComment(words) {
    this.comment.value = words;
    this.commented(words);
  }

  /** @param {HTMLElement} tab beside the counts */
  addTab(tab) {
    this.counts.node.append(tab);
  }

  /** @param {boolean} isShown whether what acts on the table is there */
  showTable(isShown) {
    for (const line of this.lines) line.hidden = !isShown;
  }

  /**
   * `selected` are those that wait, of `all` selected ones; `shown` are the rows that the filters let through.
   *
   * @param {Board} board
   * @param {{selected: number, all: number, shown: number}} counts
   */
  update(board, { selected, all, shown }) {
    this.counts.update(board.counts());
    this.status.show(board.feed);
    this.status.tellHoles(board.channel.holes);
    setText(this.provider, board.provider && !board.degraded ? `from ${board.provider}` : "");
    this.degraded.hidden = !board.degraded;
    setText(
      this.degraded,
      board.degraded
        ? `◌ Degraded: alarms come from ${board.provider || "a poorer source"}: ${board.degraded} Operators and comments may be missing.`
        : "",
    );
    this.#tellRefusals(board.refusals(), board.notice);
    setText(this.all, `Select all (${shown})`);
    this.all.disabled = shown === 0;
    this.none.disabled = all === 0;
    this.acknowledge.disabled = selected === 0 || board.feed.isStopped || board.feed.isGone;
    setText(this.acknowledge, selected ? `Acknowledge selected (${selected})` : "Acknowledge selected");
  }

  /** @param {string} operator */
  #layout(operator) {
    const who = operator ? [element("span", { class: "mxgw-faint" }, `as ${operator}`)] : [];
    const spring = () => element("span", { class: "mxgw-spring" });
    const feed = element("span", { class: "mxgw-feed" }, this.provider, this.status.node);
    /** @type {(...nodes: Child[]) => HTMLElement} */
    const line = (...nodes) => element("div", { class: "mxgw-toolbar" }, ...nodes);
    const files = [this.copy, this.save, this.told];
    const seeing = line(this.search, this.group, this.columns, ...files, spring(), this.all, this.none);
    seeing.classList.add("mxgw-seeing");
    const acting = line(this.comment, this.acknowledge, ...who);
    acting.classList.add("mxgw-actions");
    this.lines = [seeing, acting];
    return element(
      "div",
      {},
      line(this.counts.node, feed),
      this.degraded,
      seeing,
      acting,
      this.question,
      this.notice,
    );
  }

  /**
   * The newest reason in full: a row has room for its beginning only.
   *
   * @param {[tag: string, reason: string][]} refusals
   * @param {string} words what else could not be done
   */
  #tellRefusals(refusals, words) {
    const newest = refusals.at(-1);
    this.notice.hidden = !newest && !words;
    if (!newest) return setText(this.notice, words && `✗ ${words}`);
    const [tag, reason] = newest;
    const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more, see the rows)` : "";
    return setText(this.notice, `✗ ${tag}: ${reason}${more}`);
  }
}

/** @param {(grouping: Grouping) => void} choose */
function groupChoice(choose) {
  const options = GROUPS.map(([value, words]) => element("option", { value }, words));
  const made = element(
    "select",
    { class: "mxgw-select", "aria-label": "Group", title: "Group the alarms" },
    ...options,
  );
  made.addEventListener("change", () => choose(GROUPS[made.selectedIndex][0]));
  return made;
}

/**
 * A list of the columns that can be left out.
 *
 * @param {Choice} choice
 * @param {() => void} changed
 */
function columnChoice(choice, changed) {
  const boxes = SPARE_COLUMNS.map((column) => {
    const box = element("input", { type: "checkbox", checked: "" });
    box.addEventListener("change", () => {
      box.checked ? choice.hidden.delete(column.key) : choice.hidden.add(column.key);
      changed();
    });
    return element("label", {}, box, ` ${column.title}`);
  });
  const summary = element("summary", { class: "mxgw-button", title: "Choose the columns" }, "Columns");
  return element(
    "details",
    { class: "mxgw-columns" },
    summary,
    element("div", { class: "mxgw-menu" }, ...boxes),
  );
}

/**
 * @param {string} words
 * @param {"search" | "text"} type
 * @param {() => void} change
 */
function textInput(words, type, change) {
  const made = element("input", { class: "mxgw-input", type, placeholder: words, "aria-label": words });
  made.addEventListener("input", change);
  return made;
}
