/** The table of values: one list a model, any number of views on it. */
import "./shared/base.css";
import "./values/values.css";
import { Board } from "./values/board.js";
import { ValueView } from "./values/view.js";

export default () => {
  let board = null;
  return {
    initialize({ model }) {
      board = new Board(model);
      return () => board.channel.close();
    },
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
