import { element } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { Theme } from "../shared/theme.js";
import { AlarmControls } from "./controls.js";
import { isWaiting } from "./state.js";
import { RowTable } from "./table.js";

const LOOK_MS = 1000;

/** One view of the alarm board. */
export class AlarmView {
  constructor(model, board, host) {
    this.board = board;
    this.root = element("div", { class: "mxgw mxgw-alarms", "data-mxgw-widget": "alarm-table" });
    this.letKeysGo = keepPlainKeys(this.root);
    this.holder = element("div", { class: "mxgw-rows" });
    this.controls = new AlarmControls(model.get("operator"), {
      filter: () => (this.table.filter(), this.#describe()),
      acknowledge: () => this.#acknowledgeSelected(),
    });
    this.root.append(this.controls.node, this.holder);
    host.append(this.root);
    this.theme = new Theme(this.root);
    this.table = this.#makeTable(model.get("height"));
    this.unwatch = board.watch((change) => {
      this.table.apply(change, () => board.all()).then(() => this.#describe());
      this.#describe();
    });
    this.timer = setInterval(() => (this.theme.read(), this.#describe()), LOOK_MS);
    this.#describe();
  }

  close() {
    clearInterval(this.timer);
    this.unwatch();
    this.letKeysGo();
    this.table.close();
  }

  #makeTable(height) {
    return new RowTable(this.holder, this.board, height, {
      acknowledge: (reference) => this.board.acknowledge([reference], this.controls.comment.value),
      accepts: (row) => this.controls.accepts(row),
      selected: () => this.#describe(),
    });
  }

  #acknowledgeSelected() {
    this.board.acknowledge(this.table.selection(), this.controls.comment.value);
  }

  #describe() {
    const waiting = [...this.board.rows.values()].filter(isWaiting).length;
    const selected = this.table?.selection().filter((reference) => isWaiting(this.board.rows.get(reference))) ?? [];
    this.controls.update(this.board, selected.length);
    Object.assign(this.root.dataset, {
      rows: String(this.board.rows.size),
      unacknowledged: String(waiting),
    });
  }
}
