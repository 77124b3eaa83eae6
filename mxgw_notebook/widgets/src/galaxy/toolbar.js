import { button, element, setText } from "../shared/dom.js";
import { Pause } from "../shared/pause.js";

/** @import { WidgetModel } from "../shared/model.d.ts" */
/** @import { Action, TreeTraits } from "./messages.d.ts" */

/**
 * What the toolbar sets off.
 *
 * @typedef {object} Acts
 * @property {(view: string) => void} view
 * @property {(text: string) => void} filter
 * @property {(action: Action) => void} act
 * @property {() => void} leave from the filter to the tree
 */

/** @typedef {{view: string, shown: number, selected: number, isBusy: boolean}} Shown */

const PAUSE_MS = 180;
/** @type {Record<string, string>} */
const VIEW_TITLES = { areas: "By area and object", templates: "By template, derived ones below" };

/** The lines above and below the tree: view, filter, actions, and what came of them. */
export class Toolbar {
  /**
   * @param {WidgetModel<TreeTraits>} model
   * @param {Acts} acts
   */
  constructor(model, { view, filter, act, leave }) {
    this.views = new Map(
      model
        .get("views")
        .map((name) => [name, button(capital(name), VIEW_TITLES[name] ?? name, () => view(name))]),
    );
    this.filter = element("input", {
      class: "mxgw-input mxgw-filter",
      type: "search",
      placeholder: "Filter: words, *glob*, /regex/",
      "aria-label": "Filter the tree",
    });
    this.typing = new Pause(PAUSE_MS, () => filter(this.filter.value));
    this.filter.addEventListener("input", () => this.typing.begin());
    this.filter.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "Enter") {
        event.preventDefault();
        leave();
      }
    });
    this.actions = [
      button("Copy tags", "Copy the selected tags, one per line", () => act("copy")),
      button("Read", "Show the present values of the selected tags", () => act("read")),
      button("Watch", "A live trend of the selected tags", () => act("watch")),
      button("To a cell", "Put the selected tags into a new cell as code", () => act("code")),
    ];
    if (!model.get("live")) this.actions[1].hidden = this.actions[2].hidden = true;
    this.count = element("span", { class: "mxgw-faint", role: "status" });
    this.notice = element("span", { class: "mxgw-outcome", role: "status" });
    const views = this.views.size > 1 ? [...this.views.values()] : [];
    this.node = element("div", { class: "mxgw-toolbar" }, ...views, this.filter, ...this.actions);
    const hint = element(
      "span",
      { class: "mxgw-faint mxgw-marks" },
      "A alarm · H history · S V T C R security",
    );
    const source = element("span", { class: "mxgw-faint" }, model.get("title"));
    this.foot = element(
      "div",
      { class: "mxgw-foot" },
      this.count,
      this.notice,
      element("span", { class: "mxgw-spring" }),
      hint,
      source,
    );
  }

  /** @param {Shown} shown */
  show({ view, shown, selected, isBusy }) {
    for (const [name, made] of this.views) made.setAttribute("aria-pressed", String(name === view));
    for (const made of this.actions) made.disabled = selected === 0 || isBusy;
    setText(
      this.count,
      selected ? `${selected.toLocaleString()} selected` : `${shown.toLocaleString()} shown`,
    );
  }

  /** @param {string} words */
  tell(words, isBad = false) {
    setText(this.notice, words);
    this.notice.dataset.bad = isBad ? "yes" : "no";
  }

  close() {
    this.typing.end();
  }
}

/** @param {string} word */
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
