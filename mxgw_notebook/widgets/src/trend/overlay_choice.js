import { element } from "../shared/dom.js";

/** @import { Overlay } from "./overlay.js" */

const HOUR = 3600_000;
/** @type {[by: string, ms: number, words: string][]} */
const PERIODS = [
  ["", 0, "No overlay"],
  ["10min", HOUR / 6, "10 min earlier"],
  ["1h", HOUR, "1 h earlier"],
  ["8h", 8 * HOUR, "8 h earlier"],
  ["24h", 24 * HOUR, "24 h earlier"],
  ["7d", 168 * HOUR, "7 days earlier"],
];
const ANSWER_MS = 3000;

/** Chooses the earlier period that is drawn beside the present; one that Python chose stands among them. */
export class OverlayChoice {
  chosenAt = -Infinity; // the kernel has not answered yet

  /** @param {(by: string) => void} lay */
  constructor(lay) {
    this.node = element("select", {
      class: "mxgw-select",
      "aria-label": "Overlay",
      title: "An earlier period of the same tags, dashed and paler",
    });
    for (const [by, , words] of PERIODS) this.node.append(element("option", { value: by }, words));
    this.own = element("option", { value: "own", hidden: "" });
    this.node.append(this.own);
    this.node.addEventListener("change", () => {
      this.chosenAt = performance.now();
      if (this.node.value !== "own") lay(this.node.value);
    });
  }

  /** @param {Overlay} overlay as the kernel has it */
  update({ shiftMs, words }) {
    const known = PERIODS.find(([, ms]) => ms === shiftMs);
    const value = known ? known[0] : "own";
    if (value === this.node.value) this.chosenAt = -Infinity;
    if (performance.now() - this.chosenAt < ANSWER_MS) return;
    this.own.hidden = Boolean(known);
    if (!known) this.own.textContent = words;
    if (this.node.value !== value) this.node.value = value;
  }
}
