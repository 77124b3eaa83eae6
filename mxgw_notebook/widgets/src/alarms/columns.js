/** The table's columns, and which of them a width has room for. */
import { element } from "../shared/dom.js";
import { actionCell, commentCell, raisedCell, tagCell, text } from "./cells.js";
import { severityMark, stateMark } from "./state.js";

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
 * @property {number} [narrow] the same in a table of less than 900 pixels, as JupyterLab has it beside its files
 * @property {number} [tiny] the same in one of less than 430 pixels, where a state has no words and a row one button
 * @property {number} [wordy] the same where reasons need room
 * @property {number} [grow] its share of what room is left
 * @property {number} spare where room is scarce, columns with the highest go first; 0 always stays
 */

/** @typedef {(row: ShownRow, tools: CellTools) => Node} Cell */

/** @typedef {{key: Key, hint?: string, cell: Cell, isPlain?: false}} Told what the plant says; `hint` invites to filter */
/** @typedef {{key: "action", cell: Cell, isPlain: true}} Plain what nobody sorts or filters by */
/** @typedef {Measures & Told} ToldColumn */
/** @typedef {ToldColumn | (Measures & Plain)} Column */

/** @typedef {Map<string, number>} Widths in pixels, of the columns that a person has dragged */

/** @type {Widths} */
const NO_WIDTHS = new Map();
const SELECT_WIDTH = 34;
const SCROLLBAR = 16;
// Whoever changes it changes the style sheet's, too.
const TINY = 430;
const NARROW = 520;
const MEDIUM = 900;
const NARROWEST = 40;

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
    tiny: 54,
    spare: 0,
    hint: "<=300",
    cell: (row) => severityMark(row.severity),
  },
  {
    key: "state",
    title: "State",
    min: 158,
    narrow: 92,
    tiny: 54,
    spare: 0,
    cell: (row) => stateMark(row.state),
  },
  {
    key: "tag",
    title: "Tag",
    min: 170,
    narrow: 130,
    tiny: 80,
    grow: 2,
    spare: 0,
    hint: "contains",
    cell: tagCell,
  },
  {
    key: "description",
    title: "Description",
    min: 140,
    narrow: 110,
    grow: 3,
    spare: 2,
    hint: "contains",
    cell: text("description"),
  },
  { key: "value", title: "Value", min: 66, spare: 4, hint: "contains", cell: text("value") },
  { key: "limit", title: "Limit", min: 62, spare: 5, hint: "contains", cell: text("limit") },
  { key: "raised_ms", title: "Raised", min: 92, narrow: 84, spare: 1, cell: raisedCell },
  { key: "area", title: "Area", min: 100, spare: 6, hint: "contains", cell: text("area") },
  { key: "kind", title: "Type", min: 66, spare: 8, hint: "contains", cell: text("kind") },
  { key: "comment", title: "Comment", min: 120, grow: 2, spare: 7, hint: "contains", cell: commentCell },
  {
    key: "action",
    title: "Action",
    min: 132,
    narrow: 104,
    tiny: 60,
    wordy: 250,
    spare: 0,
    isPlain: true,
    cell: actionCell,
  },
];

/** Those that can be left out. */
export const SPARE_COLUMNS = COLUMNS.filter((column) => !column.isPlain).filter((column) => column.spare > 0);

/**
 * How wide a table is called.
 *
 * @param {number} width
 * @returns {"narrow" | "medium" | "wide"}
 */
export function sizeOf(width) {
  return width < NARROW ? "narrow" : width < MEDIUM ? "medium" : "wide";
}

/**
 * The titles of the columns for which there is no room, though they were not unchosen.
 *
 * @param {Column[]} shown
 * @param {Set<Key>} hidden
 */
export function leftOut(shown, hidden) {
  return SPARE_COLUMNS.filter((column) => !shown.includes(column) && !hidden.has(column.key)).map(
    (column) => column.title,
  );
}

/**
 * The columns that are shown in a width, without those that were unchosen; `wordy`: reasons need room.
 *
 * @param {number} width
 * @param {Set<Key>} hidden
 * @param {boolean} wordy
 * @param {Widths} [widths]
 */
export function fitting(width, hidden, wordy, widths = NO_WIDTHS) {
  let shown = COLUMNS.filter((column) => column.isPlain || column.spare === 0 || !hidden.has(column.key));
  const room = width - SELECT_WIDTH - SCROLLBAR;
  const needed = () => shown.reduce((sum, column) => sum + least(column, width, wordy, widths), 0);
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
 * @param {Widths} [widths]
 */
export function template(columns, width, wordy, widths = NO_WIDTHS) {
  const sizes = columns.map((column) => {
    const size = least(column, width, wordy, widths);
    return column.grow && !widths.has(column.key) ? `minmax(${size}px, ${column.grow}fr)` : `${size}px`;
  });
  return [`${SELECT_WIDTH}px`, ...sizes].join(" ");
}

/**
 * @param {Column} column
 * @param {number} width
 * @param {boolean} wordy
 * @param {Widths} widths
 */
function least(column, width, wordy, widths) {
  const dragged = widths.get(column.key);
  if (dragged !== undefined) return Math.max(NARROWEST, dragged);
  if (width >= MEDIUM) return (wordy && column.wordy) || column.min;
  return (width < TINY ? column.tiny : undefined) ?? column.narrow ?? column.min;
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
