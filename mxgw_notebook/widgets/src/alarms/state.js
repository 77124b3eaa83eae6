/** The states of an alarm, each with a shape and a word of its own: colour is never the only sign. */
import { drawing, element } from "../shared/dom.js";
import { ACKNOWLEDGED, CLEARED, UNACKNOWLEDGED, UNKNOWN_STATE } from "../shared/words.js";

/** @import { AlarmState } from "../shared/words.js" */

/** @typedef {{d: string, filled: boolean, rank: number, words?: string, short?: string}} Shape of the path `d` */

// A filled triangle calls, an empty one has gone but still wants to be seen, a tick is dealt with. A diamond
// is of a state that this version does not know.
/** @type {Record<AlarmState, Shape>} */
const SHAPES = {
  [UNACKNOWLEDGED]: { d: "M7 1.5 13 12.5H1Z", filled: true, words: UNACKNOWLEDGED, short: "unack.", rank: 0 },
  [CLEARED]: {
    d: "M7 2.5 12 11.8H2Z",
    filled: false,
    words: "cleared, unack.",
    short: "cleared",
    rank: 1,
  },
  [UNKNOWN_STATE]: { d: "M7 1.5 12.5 7 7 12.5 1.5 7Z", filled: false, short: "unknown", rank: 2 },
  [ACKNOWLEDGED]: { d: "M2 7.5 5.5 11 12 3.5", filled: false, words: ACKNOWLEDGED, short: "ack.", rank: 3 },
};
/** @type {Shape} */
const OTHER = { d: "M2 7H12", filled: false, rank: 4 };
/** @type {[last: number, band: string][]} */
const BANDS = [
  [249, "critical"],
  [499, "high"],
  [749, "medium"],
];
const LOWEST = "low";

/**
 * Whether the alarm still waits for somebody to acknowledge it.
 *
 * @param {{state: AlarmState} | undefined} row
 */
export function isWaiting(row) {
  return row?.state === UNACKNOWLEDGED || row?.state === CLEARED;
}

/**
 * The place among the states, the most urgent first.
 *
 * @param {AlarmState} state
 */
export function rank(state) {
  return (SHAPES[state] ?? OTHER).rank;
}

/**
 * The state's shape and word.
 *
 * @param {AlarmState} state
 */
export function stateMark(state) {
  return element("span", { class: "mxgw-state", title: state }, stateIcon(state), ...stateWords(state));
}

/**
 * The state's word in full, `long` where another one is wanted, and the short one, of which one shows.
 *
 * @param {AlarmState} state
 * @param {string} long
 */
export function stateWords(state, long = SHAPES[state]?.words ?? state) {
  const short = SHAPES[state]?.short ?? state;
  return [
    element("span", { class: "mxgw-long" }, long),
    element("span", { class: "mxgw-short", "aria-hidden": "true" }, short),
  ];
}

/** @param {AlarmState} state */
export function stateIcon(state) {
  const shape = SHAPES[state] ?? OTHER;
  const path = drawing("path", {
    d: shape.d,
    fill: shape.filled ? "currentColor" : "none",
    stroke: "currentColor",
    "stroke-width": 1.8,
    "stroke-linejoin": "round",
  });
  return drawing("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, path);
}

/**
 * The word of a severity's quarter of the scale. 0 is how the gateway sends one that it does not have.
 *
 * @param {number} severity
 */
export function severityBand(severity) {
  if (severity < 1) return "not known";
  return BANDS.find(([last]) => severity <= last)?.[1] ?? LOWEST;
}

/**
 * The severity with the word of its quarter of the scale; 1 is the most urgent.
 *
 * @param {number} severity
 */
export function severityMark(severity) {
  const band = severityBand(severity);
  return element(
    "span",
    { class: "mxgw-severity", "data-band": band, title: `${band}: 1 is the most urgent` },
    String(severity),
  );
}
