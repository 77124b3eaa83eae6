/** One tag over another: the points of a model, any number of views on them. */
import "uplot/dist/uPlot.min.css";
import "./shared/base.css";
import "./xy/xy.css";
import { widgetOf } from "./shared/widget.js";
import { Seen } from "./xy/seen.js";
import { XYView } from "./xy/view.js";

export default widgetOf(Seen, XYView);
