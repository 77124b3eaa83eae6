/** The rows that are shown, as text for other programs: every one, in the table's order. */
import { day, timeOfDay } from "../shared/words.js";

/** @import { AlarmRow } from "./messages.d.ts" */

/** @type {[heading: string, value: (row: AlarmRow) => string][]} */
const FIELDS = [
  ["severity", (row) => String(row.severity)],
  ["state", (row) => row.state],
  ["tag", (row) => row.tag],
  ["description", (row) => row.description],
  ["value", (row) => row.value],
  ["limit", (row) => row.limit],
  ["raised (UTC)", (row) => moment(row.raised_ms)],
  ["changed (UTC)", (row) => moment(row.changed_ms)],
  ["area", (row) => row.area],
  ["type", (row) => row.kind],
  ["operator", (row) => row.operator],
  ["comment", (row) => row.comment],
  ["reference", (row) => row.reference],
];
// A spreadsheet takes a text that begins so for a formula; a number may well begin with a sign.
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** @param {AlarmRow[]} rows */
export function csv(rows) {
  const lines = table(rows).map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));
  // With its mark, by which a spreadsheet knows that it is UTF-8.
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

/**
 * Tabs between the cells, as spreadsheets take it from the clipboard.
 *
 * @param {AlarmRow[]} rows
 */
export function tabbed(rows) {
  const lines = table(rows).map((cells) => cells.map((cell) => cell.replace(/[\t\r\n]+/g, " ")).join("\t"));
  return lines.join("\n");
}

/** @param {number} ms */
export function fileName(ms) {
  return `alarms-${day(ms)}-${timeOfDay(ms).replaceAll(":", "")}.csv`;
}

/** @param {AlarmRow[]} rows */
function table(rows) {
  const lines = rows.map((row) => FIELDS.map(([, value]) => safe(value(row))));
  return [FIELDS.map(([heading]) => heading), ...lines];
}

/** @param {string} text */
function safe(text) {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** @param {number | null} ms */
function moment(ms) {
  return ms === null ? "" : new Date(ms).toISOString().replace("T", " ").replace("Z", "");
}
