/** The trend widget: one history a model, any number of views on it. */
import "uplot/dist/uPlot.min.css";
import "./shared/base.css";
import "./trend/trend.css";
import { widgetOf } from "./shared/widget.js";
import { History } from "./trend/history.js";
import { TrendView } from "./trend/view.js";

export default widgetOf(History, TrendView);
