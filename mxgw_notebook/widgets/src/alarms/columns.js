/** The table's columns. A cell is a node, never text that is parsed: what a plant says is untrusted. */
import { button, element } from "../shared/dom.js";
import { day, timeOfDay } from "../shared/words.js";
import { isWaiting, severityMark, stateMark } from "./state.js";

/** @import { Board, ShownRow } from "./board.js" */
/** @import { Key } from "./choice.js" */

/**
 * What a row's cells are made with: the board, and what the buttons do with a row by its reference.
 *
 * @typedef {object} CellTools
 * @property {Board} board
 * @property {(reference: string) => void} acknowledge
 * @property {((reference: string) => void) | null} trend null: there are no trends
 */

/**
 * How wide a column is, and when it goes.
 *
 * @typedef {object} Measures
 * @property {string} title
 * @property {number} min width in CSS pixels
 * @property {number} [narrow] the same in a narrow table
 * @property {number} [wordy] the same where reasons need room
 * @property {number} [grow] its share of what room is left
 * @property {number} spare where room is scarce, columns with the highest go first; 0 always stays
 */

/** @typedef {(row: ShownRow, tools: CellTools) => Node} Cell */

/** @typedef {{key: Key, hint?: string, cell: Cell, isPlain?: false}} Told what the plant says; `hint` invites to filter */
/** @typedef {{key: "action", cell: Cell, isPlain: true}} Plain what nobody sorts or filters by */
/** @typedef {Measures & Told} ToldColumn */
/** @typedef {ToldColumn | (Measures & Plain)} Column */

const SHORT_AFTER_MS = 20 * 3600 * 1000;
const SELECT_WIDTH = 34;
const SCROLLBAR = 16;
export const NARROW = 620;

/**
 * Columns as they stand from the left.
 *
 * @type {Column[]}
 */
const COLUMNS = [
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
  {
    key: "description",
    title: "Description",
    min: 140,
    grow: 3,
    spare: 3,
    hint: "contains",
    cell: text("description"),
  },
  { key: "value", title: "Value", min: 66, spare: 4, hint: "contains", cell: text("value") },
  { key: "limit", title: "Limit", min: 62, spare: 5, hint: "contains", cell: text("limit") },
  { key: "raised_ms", title: "Raised", min: 92, spare: 2, cell: raisedCell },
  { key: "area", title: "Area", min: 100, spare: 6, hint: "contains", cell: text("area") },
  { key: "kind", title: "Type", min: 66, spare: 8, hint: "contains", cell: text("kind") },
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

/** Those that can be left out. */
export const SPARE_COLUMNS = COLUMNS.filter((column) => !column.isPlain).filter((column) => column.spare > 0);

/**
 * The columns that are shown in a width, without those that were unchosen; `wordy`: reasons need room.
 *
 * @param {number} width
 * @param {Set<Key>} hidden
 * @param {boolean} wordy
 */
export function fitting(width, hidden, wordy) {
  let shown = COLUMNS.filter((column) => column.isPlain || column.spare === 0 || !hidden.has(column.key));
  const room = width - SELECT_WIDTH - SCROLLBAR;
  const needed = () => shown.reduce((sum, column) => sum + least(column, width, wordy), 0);
  while (needed() > room && shown.some((column) => column.spare > 0)) {
    const spare = Math.max(...shown.map((column) => column.spare));
    shown = shown.filter((column) => column.spare !== spare);
  }
  return shown;
}

/**
 * The grid's columns for the style sheet.
 *
 * @param {Column[]} columns
 * @param {number} width
 * @param {boolean} wordy
 */
export function template(columns, width, wordy) {
  const sizes = columns.map((column) => {
    const size = least(column, width, wordy);
    return column.grow ? `minmax(${size}px, ${column.grow}fr)` : `${size}px`;
  });
  return [`${SELECT_WIDTH}px`, ...sizes].join(" ");
}

/**
 * @param {Column} column
 * @param {number} width
 * @param {boolean} wordy
 */
function least(column, width, wordy) {
  if (width >= NARROW) return (wordy && column.wordy) || column.min;
  return column.narrow ?? (column.key === "tag" ? 120 : column.min);
}

/**
 * @param {Column} column
 * @param {ShownRow} row
 * @param {CellTools} tools
 */
export function cellOf(column, row, tools) {
  const attributes = { class: `mxgw-cell mxgw-of-${column.key}`, role: "gridcell" };
  return element("div", attributes, column.cell(row, tools));
}

/**
 * What the plant says, as it is.
 *
 * @param {"description" | "value" | "limit" | "area" | "kind"} key
 * @returns {Cell}
 */
function text(key) {
  return (row) => textNode(row[key]);
}

/** @param {string} words */
function textNode(words) {
  return element("span", { title: words || null }, words);
}

/** @type {Cell} */
function tagCell(row) {
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
function raisedCell(row, { board }) {
  const ms = row.raised_ms;
  if (ms === null || ms === undefined)
    return element("span", { class: "mxgw-faint", title: "The gateway told no time" }, "unknown");
  const old = Math.abs(board.clock.now() - ms) > SHORT_AFTER_MS;
  return element("span", { title: `${day(ms)} ${timeOfDay(ms)}` }, old ? day(ms) : timeOfDay(ms));
}

/** @type {Cell} */
function commentCell(row) {
  return textNode([row.operator, row.comment].filter(Boolean).join(": "));
}

/**
 * The row's buttons, or what became of an acknowledge.
 *
 * @type {Cell}
 */
function actionCell(row, tools) {
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
