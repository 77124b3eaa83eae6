/** The tab of alarms that are out of service: no feed tells of them, so they are looked for when it is opened. */
import { button, element, setText } from "../shared/dom.js";
import { day, timeOfDay } from "../shared/words.js";
import { severityMark } from "./state.js";

/** @import { ServiceMessage, ServiceRow } from "./messages.d.ts" */

const MOST_ROWS = 500;
const HEADS = ["Sev.", "Tag", "How", "Since", "Until", "By", "Reason"];

export class OutOfService {
  isOpen = false;

  /**
   * @param {number} height of the table, in pixels
   * @param {{look: () => void, toggled: (isOpen: boolean) => void}} acts
   */
  constructor(height, { look, toggled }) {
    this.look = look;
    this.toggled = toggled;
    this.tab = button("Out of service", "Alarms that are shelved, silenced, disabled or inhibited", () =>
      this.toggle(),
    );
    this.tab.setAttribute("aria-pressed", "false");
    this.summary = element("span", { class: "mxgw-faint", role: "status" });
    this.again = button("Look again", "Read the alarms' attributes again", () => this.ask());
    this.body = element("tbody");
    const heads = HEADS.map((head) => element("th", { scope: "col" }, head));
    const table = element("table", {}, element("thead", {}, element("tr", {}, ...heads)), this.body);
    const frame = element(
      "div",
      { class: "mxgw-service-table", tabindex: "0", style: `height: ${height}px` },
      table,
    );
    const line = element("div", { class: "mxgw-toolbar" }, this.summary, this.again);
    this.node = element("div", { class: "mxgw-service", hidden: "" }, line, frame);
  }

  toggle() {
    this.isOpen = !this.isOpen;
    this.node.hidden = !this.isOpen;
    this.tab.setAttribute("aria-pressed", String(this.isOpen));
    this.toggled(this.isOpen);
    if (this.isOpen) this.ask();
  }

  ask() {
    setText(this.summary, "reading the alarms' attributes …");
    this.again.disabled = true;
    this.look();
  }

  /** @param {ServiceMessage} message */
  show(message) {
    this.again.disabled = false;
    const at = message.at_ms === null ? "" : `, at ${timeOfDay(message.at_ms)}`;
    setText(this.summary, message.failure ? `✗ ${message.failure}` : `${message.summary}${at}`);
    if (message.failure) return;
    const rows = message.rows.slice(0, MOST_ROWS).map(rowOf);
    const more = message.rows.length - rows.length;
    if (more > 0) rows.push(wide(`and ${more} more: suppressed() has them all`));
    if (!rows.length) rows.push(wide("No alarm is out of service."));
    this.body.replaceChildren(...rows);
    setText(this.tab, `Out of service (${message.count})`);
  }
}

/** @param {ServiceRow} row */
function rowOf(row) {
  const about = [row.tag, row.description, row.area].filter(Boolean).join("\n");
  const by = [row.operator, row.node].filter(Boolean).join(" at ");
  const cells = [
    row.severity ? severityMark(row.severity) : "",
    element("span", { title: about }, row.tag),
    row.how,
    moment(row.since_ms),
    row.how === "shelved" ? moment(row.until_ms) : "",
    element("span", { title: by }, by),
    element("span", { title: row.reason }, row.reason),
  ];
  return element(
    "tr",
    { "data-how": row.how, "data-tag": row.tag },
    ...cells.map((cell) => element("td", {}, cell)),
  );
}

/** @param {string} words */
function wide(words) {
  return element("tr", {}, element("td", { colspan: HEADS.length, class: "mxgw-faint" }, words));
}

/** @param {number | null} ms */
function moment(ms) {
  if (ms === null) return "unknown";
  const whole = `${day(ms)} ${timeOfDay(ms)}`;
  const isToday = day(ms) === day(Date.now());
  return element("span", { title: whole }, isToday ? timeOfDay(ms) : whole.slice(0, -3));
}
