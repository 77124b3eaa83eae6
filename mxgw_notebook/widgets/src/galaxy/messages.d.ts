/** What a galaxy tree asks of the kernel, and what it is answered. See `galaxy_tree.py`, `tree_source.py`. */
import type { PlantTraits } from "../shared/model.d.ts";
import type { Quality } from "../shared/words.js";

export interface TreeTraits extends PlantTraits {
  /** The name of the picture that a saved notebook keeps. */
  kept: string;
  views: string[];
  title: string;
  live: boolean;
  height: number;
}

/** The children of one node, a list a column, in the order they are shown. */
export interface TreeRows {
  key: string[];
  label: string[];
  kind: NodeKind[];
  /** Whether there is something below. */
  more: boolean[];
  /** A tag or tag name where the label is none. */
  tag: string[];
  about: string[];
  /** "A" for an alarm, "H" for history. */
  marks: string[];
  /** A classification; empty for objects. */
  security: string[];
}

export type NodeKind = "area" | "object" | "template" | "attribute";
export type Action = "copy" | "read" | "watch" | "code";

/** Asks for the children of a node; of the root for the key "". */
export interface ChildrenQuestion {
  kind: "children";
  view: string;
  key: string;
  text: string;
}

/** The children of nodes, each block after that of its parent. */
export interface ChildrenAnswer {
  kind: "children";
  number: number;
  blocks: { key: string; rows: TreeRows }[];
}

/** Asks for an action on the selection. */
export interface ActionQuestion {
  kind: "act";
  action: Action;
}

/** What came of it: text to put somewhere, values to show, and words for the person. */
export interface ActionAnswer {
  kind: "done";
  number: number;
  action: Action;
  text: string;
  values: [tag: string, text: string, quality: Quality | "failed"][];
  notice: string;
}

export interface Failure {
  kind: "failed";
  number: number;
  key: string;
  reason: string;
}

export type Answer = ChildrenAnswer | ActionAnswer | Failure;
