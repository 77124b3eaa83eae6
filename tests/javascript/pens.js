import { Pen } from "../../mxgw_notebook/widgets/src/trend/pen.js";

/** @import { TrendTag } from "../../mxgw_notebook/widgets/src/trend/messages.d.ts" */

/**
 * A pen that holds these samples, each as time, value and (192 when left out) quality.
 *
 * @param {number[][]} rows
 * @param {Partial<TrendTag>} [facts]
 */
export function pen(rows, facts = {}) {
  const made = new Pen({ tag: "Tank.Level", label: "", units: "m", description: "", words: null, ...facts });
  made.append(...columns(rows));
  return made;
}

/**
 * The columns of samples, as a message carries them.
 *
 * @param {number[][]} rows
 * @returns {[Float64Array, Float64Array, Uint8Array]}
 */
export function columns(rows) {
  return [
    Float64Array.from(rows, ([time]) => time),
    Float64Array.from(rows, ([, value]) => value),
    Uint8Array.from(rows, ([, , quality = 192]) => quality),
  ];
}

/**
 * One sample a millisecond.
 *
 * @param {number[]} values
 */
export function samples(values) {
  return values.map((value, ms) => [ms, value]);
}
