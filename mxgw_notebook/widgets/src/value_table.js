/** The table of values: one list a model, any number of views on it. */
import "./shared/base.css";
import "./values/values.css";
import { Kept } from "./shared/kept.js";
import { Board } from "./values/board.js";
import { ValueView } from "./values/view.js";

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @import { ValueTraits } from "./values/messages.d.ts" */

export default () => {
  /** @type {Board} */
  let board;
  /** @type {Kept} */
  let kept;
  return {
    /** @param {Beginning<ValueTraits>} widget */
    initialize({ model }) {
      kept = new Kept(model);
      board = new Board(model);
      return () => board.channel.close();
    },
    /** @param {Rendering<ValueTraits>} widget */
    render({ model, el }) {
      const view = new ValueView(model, board, el);
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
