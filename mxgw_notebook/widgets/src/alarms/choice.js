/** What a person chose to see. `widgets/alarm_view.py` applies the same rules to the same rows. */
import { isWaiting, rank } from "./state.js";

const TEXTS = ["reference", "tag", "area", "description", "kind", "operator", "comment"];
const RANGE = /^\s*(?:(<=|>=|<|>)\s*(\d+)|(\d+)\s*-\s*(\d+)|(\d+))\s*$/;
const TELL_MS = 120;

export class Choice {
  #pending = null;

  /** `tell(content)` is called a moment after the last change of a filter or of the order. */
  constructor(tell) {
    this.tell = tell;
    this.search = "";
    this.state = null;
    this.columns = {};
    this.sort = "state";
    this.descending = false;
    this.group = "";
    this.hidden = new Set();
    this.collapsed = new Set();
  }

  /** Takes changes of the filters or the order. */
  set(changes) {
    Object.assign(this, changes);
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => this.#tellNow(), TELL_MS);
  }

  setColumn(key, words) {
    this.set({ columns: { ...this.columns, [key]: words } });
  }

  /** The column's order; the same column again turns it round, a third time goes back to urgency. */
  sortBy(key) {
    if (this.sort !== key) return this.set({ sort: key, descending: false });
    if (!this.descending) return this.set({ descending: true });
    return this.set({ sort: "state", descending: false });
  }

  get isFiltering() {
    return Boolean(
      this.search.trim() || this.state || Object.values(this.columns).some((words) => words.trim()),
    );
  }

  /** Whether a row is let through. */
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
    return Object.entries(this.columns).every(([key, words]) => !words || fits(row, key, words));
  }

  /** The rows that are let through, in order; with groups, a heading before each. */
  arrange(rows) {
    const found = rows.filter((row) => this.accepts(row)).sort(byUrgency);
    if (this.sort !== "state") found.sort(comparer(this.sort, this.descending ? -1 : 1));
    else if (this.descending) found.reverse();
    return this.group ? this.#grouped(found) : found;
  }

  /** The groups in the order of their first row. */
  #grouped(rows) {
    const groups = new Map();
    for (const row of rows) {
      const name = this.group === "area" ? row.area : row.tag.split(".")[0];
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(row);
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

/** Waiting before acknowledged, then by severity, then the newest. */
export function byUrgency(a, b) {
  const waits = (row) => (isWaiting(row) ? 0 : 1 + rank(row.state));
  return (
    waits(a) - waits(b) ||
    a.severity - b.severity ||
    (b.raised_ms ?? 0) - (a.raised_ms ?? 0) ||
    compare(a.reference, b.reference)
  );
}

function comparer(key, sign) {
  const value = (row) => {
    if (key.endsWith("_ms")) return row[key] ?? Infinity;
    return typeof row[key] === "string" ? row[key].toLowerCase() : row[key];
  };
  return (a, b) => sign * compare(value(a), value(b));
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fits(row, key, words) {
  if (key === "severity") return within(row.severity, words);
  const text = key === "comment" ? `${row.operator} ${row.comment}` : String(row[key] ?? "");
  return text.toLowerCase().includes(words.toLowerCase());
}

/** Whether a number lies in a range such as 300, <=300 or 100-300; a range that is none lets all through. */
function within(number, words) {
  const found = RANGE.exec(words);
  if (!found) return true;
  const [, sign, bound, low, high, exact] = found;
  if (low) return Number(low) <= number && number <= Number(high);
  if (exact) return number === Number(exact);
  return { "<=": number <= bound, ">=": number >= bound, "<": number < bound, ">": number > bound }[sign];
}
