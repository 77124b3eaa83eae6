import { drawing, element, setText } from "../shared/dom.js";
import { age, day, number, qualityWord, timeOfDay } from "../shared/words.js";
import { EARLIER_DASH, PALE } from "./overlay.js";

/** @import { Theme } from "../shared/theme.js" */
/** @import { BandKind } from "./bands.js" */
/** @import { Pen } from "./pen.js" */

/** @typedef {(index: number, visible: boolean) => void} Toggle */
/** @typedef {(tag: string) => void} Remove */
/** @typedef {{shiftMs: number, pens: Pen[]}} Earlier the pens of an earlier period */

/** @type {Record<BandKind, string>} */
const BAND_WORDS = {
  uncertain: "uncertain quality",
  bad: "bad quality",
  outage: "no connection",
  replay: "came late, by replay",
};
const BAND_KINDS = /** @type {BandKind[]} */ (Object.keys(BAND_WORDS));

/** The table under the plot: each tag with its value, units, quality and age. */
export class Legend {
  /**
   * @param {Pen[]} pens
   * @param {Theme} theme
   * @param {Toggle} toggle shows or hides a pen
   * @param {Remove} remove
   * @param {Earlier} [earlier]
   */
  constructor(pens, theme, toggle, remove, earlier = { shiftMs: 0, pens: [] }) {
    this.theme = theme;
    this.when = element("th", { class: "mxgw-when", scope: "col" }, "Latest");
    this.rows = pens.map(
      (pen, index) => new LegendRow(pen, index, theme, toggle, pens.length > 1 ? remove : null),
    );
    this.earlier = earlier.pens.map(
      (pen, index) =>
        new EarlierRow(pen, index, theme, (_, isShown) => toggle(pens.length + index, isShown), earlier),
    );
    this.keys = new Map(BAND_KINDS.map((kind) => [kind, bandKey(kind)]));
    const heads = ["Units", "Quality", "Age", ""].map((name) => element("th", { scope: "col" }, name));
    this.node = element(
      "div",
      { class: "mxgw-legend" },
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Tag"), this.when, ...heads)),
        element("tbody", {}, ...[...this.rows, ...this.earlier].map((row) => row.node)),
      ),
      element("div", { class: "mxgw-keys" }, ...this.keys.values()),
    );
  }

  /**
   * Shows the tags as they were at `pointMs`, or now when it is null.
   *
   * @param {number | null} pointMs
   * @param {number} nowMs
   * @param {Set<BandKind>} bands the kinds in the plot
   * @param {number | null} edgeMs where a view that follows ends
   */
  update(pointMs, nowMs, bands, edgeMs = null) {
    setText(this.when, pointMs === null ? "Latest" : `At ${timeOfDay(pointMs)}`);
    for (const row of this.rows) row.update(pointMs ?? Infinity, pointMs ?? nowMs);
    for (const row of this.earlier) row.show(pointMs ?? edgeMs);
    for (const [kind, key] of this.keys) key.hidden = !bands.has(kind);
  }
}

