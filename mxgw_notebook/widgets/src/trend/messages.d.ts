/** What the kernel sends to a trend; times are epoch milliseconds UTC. See `sources.py` and `trend.py`. */
import type { News, NoticeMessage, Numbered, PlantTraits, TroubleMessage } from "../shared/model.d.ts";

export interface TrendTraits extends PlantTraits {
  /** The name of the picture that a saved notebook keeps. */
  kept: string;
  tags: TrendTag[];
  window_seconds: number;
  /** Trends of one group show the same time; empty for one by itself. */
  group: string;
  height: number;
}

/** One pen; with `words` the tag has states, whose values are places in them. */
export interface TrendTag {
  tag: string;
  label: string;
  units: string;
  description: string;
  words: string[] | null;
}

export type Interval = [start: number, end: number];
/** One that still lasts has no end. */
export type Outage = [start: number, end: number | null];
export type Marker = [time: number, words: string];
/** A line across at a value of the tag at `index`. */
export type Limit = [index: number, value: number, words: string];
/** A level of the tag at `index` that changes, its setpoint: from each time on the value beside it. */
export type Level = [index: number, words: string, steps: [time: number, value: number][]];
/** How the axis of these units is drawn: its ends where they are chosen, and whether its steps are factors. */
export type Scale = [units: string, low: number | null, high: number | null, log: boolean];
/** What the legend says of the tag at `index`, beside its value. */
export type Note = [index: number, words: string];

/** What somebody said of a time. */
export type Noted = [time: number, words: string, who: string];
/** By how much the earlier period is shifted that is drawn beside the present, also in words. */
export type OverlayChosen = [shiftMs: number, words: string];

/** Whose samples the buffers hold, back to back, and how many of each: times, values, OPC quality bytes. */
interface Packed {
  parts: [index: number, count: number][];
}

/** What is new; before `coarse_ms` the samples were thinned. */
export interface SamplesMessage extends News, Packed {
  kind: "samples";
  outages: Outage[];
  markers: Marker[];
  limits: Limit[];
  levels: Level[];
  replays: Interval[];
  notes: Note[];
  scales: Scale[];
  coarse_ms: number | null;
  /** All there are, when they are others than before. */
  noted?: Noted[];
  overlay: OverlayChosen | null;
  tags?: TrendTag[];
  /** Of values that were carried over a clearing: where each stands now, and since when it holds. */
  carried?: [index: number, time: number, since: number][];
  words?: (string[] | null)[];
}

/** The samples of a window that was asked for. */
export interface WindowMessage extends Numbered, Packed {
  kind: "window";
  from_ms: number;
  to_ms: number;
  request: number;
}

/** The earlier period beside a window, laid onto it; nothing after `until_ms` was known yet. */
export interface OverlayMessage extends Numbered, Packed {
  kind: "overlay";
  from_ms: number;
  to_ms: number;
  until_ms: number;
  request: number;
  shift_ms: number;
  /** Where nothing is drawn of the tag at `index`; one without an end is all that comes. */
  gaps: [index: number, start: number, end: number | null][];
}

/** What a tag did between two times; null is not known. */
export type MeasuresRow = [
  tag: string,
  first: number | null,
  last: number | null,
  difference: number | null,
  mean: number | null,
  min: number | null,
  max: number | null,
  slope: number | null,
  percentGood: number | null,
];

/** What each tag did between the two cursors, as asked. */
export interface MeasuresMessage extends Numbered {
  kind: "measures";
  request: number;
  rows: MeasuresRow[];
}

/** A file to be saved; its content is the one buffer. */
export interface FileMessage extends Numbered {
  kind: "file";
  name: string;
  mime: string;
}

export type TrendMessage =
  | SamplesMessage
  | WindowMessage
  | OverlayMessage
  | MeasuresMessage
  | NoticeMessage
  | FileMessage
  | TroubleMessage;
