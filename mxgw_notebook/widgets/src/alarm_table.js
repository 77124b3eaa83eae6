/** The alarm table widget: one board a model, any number of views on it. */
import "./shared/base.css";
import "./alarms/alarms.css";
import { Board } from "./alarms/board.js";
import { AlarmView } from "./alarms/view.js";
import { Kept } from "./shared/kept.js";

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @import { AlarmTraits } from "./alarms/messages.d.ts" */

export default () => {
  /** @type {Board} */
  let board;
  /** @type {Kept} */
  let kept;
  return {
    /** @param {Beginning<AlarmTraits>} widget */
    initialize({ model }) {
      kept = new Kept(model);
      board = new Board(model);
      return () => board.channel.close();
    },
    /** @param {Rendering<AlarmTraits>} widget */
    render({ model, el }) {
      const view = new AlarmView(model, board, el);
      const leave = board.channel.look();
      const forget = kept.show(view.root);
      return () => {
        forget();
        view.close();
        leave();
      };
    },
  };
};
