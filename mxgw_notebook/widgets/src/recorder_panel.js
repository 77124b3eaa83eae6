/** The panel of a recorder: one feed a model, any number of views on it. */
import "./shared/base.css";
import "./recorder/recorder.css";
import { Board } from "./recorder/board.js";
import { RecorderView } from "./recorder/view.js";
import { Kept } from "./shared/kept.js";

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @import { RecorderTraits } from "./recorder/messages.d.ts" */

export default () => {
  /** @type {Board} */
  let board;
  /** @type {Kept} */
  let kept;
  return {
    /** @param {Beginning<RecorderTraits>} widget */
    initialize({ model }) {
      kept = new Kept(model);
      board = new Board(model);
      return () => board.channel.close();
    },
    /** @param {Rendering<RecorderTraits>} widget */
    render({ model, el }) {
      const view = new RecorderView(model, board, el);
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
