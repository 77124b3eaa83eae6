import { element } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { Theme } from "../shared/theme.js";
import { CLEARED, UNACKNOWLEDGED } from "../shared/words.js";
import { Choice } from "./choice.js";
import { AlarmControls } from "./controls.js";
import { Grid } from "./grid.js";
import { OutOfService } from "./service.js";
import { isWaiting } from "./state.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Board } from "./board.js" */
/** @import { AlarmTraits } from "./messages.d.ts" */

const LOOK_MS = 1000;

/** One view of the alarm board. */
export class AlarmView {
  /**
   * @param {WidgetModel<AlarmTraits>} model
   * @param {Board} board
   * @param {HTMLElement} host
   */
  constructor(model, board, host) {
    this.board = board;
    this.choice = new Choice((content) => model.send(content));
    this.root = element("div", { class: "mxgw mxgw-alarms", "data-mxgw-widget": "alarm-table" });
    this.letKeysGo = keepPlainKeys(this.root);
    this.controls = new AlarmControls(model.get("operator"), this.choice, {
      filter: () => this.grid.reorder(),
      columns: () => this.grid.refit(),
      acknowledge: () => board.acknowledge(this.grid.selected(), this.controls.comment.value),
      selectAll: (on) => this.grid.selectAll(on),
    });
    this.grid = this.#makeGrid(model);
    this.service = new OutOfService(model.get("height"), {
      look: () => board.lookForService(),
      toggled: (isOpen) => this.#showTab(isOpen),
    });
    this.controls.addTab(this.service.tab);
    this.service.tab.hidden = !model.get("has_service");
    this.root.append(this.controls.node, this.grid.node, this.service.node);
    host.append(this.root);
    this.theme = new Theme(this.root);
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
      acknowledge: (reference) => this.board.acknowledge([reference], this.controls.comment.value),
      trend: model.get("has_trend") ? trend : null,
      changed: () => this.#describe(),
      sized: (size) => {
        this.root.dataset.size = size;
      },
    });
  }

  /** @param {boolean} isService the tab of alarms out of service instead of the table */
  #showTab(isService) {
    this.grid.node.hidden = isService;
    this.controls.showTable(!isService);
  }

  #showService() {
    const { service } = this.board;
    if (service && service !== this.shownService) this.service.show(service);
    this.shownService = service;
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
