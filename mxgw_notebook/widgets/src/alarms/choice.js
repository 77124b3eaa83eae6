/** What a person chose to see. `widgets/alarm_view.py` applies the same rules to the same rows. */
import { Pause } from "../shared/pause.js";
import { isWaiting, rank } from "./state.js";

/** @import { AlarmState } from "../shared/words.js" */
/** @import { AlarmRow } from "./messages.d.ts" */

/** @typedef {"" | "area" | "object"} Grouping none, or by what */
/** @typedef {keyof AlarmRow} Key of what is sorted or filtered by */

/**
 * The heading of a group: how many alarms it has, and how many of them wait for an acknowledge.
 *
 * @typedef {{group: string, count: number, waiting: number, isOpen: boolean}} GroupHeading
 */

/** @typedef {(AlarmRow & {group?: undefined}) | GroupHeading} Item one line of the table */

/** @typedef {Pick<Choice, "search" | "state" | "columns" | "sort" | "descending">} Chosen what the kernel is told */

const TEXTS = /** @type {const} */ ([
  "reference",
  "tag",
  "area",
  "description",
  "kind",
  "operator",
  "comment",
]);
const RANGE = /^\s*(?:(<=|>=|<|>)\s*(\d+)|(\d+)\s*-\s*(\d+)|(\d+))\s*$/;
const TELL_MS = 120;

export class Choice {
  #telling = new Pause(TELL_MS, () => this.#tellNow());
  search = "";
  /** @type {AlarmState | null} */
  state = null;
  /** @type {Partial<Record<Key, string>>} */
  columns = {}; // what is typed below a heading
  /** @type {Key} */
  sort = "state";
  descending = false;
  /** @type {Grouping} */
  group = "";
  /** @type {Set<Key>} */
  hidden = new Set();
  /** @type {Map<string, number>} */
  widths = new Map(); // in pixels, of columns that were dragged
  /** @type {Set<string>} */
  collapsed = new Set(); // the names of groups

  /** @param {(content: {kind: "view"} & Chosen) => void} tell is called a moment after the last change */
  constructor(tell) {
    this.tell = tell;
  }

  /**
   * Takes changes of the filters or the order.
   *
   * @param {Partial<Chosen>} changes
   */
  set(changes) {
    Object.assign(this, changes);
    this.#telling.begin();
  }

  /**
   * @param {Key} key
   * @param {string} words
   */
  setColumn(key, words) {
    this.set({ columns: { ...this.columns, [key]: words } });
  }

  /**
   * The column's order; the same column again turns it round, a third time goes back to urgency.
   *
   * @param {Key} key
   */
  sortBy(key) {
    if (this.sort !== key) return this.set({ sort: key, descending: false });
    if (!this.descending) return this.set({ descending: true });
    return this.set({ sort: "state", descending: false });
  }

  /**
   * Whether a row is let through.
   *
   * @param {AlarmRow} row
   */
  accepts(row) {
    if (this.state && row.state !== this.state) return false;
    const text = TEXTS.map((key) => row[key])
      .join("\n")
      .toLowerCase();
    if (
      !this.search
        .toLowerCase()
        .split(/\s+/)
        .every((word) => text.includes(word))
    )
      return false;
    const typed = /** @type {[Key, string][]} */ (Object.entries(this.columns));
    return typed.every(([key, words]) => !words || fits(row, key, words));
  }

  /**
   * The rows that are let through, in order; with groups, a heading before each.
   *
   * @param {AlarmRow[]} rows
   * @returns {Item[]}
   */
  arrange(rows) {
    const found = rows.filter((row) => this.accepts(row)).sort(byUrgency);
    if (this.sort !== "state") found.sort(comparer(this.sort, this.descending ? -1 : 1));
    else if (this.descending) found.reverse();
    return this.group ? this.#grouped(found) : found;
  }

  /**
   * The groups in the order of their first row.
   *
   * @param {AlarmRow[]} rows
   * @returns {Item[]}
   */
  #grouped(rows) {
    /** @type {Map<string, AlarmRow[]>} */
    const groups = new Map();
    for (const row of rows) {
      const name = this.group === "area" ? row.area : row.tag.split(".")[0];
      const members = groups.get(name);
      if (members) members.push(row);
      else groups.set(name, [row]);
    }
    return [...groups].flatMap(([name, members]) => {
      const isOpen = !this.collapsed.has(name);
      const heading = {
        group: name,
        count: members.length,
        waiting: members.filter(isWaiting).length,
        isOpen,
      };
      return isOpen ? [heading, ...members] : [heading];
    });
  }

  #tellNow() {
    const { search, state, columns, sort, descending } = this;
    this.tell({ kind: "view", search, state, columns, sort, descending });
  }
}

/**
 * Waiting before acknowledged, then by severity, then the newest.
 *
 * @param {AlarmRow} a
 * @param {AlarmRow} b
 */
export function byUrgency(a, b) {
  /** @param {AlarmRow} row */
  const waits = (row) => (isWaiting(row) ? 0 : 1 + rank(row.state));
  return (
    waits(a) - waits(b) ||
    a.severity - b.severity ||
    (b.raised_ms ?? 0) - (a.raised_ms ?? 0) ||
    compare(a.reference, b.reference)
  );
}

/**
 * Texts without regard to capitals; a time that is not known comes after all others.
 *
 * @param {Key} key
 * @param {1 | -1} sign
 * @returns {(a: AlarmRow, b: AlarmRow) => number}
 */
function comparer(key, sign) {
  /** @param {AlarmRow} row */
  const value = (row) => {
    const found = row[key];
    return typeof found === "string" ? found.toLowerCase() : Number(found ?? Infinity);
  };
  return (a, b) => sign * compare(value(a), value(b));
}

/**
 * @template {string | number} Value
 * @param {Value} a
 * @param {Value} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Whether what is typed below a heading lets a row through.
 *
 * @param {AlarmRow} row
 * @param {Key} key
 * @param {string} words
 */
function fits(row, key, words) {
  if (key === "severity") return within(row.severity, words);
  const text = key === "comment" ? `${row.operator} ${row.comment}` : String(row[key] ?? "");
  return text.toLowerCase().includes(words.toLowerCase());
}

/**
 * Whether what is typed says a range; nothing does, it lets all through.
 *
 * @param {string} words
 */
export function isRange(words) {
  return words.trim() === "" || RANGE.test(words);
}

/**
 * Whether a number lies in a range such as 300, <=300 or 100-300; a range that is none lets all through.
 *
 * @param {number} number
 * @param {string} words
 */
function within(number, words) {
  const found = RANGE.exec(words);
  if (!found) return true;
  const [, sign, bound, low, high, exact] = found;
  if (low) {
    const ends = [Number(low), Number(high)];
    return Math.min(...ends) <= number && number <= Math.max(...ends);
  }
  if (exact) return number === Number(exact);
  const limit = Number(bound);
  if (sign === "<=") return number <= limit;
  if (sign === ">=") return number >= limit;
  return sign === "<" ? number < limit : number > limit;
}
