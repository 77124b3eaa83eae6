/** The table's columns. A cell is a node, never text that is parsed: what a plant says is untrusted. */
import { button, element } from "../shared/dom.js";
import { day, timeOfDay } from "../shared/words.js";
import { isWaiting, severityMark, stateMark } from "./state.js";

const SHORT_AFTER_MS = 20 * 3600 * 1000;
const SELECT_WIDTH = 34;
const SCROLLBAR = 16;
export const NARROW = 620;

/** Columns by importance: where room is scarce, those with the highest `spare` go first; 0 always stays. */
export const COLUMNS = [
  {
    key: "severity",
    title: "Sev.",
    min: 70,
    narrow: 58,
    spare: 0,
    hint: "<=300",
    cell: (row) => severityMark(row.severity),
  },
  { key: "state", title: "State", min: 158, narrow: 92, spare: 0, cell: (row) => stateMark(row.state) },
  { key: "tag", title: "Tag", min: 170, grow: 2, spare: 0, hint: "contains", cell: tagCell },
  { key: "description", title: "Description", min: 140, grow: 3, spare: 3, hint: "contains" },
  { key: "value", title: "Value", min: 66, spare: 4, hint: "contains" },
  { key: "limit", title: "Limit", min: 62, spare: 5, hint: "contains" },
  { key: "raised_ms", title: "Raised", min: 92, spare: 2, cell: raisedCell },
  { key: "area", title: "Area", min: 100, spare: 6, hint: "contains" },
  { key: "kind", title: "Type", min: 66, spare: 8, hint: "contains" },
  { key: "comment", title: "Comment", min: 120, grow: 2, spare: 7, hint: "contains", cell: commentCell },
  {
    key: "action",
    title: "Action",
    min: 132,
    narrow: 104,
    wordy: 250,
    grow: 2,
    spare: 0,
    isPlain: true,
    cell: actionCell,
  },
];

/** The columns that are shown in a width, without those that were unchosen; `wordy`: reasons need room. */
export function fitting(width, hidden, wordy) {
  let shown = COLUMNS.filter((column) => column.spare === 0 || !hidden.has(column.key));
  const room = width - SELECT_WIDTH - SCROLLBAR;
  const needed = () => shown.reduce((sum, column) => sum + least(column, width, wordy), 0);
  while (needed() > room && shown.some((column) => column.spare > 0)) {
    const spare = Math.max(...shown.map((column) => column.spare));
    shown = shown.filter((column) => column.spare !== spare);
  }
  return shown;
}

/** The grid's columns for the style sheet. */
export function template(columns, width, wordy) {
  const sizes = columns.map((column) => {
    const size = least(column, width, wordy);
    return column.grow ? `minmax(${size}px, ${column.grow}fr)` : `${size}px`;
  });
  return [`${SELECT_WIDTH}px`, ...sizes].join(" ");
}

function least(column, width, wordy) {
  if (width >= NARROW) return (wordy && column.wordy) || column.min;
  return column.narrow ?? (column.key === "tag" ? 120 : column.min);
}

/** A row's cell: `tools` are the board and what the buttons do. */
export function cellOf(column, row, tools) {
  const content = column.cell ? column.cell(row, tools) : textCell(row[column.key]);
  return element("div", { class: `mxgw-cell mxgw-of-${column.key}`, role: "gridcell" }, content);
}

function textCell(value) {
  const text = String(value ?? "");
  return element("span", { title: text || null }, text);
}

function tagCell(row) {
  const title = [row.tag, row.description, row.reference].filter(Boolean).join("\n");
  const note = row.degraded
    ? [element("span", { class: "mxgw-degraded-mark", title: "from a degraded provider" }, " ◌")]
    : [];
  return element("span", { title }, row.tag, ...note);
}

/** The time of day; the date as well when that is not clear by itself. */
function raisedCell(row, { board }) {
  const ms = row.raised_ms;
  if (ms === null || ms === undefined)
    return element("span", { class: "mxgw-faint", title: "The gateway told no time" }, "unknown");
  const old = Math.abs(board.clock.now() - ms) > SHORT_AFTER_MS;
  return element("span", { title: `${day(ms)} ${timeOfDay(ms)}` }, old ? day(ms) : timeOfDay(ms));
}

function commentCell(row) {
  return textCell([row.operator, row.comment].filter(Boolean).join(": "));
}

/** The row's buttons, or what became of an acknowledge. */
function actionCell(row, tools) {
  const trend = tools.trend && !row.isGone ? [trendButton(row, tools.trend)] : [];
  return element("span", { class: "mxgw-action-part" }, ...trend, ...requestNodes(row, tools.acknowledge));
}

function requestNodes(row, acknowledge) {
  const request = row.request;
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

function outcome(step, words, title = words) {
  return element("span", { class: "mxgw-outcome", "data-step": step, title }, words);
}

function ackButton(row, acknowledge, words = "Ack", verb = "Acknowledge") {
  return rowButton(words, `${verb} ${row.reference}`, () => acknowledge(row.reference), "mxgw-row-button");
}

function trendButton(row, trend) {
  return rowButton("↗", `Trend of ${row.tag}`, () => trend(row.reference), "mxgw-trend-button");
}

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
