import { button, element, setText } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { showPlant } from "../shared/plant.js";
import { StatusLine } from "../shared/status.js";
import { Theme } from "../shared/theme.js";
import { number, qualityWord, timeOfDay } from "../shared/words.js";
import { facets, makeChart } from "./chart.js";
import { Tip } from "./tip.js";

/** @import uPlot from "uplot" */
/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { TrendTag } from "../trend/messages.d.ts" */
/** @import { XYTraits } from "./messages.d.ts" */
/** @import { Seen } from "./seen.js" */

const LOOK_MS = 200;

/** One view of two tags, one over the other. */
export class XYView {
  /** @type {uPlot | null} */
  chart = null;
  revision = -1; // of what is drawn

  /**
   * @param {WidgetModel<XYTraits>} model
   * @param {Seen} seen
   * @param {HTMLElement} host
   */
  constructor(model, seen, host) {
    this.seen = seen;
    this.height = model.get("height");
    this.root = element("div", { class: "mxgw mxgw-xy", "data-mxgw-widget": "xy" });
    host.append(this.root);
    this.theme = new Theme(this.root);
    showPlant(model, this.root);
    this.status = new StatusLine();
    this.said = element("span", { class: "mxgw-said" }, "no point yet");
    this.holder = element("div", { class: "mxgw-plot", role: "group", tabindex: "0" });
    this.holder.style.minHeight = `${this.height}px`;
    const line = element("div", { class: "mxgw-toolbar" }, this.said, this.status.node);
    if (model.get("closable"))
      line.append(button("×", "Take this view away", () => model.send({ kind: "close" })));
    this.root.append(line, this.holder);
    this.letKeysGo = keepPlainKeys(this.root);
    this.tip = new Tip(this.holder, seen, () => this.chart);
    this.timer = setInterval(() => this.#look(), LOOK_MS);
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(this.holder);
  }

  close() {
    clearInterval(this.timer);
    this.resizing.disconnect();
    this.letKeysGo();
    this.chart?.destroy();
  }

  #look() {
    const { seen } = this;
    this.status.show(seen.feed, "");
    if (document.hidden || !this.root.isConnected || this.holder.clientWidth === 0 || !seen.x) return;
    const isOther = this.theme.read();
    if (this.revision === seen.revision && !isOther) return;
    this.revision = seen.revision;
    if (!this.chart) this.chart = makeChart(this.holder, seen, this.theme, this.height);
    else this.chart.setData(facets(seen));
    this.tip.refresh();
    const words = this.#newest();
    setText(this.said, words);
    this.holder.setAttribute("aria-label", words);
    this.root.dataset.points = String(seen.length);
  }

  /** The newest point in words. */
  #newest() {
    const { seen } = this;
    const last = seen.length - 1;
    if (last < 0 || !seen.x || !seen.y) return "no point in this time";
    /** @param {TrendTag} tag @param {number} value */
    const said = (tag, value) => `${tag.tag} ${number(value)} ${tag.units}`.trim();
    const quality = qualityWord(seen.quality[last]);
    const hidden = seen.leftOut ? `, ${seen.leftOut} more behind them` : "";
    const count = `${seen.length} points${hidden}`;
    const newest = `${said(seen.x, seen.xs[last])}, ${said(seen.y, seen.ys[last])}, ${quality}`;
    return `${newest}, at ${timeOfDay(seen.time[last])}; ${count}`;
  }

  #resize() {
    const width = this.holder.clientWidth;
    if (width && this.chart) this.chart.setSize({ width: Math.max(200, width), height: this.height });
  }
}
