/** The words of `mxgw_notebook/words.py`, and numbers, times and ages as a person reads them. */

/** An alarm's states, the most urgent first. */
export const ALARM_STATES = /** @type {const} */ ([
  "unacknowledged",
  "cleared unacknowledged",
  "state unknown",
  "acknowledged",
]);
export const [UNACKNOWLEDGED, CLEARED, UNKNOWN_STATE, ACKNOWLEDGED] = ALARM_STATES;

/** OPC quality, ascending. */
export const QUALITIES = /** @type {const} */ (["bad", "uncertain", "good"]);
export const UNCERTAIN_FROM = 64;
export const GOOD_FROM = 192;

/** How a feed stands. */
export const PHASES = /** @type {const} */ ({
  IDLE: "idle",
  CONNECTING: "connecting",
  LIVE: "live",
  INCOMPLETE: "incomplete",
  SILENT: "silent",
  RECONNECTING: "reconnecting",
  FAILING: "failing",
  REFUSED: "refused",
  STOPPED: "stopped",
});

/** @typedef {typeof ALARM_STATES[number]} AlarmState */
/** @typedef {typeof QUALITIES[number]} Quality */
/** @typedef {typeof PHASES[keyof typeof PHASES]} Phase */

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/**
 * 14:03:07, local time.
 *
 * @param {number} ms
 */
export function timeOfDay(ms) {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/**
 * 2026-11-22, local time.
 *
 * @param {number} ms
 */
export function day(ms) {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/**
 * As of 14:03:07, local time; with its day where that is not today.
 *
 * @param {number} ms
 */
export function asOf(ms) {
  const isToday = day(ms) === day(Date.now());
  return `as of ${timeOfDay(ms)}${isToday ? "" : ` on ${day(ms)}`}`;
}

/** The reader's zone by its IANA name; empty where the browser does not tell. */
export function zoneName() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

/**
 * The reader's zone by name and offset: Europe/Berlin (UTC+01:00).
 *
 * @param {number} ms
 */
export function zone(ms) {
  const minutes = -new Date(ms).getTimezoneOffset();
  const size = Math.abs(minutes);
  const offset = `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  const name = zoneName();
  return name && name !== "UTC" ? `${name} (${offset})` : offset;
}

const MOST_LAG_MS = 60_000;

/**
 * How long ago, in the largest unit that fits: 4 s, 3 min, 2 h. Not known of what is ahead of the clock by more
 * than that clock may lag.
 *
 * @param {number} ms
 */
export function age(ms) {
  if (ms < -MOST_LAG_MS) return "–";
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/**
 * A span as people say it, to the second: 45 s, 4 min 36 s, 2 h.
 *
 * @param {number} seconds
 */
export function spanWords(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ];
  const said = parts.filter(([number]) => number !== 0).slice(0, 2);
  return said.map(([number, unit]) => `${number} ${unit}`).join(" ");
}

/**
 * A value as a person reads it: six digits, and never fewer than its whole part has.
 *
 * @param {number} value
 */
export function number(value) {
  if (!Number.isFinite(value)) return "no number";
  if (Number.isSafeInteger(value)) return String(value + 0);
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(4);
  if (size >= 1e5) return value.toFixed(0);
  return String(Number(value.toPrecision(6)));
}

/**
 * The OPC quality byte as one word.
 *
 * @param {number} quality
 * @returns {Quality}
 */
export function qualityWord(quality) {
  if (quality >= GOOD_FROM) return "good";
  return quality >= UNCERTAIN_FROM ? "uncertain" : "bad";
}
