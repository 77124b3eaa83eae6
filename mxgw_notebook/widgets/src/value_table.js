/** The table of values: one list a model, any number of views on it. */
import "./shared/base.css";
import "./values/values.css";
import { widgetOf } from "./shared/widget.js";
import { Board } from "./values/board.js";
import { ValueView } from "./values/view.js";

export default widgetOf(Board, ValueView);
