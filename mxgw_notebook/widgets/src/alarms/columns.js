/** The table's columns. A formatter returns nodes, never text: Tabulator would parse text as HTML. */
import { button, element } from "../shared/dom.js";
import { day, timeOfDay } from "../shared/words.js";
import { isWaiting, rank, severityMark, stateMark } from "./state.js";

const SHORT_AFTER_MS = 20 * 3600 * 1000;

/** The state's column in a wide and in a narrow table. */
export const STATE_WIDTH = { wide: 152, narrow: 92 };

/** `acknowledge(reference)` is called by a row's own button. */
export function columns(board, acknowledge) {
  return [
    SELECT,
    { title: "Sev.", field: "severity", width: 56, responsive: 0, formatter: severityCell, titleFormatter: severityTitle },
    { title: "State", field: "state", width: STATE_WIDTH.wide, responsive: 0, formatter: stateCell, sorter: byUrgency },
    textColumn("Tag", "tag", { minWidth: 214, widthGrow: 2, responsive: 0, cssClass: "mxgw-tag" }),
    textColumn("Description", "description", { minWidth: 190, widthGrow: 3, responsive: 3, cssClass: "mxgw-what" }),
    textColumn("Value", "value", { minWidth: 72, responsive: 4 }),
    textColumn("Limit", "limit", { minWidth: 72, responsive: 5 }),
    { title: "Raised", field: "raised_ms", width: 78, responsive: 2, formatter: raisedCell(board) },
    textColumn("Area", "area", { minWidth: 92, responsive: 6 }),
    textColumn("Type", "kind", { minWidth: 66, responsive: 8 }),
    textColumn("Comment", "comment", { minWidth: 110, widthGrow: 2, responsive: 7, formatter: commentCell }),
    { title: "Action", field: "request", minWidth: 96, responsive: 0, headerSort: false, formatter: requestCell(acknowledge) },
  ];
}

const SELECT = {
  formatter: "rowSelection",
  titleFormatter: "rowSelection",
  titleFormatterParams: { rowRange: "active" },
  width: 32,
  hozAlign: "center",
  headerHozAlign: "center",
  headerSort: false,
  resizable: false,
  responsive: 0,
};

function textColumn(title, field, more) {
  return { title, field, formatter: textCell, ...more };
}

/** Waiting before acknowledged, then by severity, then the newest. */
export function byUrgency(_a, _b, rowA, rowB) {
  const [a, b] = [rowA.getData(), rowB.getData()];
  const waits = (row) => (isWaiting(row) ? 0 : 1 + rank(row.state));
  return waits(a) - waits(b) || a.severity - b.severity || (b.raised_ms ?? 0) - (a.raised_ms ?? 0);
}

function textCell(cell) {
  const text = String(cell.getValue() ?? "");
  return element("span", { title: text || null }, text);
}

function severityCell(cell) {
  return severityMark(cell.getValue());
}

function severityTitle() {
  return element("span", { title: "Severity: 1 is the most urgent, 999 the least" }, "Sev.");
}

function stateCell(cell) {
  return stateMark(cell.getValue());
}

/** The time of day; the date as well when that is not clear by itself. */
function raisedCell(board) {
  return (cell) => {
    const ms = cell.getValue();
    if (ms === null || ms === undefined) return element("span", { class: "mxgw-faint" }, "unknown");
    const old = Math.abs(board.clock.now() - ms) > SHORT_AFTER_MS;
    return element("span", { title: `${day(ms)} ${timeOfDay(ms)}` }, old ? day(ms) : timeOfDay(ms));
  };
}

function commentCell(cell) {
  const { operator, comment } = cell.getData();
  const text = [operator, comment].filter(Boolean).join(": ");
  return element("span", { title: text || null }, text);
}

/** The row's button, or what became of it. */
function requestCell(acknowledge) {
  return (cell) => {
    const row = cell.getData();
    const request = row.request;
    if (request?.step === "pending") return outcome("pending", "sending …", "on its way to the gateway");
    if (request?.step === "accepted") return outcome("pending", "sent …", "accepted by the gateway; waiting for the alarm to change");
    if (request?.step === "refused") return refused(request.reason, row, acknowledge);
    if (request?.step === "done") return outcome("done", "✓ done");
    return isWaiting(row) ? rowButton(row, acknowledge) : element("span");
  };
}

function refused(reason, row, acknowledge) {
  const why = outcome("refused", `✗ ${reason}`);
  if (!isWaiting(row)) return why;
  return element("span", { class: "mxgw-refused" }, rowButton(row, acknowledge, "↻", "Try again to acknowledge"), why);
}

function outcome(step, words, title = words) {
  return element("span", { class: "mxgw-outcome", "data-step": step, title }, words);
}

function rowButton(row, acknowledge, words = "Ack", verb = "Acknowledge") {
  const made = button(words, `${verb} ${row.reference}`, (event) => {
    // The row below would take the click for a selection.
    event.stopPropagation();
    acknowledge(row.reference);
  });
  made.setAttribute("aria-label", `${verb} ${row.reference}`);
  made.classList.add("mxgw-row-button");
  return made;
}
