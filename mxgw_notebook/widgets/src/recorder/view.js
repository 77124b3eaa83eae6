import { button, drawing, element } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { showPlant } from "../shared/plant.js";
import { StatusLine } from "../shared/status.js";
import { Theme } from "../shared/theme.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Board } from "./board.js" */
/** @import { RecorderTraits } from "./messages.d.ts" */

const LOOK_MS = 250;
const SPARK_WIDTH = 220;
const SPARK_HEIGHT = 32;
const STOP = "Stop recording";

/** One view of a recorder. */
export class RecorderView {
  root = element("div", { class: "mxgw mxgw-recorder", "data-mxgw-widget": "recorder" });
  facts = element("dl", { class: "mxgw-facts" });
  lately = element("div", { class: "mxgw-lately" });
  status = new StatusLine();
  seen = -1; // the board's changes when the facts were drawn
  #isEnding = false;

  /**
   * @param {WidgetModel<RecorderTraits>} model
   * @param {Board} board
   * @param {HTMLElement} host
   */
  constructor(model, board, host) {
    this.board = board;
    this.end = button(STOP, "Ends the recording; what was recorded stays", () => {
      this.#isEnding = true;
      model.send({ kind: "end" });
      this.#look();
    });
    const spring = element("span", { class: "mxgw-spring" });
    this.root.append(
      element("div", { class: "mxgw-toolbar" }, this.status.node, spring, this.end),
      this.facts,
      this.lately,
    );
    host.append(this.root);
    this.theme = new Theme(this.root);
    showPlant(model, this.root);
    this.letKeysGo = keepPlainKeys(this.root);
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  close() {
    clearInterval(this.timer);
    this.letKeysGo();
  }

  #look() {
    if (document.hidden || !this.root.isConnected) return;
    this.theme.read();
    const { feed } = this.board;
    this.status.show(feed);
    this.status.tellHoles(this.board.channel.holes);
    const isOver = feed.isStopped || feed.isGone;
    this.end.disabled = isOver || this.#isEnding;
    this.end.textContent = this.#isEnding && !isOver ? "Stopping …" : STOP;
    this.end.hidden = isOver;
    if (this.seen !== this.board.changes) this.#draw();
  }

  #draw() {
    this.seen = this.board.changes;
    this.facts.replaceChildren(
      ...this.board.facts.flatMap(({ name, text, tone }) => [
        element("dt", {}, name),
        element("dd", { "data-fact": name, "data-tone": tone || null }, text),
      ]),
    );
    this.lately.replaceChildren(...spark(this.board.rates));
  }
}

/**
 * How fast it was of late, from nothing up.
 *
 * @param {number[]} rates the oldest first
 */
function spark(rates) {
  const most = Math.max(0, ...rates);
  if (rates.length < 2 || !most) return [];
  const svg = drawing("svg", {
    width: SPARK_WIDTH,
    height: SPARK_HEIGHT,
    role: "img",
    "aria-label": `Samples a second of late, at most ${most.toFixed(1)}`,
    class: "mxgw-spark",
  });
  const points = rates.map((rate, i) => {
    const x = 1 + (i / (rates.length - 1)) * (SPARK_WIDTH - 2);
    return `${x.toFixed(1)} ${(SPARK_HEIGHT - 2 - (rate / most) * (SPARK_HEIGHT - 4)).toFixed(1)}`;
  });
  svg.append(drawing("path", { d: `M${points.join("L")}`, fill: "none" }));
  return [svg];
}
