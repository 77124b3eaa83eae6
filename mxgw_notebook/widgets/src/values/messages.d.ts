/** What the kernel sends to a table of values; times are epoch milliseconds UTC. See `value_table.py`. */
import type { News, PlantTraits } from "../shared/model.d.ts";
import type { Quality } from "../shared/words.js";

export interface ValueTraits extends PlantTraits {
  /** The name of the picture that a saved notebook keeps. */
  kept: string;
  height: number;
  /** Whether a value can be written from here, by a plan that is shown first. */
  can_write: boolean;
}

/** One tag's newest value; what is empty is left out. `interval` is seconds between two changes as a rule. */
export interface ValueRow {
  tag: string;
  description?: string;
  value?: string;
  units?: string;
  quality?: Quality;
  time_ms?: number;
  interval?: number;
  /** Its newest numbers, the oldest first. */
  spark?: number[];
  /** Why the gateway refuses the tag. */
  failure?: string;
}

export interface ValuesMessage extends News {
  kind: "values";
  rows: ValueRow[];
  /** The writes that changed; with `reset` all that are kept. */
  writes?: TypedWrite[];
}

/** One write, from what was typed to what came of it; `token` applies the plan that is offered. */
export interface TypedWrite {
  request: string;
  tag: string;
  state: "planning" | "offered" | "writing" | "done" | "refused" | "unknown";
  words: string;
  token: string;
  now: string;
  new: string;
  units: string;
  verdict: string;
  reason: string;
}
