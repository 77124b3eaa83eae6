/** The alarm table widget: one board a model, any number of views on it. */
import "./shared/base.css";
import "./alarms/alarms.css";
import { Board } from "./alarms/board.js";
import { AlarmView } from "./alarms/view.js";

export default () => {
  let board = null;
  return {
    initialize({ model }) {
      board = new Board(model);
      return () => board.channel.close();
    },
    render({ model, el }) {
      const view = new AlarmView(model, board, el);
      const leave = board.channel.look();
      return () => {
        view.close();
        leave();
      };
    },
  };
};
