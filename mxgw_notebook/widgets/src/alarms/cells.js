/** What stands in a row's cells: nodes, never text that is parsed, since what a plant says is untrusted. */
import { button, element } from "../shared/dom.js";
import { day, timeOfDay } from "../shared/words.js";
import { isWaiting } from "./state.js";

/** @import { ShownRow } from "./board.js" */
/** @import { Cell, CellTools } from "./columns.js" */

const SHORT_AFTER_MS = 20 * 3600 * 1000;

/**
 * What the plant says, as it is.
 *
 * @param {"description" | "value" | "limit" | "area" | "kind"} key
 * @returns {Cell}
 */
export function text(key) {
  return (row) => textNode(row[key]);
}

/** @param {string} words */
function textNode(words) {
  return element("span", { title: words || null }, words);
}

/** @type {Cell} */
export function tagCell(row) {
  const title = [row.tag, row.description, row.reference].filter(Boolean).join("\n");
  const note = row.degraded
    ? [element("span", { class: "mxgw-degraded-mark", title: "from a degraded provider" }, " ◌")]
    : [];
  return element("span", { title }, row.tag, ...note);
}

/**
 * The time of day; the date as well when that is not clear by itself.
 *
 * @type {Cell}
 */
export function raisedCell(row, { board }) {
  const ms = row.raised_ms;
  if (ms === null || ms === undefined)
    return element("span", { class: "mxgw-faint", title: "The gateway sent no time" }, "unknown");
  const old = Math.abs(board.clock.now() - ms) > SHORT_AFTER_MS;
  return element("span", { title: `${day(ms)} ${timeOfDay(ms)}` }, old ? day(ms) : timeOfDay(ms));
}

/** @type {Cell} */
export function commentCell(row) {
  return textNode([row.operator, row.comment].filter(Boolean).join(": "));
}

/**
 * The row's buttons, or what became of an acknowledge.
 *
 * @type {Cell}
 */
export function actionCell(row, tools) {
  const trend = tools.trend && !row.isGone ? [trendButton(row, tools.trend)] : [];
  return element("span", { class: "mxgw-action-part" }, ...trend, ...requestNodes(row, tools.acknowledge));
}

/**
 * @param {ShownRow} row
 * @param {CellTools["acknowledge"]} acknowledge
 */
function requestNodes(row, acknowledge) {
  const { request } = row;
  if (request?.step === "pending") return [outcome("pending", "sending …", "on its way to the gateway")];
  if (request?.step === "accepted")
    return [outcome("pending", "sent …", "accepted by the gateway; waiting for the alarm to change")];
  if (request?.step === "refused") {
    const why = outcome("refused", `✗ ${request.reason}`);
    return isWaiting(row) && !row.isGone
      ? [ackButton(row, acknowledge, "↻", "Try again to acknowledge"), why]
      : [why];
  }
  if (request?.step === "done") return [outcome("done", row.isGone ? "✓ done, gone" : "✓ done")];
  return isWaiting(row) ? [ackButton(row, acknowledge)] : [];
}

/**
 * @param {"pending" | "refused" | "done"} step
 * @param {string} words
 * @param {string} title
 */
function outcome(step, words, title = words) {
  return element("span", { class: "mxgw-outcome", "data-step": step, title }, words);
}

/**
 * @param {ShownRow} row
 * @param {CellTools["acknowledge"]} acknowledge
 * @param {string} words
 * @param {string} verb
 */
function ackButton(row, acknowledge, words = "Ack", verb = "Acknowledge") {
  return rowButton(words, `${verb} ${row.reference}`, () => acknowledge(row.reference), "mxgw-row-button");
}

/**
 * @param {ShownRow} row
 * @param {(reference: string) => void} trend
 */
function trendButton(row, trend) {
  return rowButton("↗", `Trend of ${row.tag}`, () => trend(row.reference), "mxgw-trend-button");
}

/**
 * @param {string} words
 * @param {string} label
 * @param {() => void} act
 * @param {string} name its class
 */
function rowButton(words, label, act, name) {
  const made = button(words, label, (event) => {
    // The row below would take the click for a selection.
    event.stopPropagation();
    act();
  });
  made.setAttribute("aria-label", label);
  made.tabIndex = -1;
  made.classList.add(name);
  return made;
}
