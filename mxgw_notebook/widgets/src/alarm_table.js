/** The alarm table widget: one board a model, any number of views on it. */
import "./shared/base.css";
import "./alarms/alarms.css";
import { Board } from "./alarms/board.js";
import { AlarmView } from "./alarms/view.js";
import { widgetOf } from "./shared/widget.js";

export default widgetOf(Board, AlarmView);
