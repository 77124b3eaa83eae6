import { element } from "../shared/dom.js";
import { saveFile } from "../shared/file.js";
import { keepPlainKeys } from "../shared/keys.js";
import { showPlant } from "../shared/plant.js";
import { Theme } from "../shared/theme.js";
import { CLEARED, UNACKNOWLEDGED } from "../shared/words.js";
import { Choice } from "./choice.js";
import { AlarmControls } from "./controls.js";
import { csv, fileName, tabbed } from "./export.js";
import { Grid } from "./grid.js";
import { OutOfService } from "./service.js";
import { isWaiting } from "./state.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Board } from "./board.js" */
/** @import { AlarmTraits, ServiceMessage } from "./messages.d.ts" */

const LOOK_MS = 1000;
const COMMENT_SHOWN = 14;
const HANDFUL = 5; // more at one press are asked about

/** One view of the alarm board. */
export class AlarmView {
  /** @type {ServiceMessage | null} */
  shownService = null;

  /**
   * @param {WidgetModel<AlarmTraits>} model
   * @param {Board} board
   * @param {HTMLElement} host
   */
  constructor(model, board, host) {
    this.board = board;
    this.commentRequired = model.get("comment_required");
    this.choice = new Choice((content) => model.send(content));
    this.root = element("div", { class: "mxgw mxgw-alarms", "data-mxgw-widget": "alarm-table" });
    this.letKeysGo = keepPlainKeys(this.root);
    this.controls = new AlarmControls(model.get("operator"), this.choice, {
      filter: () => this.grid.reorder(),
      columns: () => this.grid.refit(),
      acknowledge: () => this.#acknowledge(this.grid.selected()),
      selectAll: (on) => this.grid.selectAll(on),
      copy: () => this.#copy(),
      save: () => saveFile(fileName(board.clock.now()), "text/csv", csv(this.grid.rows)),
    });
    this.grid = this.#makeGrid(model);
    this.service = new OutOfService(model.get("height"), {
      look: () => board.lookForService(),
      toggled: (isOpen) => this.#showTab(isOpen),
    });
    this.controls.addTab(this.service.tab);
    this.service.tab.hidden = !model.get("has_service");
    this.root.append(this.controls.node, this.grid.node, this.service.node);
    // Beside each Ack stands the comment that it will send: by the style sheet, for thousands of rows.
    this.controls.commented = (words) => {
      this.root.style.setProperty("--mx-comment", words ? JSON.stringify(` “${shortened(words)}”`) : '""');
      this.root.dataset.comment = words;
    };
    this.root.addEventListener("pointerover", (event) => this.#tellComment(event));
    host.append(this.root);
    this.theme = new Theme(this.root);
    showPlant(model, this.root);
    this.unwatch = board.watch((change) => {
      this.#forgetGone();
      this.grid.apply(change);
      this.#showService();
      this.#describe();
    });
    this.timer = setInterval(() => {
      board.tidy();
      this.theme.read();
      this.#describe();
    }, LOOK_MS);
    this.#describe();
  }

  close() {
    clearInterval(this.timer);
    this.unwatch();
    this.letKeysGo();
    this.grid.close();
  }

  /** @param {WidgetModel<AlarmTraits>} model */
  #makeGrid(model) {
    /** @param {string} reference */
    const trend = (reference) => model.send({ kind: "trend", reference });
    return new Grid(this.board, this.choice, model.get("height"), {
      acknowledge: (reference) => this.#acknowledge([reference]),
      trend: model.get("has_trend") ? trend : null,
      changed: () => this.#describe(),
      sized: (size, leftOut) => {
        this.root.dataset.size = size;
        this.controls.tellColumns(leftOut);
      },
    });
  }

  /**
   * Asks for it, with one question before where it is for more than a handful.
   *
   * @param {string[]} references
   */
  #acknowledge(references) {
    const words = this.controls.comment.value.trim();
    const waiting = references.filter((reference) => isWaiting(this.board.rows.get(reference)));
    if (!waiting.length) return;
    if (this.commentRequired && !words) {
      this.board.say("A comment is required: write one, then acknowledge.");
      this.controls.comment.focus();
      return;
    }
    if (waiting.length <= HANDFUL) return void this.#send(waiting);
    const said = words ? `with the comment “${shortened(words)}”` : "without a comment";
    this.controls.ask(`Acknowledge ${waiting.length} alarms ${said}?`, () => this.#send(waiting));
  }

  /**
   * The comment is used up by it: it would go unseen onto the next one.
   *
   * @param {string[]} references
   */
  #send(references) {
    if (this.board.acknowledge(references, this.controls.comment.value)) this.controls.setComment("");
  }

  /** @param {boolean} isService the tab of alarms out of service instead of the table */
  #showTab(isService) {
    this.grid.node.hidden = isService;
    this.controls.showTable(!isService);
  }

  async #copy() {
    const count = this.grid.rows.length;
    try {
      await navigator.clipboard.writeText(tabbed(this.grid.rows));
      this.controls.tell(`${count === 1 ? "1 alarm" : `${count} alarms`} copied`);
    } catch {
      this.board.say("This browser does not allow the page to copy. Save as CSV instead.");
    }
  }

  #showService() {
    const { service } = this.board;
    if (service && service !== this.shownService) this.service.show(service);
    this.shownService = service;
  }

  /**
   * The whole comment as the title of the button that would send it.
   *
   * @param {Event} event
   */
  #tellComment({ target }) {
    const pressed = target instanceof Element ? target.closest(".mxgw-row-button") : null;
    const words = this.controls.comment.value.trim();
    const label = pressed?.getAttribute("aria-label");
    if (pressed && label)
      pressed.setAttribute(
        "title",
        `${label}, ${words ? `with the comment “${words}”` : "without a comment"}`,
      );
  }

  #forgetGone() {
    this.grid.selection.keep((reference) => this.board.rows.has(reference));
  }

  #describe() {
    if (!this.grid) return; // it tells of its rows while it is made
    const selected = this.grid.selected();
    const waiting = selected.filter((reference) => isWaiting(this.board.rows.get(reference)));
    this.controls.update(this.board, {
      selected: waiting.length,
      all: selected.length,
      shown: this.grid.rows.length,
    });
    const counts = this.board.counts();
    Object.assign(this.root.dataset, {
      rows: String(this.board.rows.size),
      shown: String(this.grid.rows.length),
      selected: String(selected.length),
      unacknowledged: String(counts[UNACKNOWLEDGED] + counts[CLEARED]),
    });
  }
}

/** @param {string} words */
function shortened(words) {
  const line = words.trim().replace(/\s+/g, " ");
  return line.length > COMMENT_SHOWN ? `${line.slice(0, COMMENT_SHOWN - 1)}…` : line;
}
