import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chosenRange,
  dragged,
  powerLabel,
  valueLabel,
} from "../../mxgw_notebook/widgets/src/trend/ranges.js";

/** @import { Scale } from "../../mxgw_notebook/widgets/src/trend/messages.d.ts" */

test("an axis taken in its middle is moved, and the value taken stays under the pointer", () => {
  assert.deepEqual(dragged(0, 100, 0.5, 0.75), [25, 125]);
  assert.deepEqual(dragged(0, 100, 0.5, 0.5), [0, 100]);
});

test("taken at an end it is stretched, and the other end stays", () => {
  const upper = dragged(0, 100, 0.2, 0.6);
  assert.equal(upper?.[0], 0);
  assert.ok(Math.abs((upper?.[1] ?? 0) - 200) < 1e-9);
  const lower = dragged(0, 100, 0.8, 0.4);
  assert.equal(lower?.[1], 100);
  assert.ok(Math.abs((lower?.[0] ?? 0) - -100) < 1e-9);
});

test("an end is dragged no further than the other one", () => {
  assert.equal(dragged(0, 100, 0.1, 1.2), null);
  assert.equal(dragged(0, 100, 0.9, -0.2), null);
});

test("a chosen end counts, the other follows the values or gives way", () => {
  /** @type {(low: number | null, high: number | null, log?: boolean) => Scale} */
  const scale = (low, high, log = false) => ["%", low, high, log];
  assert.deepEqual(chosenRange(scale(null, null), [1, 2]), [1, 2]);
  assert.deepEqual(chosenRange(scale(0, 100), [1, 2]), [0, 100]);
  assert.deepEqual(chosenRange(scale(0, null), [1, 2]), [0, 2]);
  assert.deepEqual(chosenRange(scale(5, null), [1, 2]), [5, 6]);
  assert.deepEqual(chosenRange(scale(null, 0), [1, 2]), [-1, 0]);
  assert.deepEqual(chosenRange(scale(50, null, true), [1, 10]), [50, 500]);
});

test("labels of an axis differ wherever its values do", () => {
  const labels = (/** @type {number[]} */ values, /** @type {number} */ step) =>
    values.map((value) => valueLabel(value, step));
  assert.deepEqual(labels([1234000, 1236500], 2500), ["1234000", "1236500"]);
  assert.deepEqual(labels([1.234e10, 1.2365e10], 2.5e7), ["1.2340e+10", "1.2365e+10"]);
  assert.deepEqual(labels([1e-5, 1.5e-5], 5e-6), ["1.0e-5", "1.5e-5"]);
  assert.deepEqual(labels([0.5, 1], 0.5), ["0.5", "1.0"]);
});

test("a power of ten is written as short as it can be", () => {
  assert.equal(powerLabel(0.1), "0.1");
  assert.equal(powerLabel(null), "");
  assert.equal(powerLabel(1e7), "1e+7");
});
