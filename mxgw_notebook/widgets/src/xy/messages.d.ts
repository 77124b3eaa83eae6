/** What the kernel sends to an XY view. See `xy_plot.py`. */
import type { News, NoticeMessage, PlantTraits, TroubleMessage } from "../shared/model.d.ts";
import type { TrendTag } from "../trend/messages.d.ts";

export interface XYTraits extends PlantTraits {
  /** The name of the picture that a saved notebook keeps. */
  kept: string;
  height: number;
  /** Whether the view may be taken away: where it stands below a trend. */
  closable: boolean;
}

/** All points there are; the buffers hold times, x, y, OPC quality bytes and pieces. */
export interface PointsMessage extends News {
  kind: "points";
  x: TrendTag;
  y: TrendTag;
  left_out: number;
}

export type XYMessage = PointsMessage | NoticeMessage | TroubleMessage;
