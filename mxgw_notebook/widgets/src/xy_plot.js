/** One tag over another: the points of a model, any number of views on them. */
import "uplot/dist/uPlot.min.css";
import "./shared/base.css";
import "./xy/xy.css";
import { Kept } from "./shared/kept.js";
import { Seen } from "./xy/seen.js";
import { XYView } from "./xy/view.js";

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @import { XYTraits } from "./xy/messages.d.ts" */

export default () => {
  /** @type {Seen} */
  let seen;
  /** @type {Kept} */
  let kept;
  return {
    /** @param {Beginning<XYTraits>} widget */
    initialize({ model }) {
      kept = new Kept(model);
      seen = new Seen(model);
      return () => seen.channel.close();
    },
    /** @param {Rendering<XYTraits>} widget */
    render({ model, el }) {
      const view = new XYView(model, seen, el);
      const leave = seen.channel.look();
      const forget = kept.show(view.root);
      return () => {
        forget();
        view.close();
        leave();
      };
    },
  };
};
