/** The trend widget: one history a model, any number of views on it. */
import "uplot/dist/uPlot.min.css";
import "./shared/base.css";
import "./trend/trend.css";
import { Kept } from "./shared/kept.js";
import { History } from "./trend/history.js";
import { TrendView } from "./trend/view.js";

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @import { TrendTraits } from "./trend/messages.d.ts" */

export default () => {
  /** @type {History} */
  let history;
  /** @type {Kept} */
  let kept;
  return {
    /** @param {Beginning<TrendTraits>} widget */
    initialize({ model }) {
      kept = new Kept(model);
      history = new History(model);
      return () => history.channel.close();
    },
    /** @param {Rendering<TrendTraits>} widget */
    render({ model, el }) {
      const view = new TrendView(model, history, el);
      const leave = history.channel.look();
      const forget = kept.show(view.root);
      return () => {
        forget();
        view.close();
        leave();
      };
    },
  };
};
