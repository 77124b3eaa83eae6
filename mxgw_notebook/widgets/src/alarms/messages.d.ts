/** What the kernel sends to an alarm table; times are epoch milliseconds UTC. See `sources.py`, `alarm_table.py`. */
import type { News, Numbered, PlantTraits } from "../shared/model.d.ts";
import type { AlarmState } from "../shared/words.js";

export interface AlarmTraits extends PlantTraits {
  /** The name of the picture that a saved notebook keeps. */
  kept: string;
  operator: string;
  height: number;
  has_trend: boolean;
  has_service: boolean;
  comment_required: boolean;
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

/** One alarm in one way out of service; `severity` 0 and times of null are not known. */
export interface ServiceRow {
  tag: string;
  area: string;
  description: string;
  severity: number;
  how: string;
  since_ms: number | null;
  until_ms: number | null;
  operator: string;
  node: string;
  reason: string;
}

/** What a look for alarms out of service has found, or why it failed; `count` are those of which it is known. */
export interface ServiceMessage extends Numbered {
  kind: "service";
  rows: ServiceRow[];
  count: number;
  summary: string;
  failure: string;
  at_ms: number | null;
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
