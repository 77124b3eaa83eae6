/** The table of values: one list a model, any number of views on it. */
import "./shared/base.css";
import "./values/values.css";
import { Board } from "./values/board.js";
import { ValueView } from "./values/view.js";

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @import { ValueTraits } from "./values/messages.d.ts" */

export default () => {
  /** @type {Board} */
  let board;
  return {
    /** @param {Beginning<ValueTraits>} widget */
    initialize({ model }) {
      board = new Board(model);
      return () => board.channel.close();
    },
    /** @param {Rendering<ValueTraits>} widget */
    render({ model, el }) {
      const view = new ValueView(model, board, el);
      const leave = board.channel.look();
      return () => {
        view.close();
        leave();
      };
    },
  };
};