class LegendRow {
  /**
   * @param {Pen} pen
   * @param {number} index
   * @param {Theme} theme
   * @param {Toggle} toggle
   * @param {Remove | null} remove null: the last pen stays
   */
  constructor(pen, index, theme, toggle, remove) {
    this.pen = pen;
    this.index = index;
    this.theme = theme;
    this.stroke = drawing("path", {
      d: "M0 5H22",
      "stroke-width": 3,
      "stroke-dasharray": (pen.earlier ? EARLIER_DASH : theme.dash(index)).join(" "),
      opacity: pen.earlier ? PALE : null,
    });
    this.name = this.#nameButton(toggle);
    this.note = element("div", { class: "mxgw-note" });
    this.value = element("td", { class: "mxgw-value" });
    this.quality = element("td", { class: "mxgw-quality" });
    this.age = element("td", { class: "mxgw-age" });
    this.node = element(
      "tr",
      {},
      element("th", { scope: "row" }, this.name, this.note),
      this.value,
      element("td", { class: "mxgw-units" }, pen.tag.units || "–"),
      this.quality,
      this.age,
      element("td", { class: "mxgw-remove" }, ...(remove ? [this.#removeButton(remove)] : [])),
    );
  }

  /**
   * @param {number} atMs
   * @param {number} nowMs what the age counts from
   */
  update(atMs, nowMs) {
    this.stroke.setAttribute("stroke", this.theme.pen(this.index));
    const reading = this.pen.at(atMs);
    const word = reading ? qualityWord(reading.quality) : "";
    const isKnown = reading && !reading.isLost;
    setText(this.value, isKnown ? this.#shown(reading.value) : "–");
    setText(this.quality, reading?.isLost ? "no connection" : word || "no value yet");
    setText(this.note, this.pen.note);
    setText(this.age, reading ? age(nowMs - reading.time) : "–");
    this.quality.dataset.quality = word;
    this.quality.title = reading ? `OPC quality ${reading.quality}` : "";
  }

  /** @param {number} value */
  #shown(value) {
    return this.pen.isState ? this.pen.word(value) : number(value);
  }

  /** @param {Remove} remove */
  #removeButton(remove) {
    const made = element(
      "button",
      { type: "button", class: "mxgw-icon", title: `Remove ${this.pen.tag.tag} from the trend` },
      "×",
    );
    made.addEventListener("click", () => remove(this.pen.tag.tag));
    return made;
  }

  /** @param {Toggle} toggle */
  #nameButton(toggle) {
    const { tag, description } = this.pen.tag;
    const mark = drawing("svg", { width: 22, height: 10, "aria-hidden": "true" }, this.stroke);
    const title = [tag, description, "Click to hide or show the line."].filter(Boolean).join("\n");
    const made = element("button", { type: "button", class: "mxgw-pen", title, "aria-pressed": "true" });
    made.append(mark, element("span", {}, ...breakable(this.pen.name)));
    made.addEventListener("click", () => {
      const visible = made.getAttribute("aria-pressed") !== "true";
      made.setAttribute("aria-pressed", String(visible));
      toggle(this.index, visible);
    });
    return made;
  }
}

/** A pen of an earlier period: what it read so long before the pointer, or before now. */
class EarlierRow extends LegendRow {
  /**
   * @param {Pen} pen
   * @param {number} index
   * @param {Theme} theme
   * @param {Toggle} toggle
   * @param {Earlier} earlier
   */
  constructor(pen, index, theme, toggle, earlier) {
    super(pen, index, theme, toggle, null);
    this.shiftMs = earlier.shiftMs;
    this.node.classList.add("mxgw-earlier");
  }

  /** @param {number | null} ms on the present's time; null is not told */
  show(ms) {
    this.update(ms ?? -Infinity, ms ?? -Infinity);
    const reading = ms === null ? null : this.pen.at(ms);
    const isKnown = reading !== null && !reading.isLost;
    setText(this.quality, isKnown ? qualityWord(reading.quality) : "–");
    setText(this.note, ms === null ? "" : this.#when(ms, isKnown));
    setText(this.age, "–");
  }

  /**
   * @param {number} ms
   * @param {boolean} isKnown
   */
  #when(ms, isKnown) {
    const then = `${day(ms - this.shiftMs)} ${timeOfDay(ms - this.shiftMs)}`;
    return isKnown ? `at ${then}` : `nothing is known of ${then}`;
  }
}

/**
 * A long name may be broken after its dots, and nowhere else.
 *
 * @param {string} name
 */
function breakable(name) {
  return name.split(/(?<=\.)/).flatMap((part, i) => (i ? [element("wbr"), part] : [part]));
}

/** @param {BandKind} kind */
function bandKey(kind) {
  return element(
    "span",
    { class: "mxgw-key", "data-band": kind },
    element("i", { "aria-hidden": "true" }),
    BAND_WORDS[kind],
  );
}
