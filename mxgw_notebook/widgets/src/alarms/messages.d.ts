/** What the kernel sends to an alarm table; times are epoch milliseconds UTC. See `sources.py`, `alarm_table.py`. */
import type { News } from "../shared/model.d.ts";
import type { AlarmState } from "../shared/words.js";

export interface AlarmTraits {
  operator: string;
  height: number;
  has_trend: boolean;
}

/** One alarm as the board holds it now; `severity` is 1 to 999, 1 the most urgent. */
export interface AlarmRow {
  reference: string;
  tag: string;
  area: string;
  description: string;
  severity: number;
  state: AlarmState;
  raised_ms: number | null;
  changed_ms: number | null;
  operator: string;
  comment: string;
  value: string;
  limit: string;
  kind: string;
  degraded: boolean;
}

/** What changed on the board; with `reset` these are all rows. */
export interface RowsMessage extends News {
  kind: "rows";
  upsert: AlarmRow[];
  removed: string[];
  /** What came of acknowledges: null where the gateway accepted it, else why not. */
  outcomes: [reference: string, reason: string | null][];
  provider: string;
  /** Why the provider is a poorer source than usual; empty when it is not. */
  degraded: string;
  /** What no row at all means. */
  nothing: string;
}
