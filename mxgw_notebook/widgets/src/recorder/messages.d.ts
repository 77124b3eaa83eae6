/** What the kernel sends to the panel of a recorder. See `recorder_panel.py`. */
import type { News, PlantTraits } from "../shared/model.d.ts";

export interface RecorderTraits extends PlantTraits {
  /** The name of the picture that a saved notebook keeps. */
  kept: string;
}

/** A line of the panel; `tone` is empty where nobody has to see it. */
export interface Fact {
  name: string;
  text: string;
  tone: "" | "warn" | "bad";
}

export interface RecorderMessage extends News {
  kind: "recorder";
  facts: Fact[];
  /** Samples a second of late, the oldest first. */
  rates: number[];
}
