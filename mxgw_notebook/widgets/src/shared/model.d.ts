/** What passes between a kernel and a page that shows its widget. */
import type { Phase } from "./words.js";

/** The line between a page and its kernel. */
export interface Line {
  send(content: object): void;
  /** `comm_live_update` says that the line is cut; it brings nothing. */
  on(event: "msg:custom" | "comm_live_update", listener: Listener): void;
  /** The kernel has changed the group of linked trends. */
  on(event: "change:group", listener: () => void): void;
  off(event: "msg:custom" | "change:group", listener: Listener | (() => void)): void;
}

/** A widget as anywidget hands it to the page; `Traits` are those that Python declares with `sync=True`. */
export interface WidgetModel<Traits> extends Line {
  get<Name extends keyof Traits>(name: Name): Traits[Name];
}

/** Hears a custom message: whatever was sent, and its binary parts. */
export type Listener = (content: unknown, buffers: DataView<ArrayBuffer>[]) => void;

/** What every widget says of itself; both are empty where its plant has no name. */
export interface PlantTraits {
  plant: string;
  plant_colour: string;
}

/** What anywidget gives to a widget that begins. */
export interface Beginning<Traits> {
  model: WidgetModel<Traits>;
}

/** What anywidget gives to each view of it. */
export interface Rendering<Traits> extends Beginning<Traits> {
  el: HTMLElement;
}

/** What every message of a channel has; one with `reset` carries everything. */
export interface Numbered {
  kind: string;
  number: number;
  reset?: boolean;
}

/** How a feed stands when a message leaves the kernel: `status` says `phase` in words for a person. */
export interface FeedFacts {
  phase: Phase;
  status: string;
  /** When the gateway last said anything, by its clock. */
  as_of_ms?: number | null;
}

/** A look at what is followed has failed: how it stands meanwhile. */
export interface TroubleMessage extends Numbered, FeedFacts {
  kind: "trouble";
}

/** Why a message from the page was not served. */
export interface NoticeMessage extends Numbered {
  kind: "notice";
  text: string;
}

/** What every message of something that follows the plant has; `now_ms` is the gateway's clock. */
export interface News extends Numbered, FeedFacts {
  reset: boolean;
  now_ms: number;
}
