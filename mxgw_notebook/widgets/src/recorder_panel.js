/** The panel of a recorder: one feed a model, any number of views on it. */
import "./shared/base.css";
import "./recorder/recorder.css";
import { Board } from "./recorder/board.js";
import { RecorderView } from "./recorder/view.js";
import { widgetOf } from "./shared/widget.js";

export default widgetOf(Board, RecorderView);
