import assert from "node:assert/strict";
import { test } from "node:test";
import { Seen } from "../../mxgw_notebook/widgets/src/xy/seen.js";
import { TestModel } from "./model.js";

/** @param {number[][]} rows as time, x, y, quality, piece */
function seen(rows) {
  const model = new TestModel();
  const made = new Seen(/** @type {any} */ (model));
  const kinds = [Float64Array, Float64Array, Float64Array, Uint8Array, Uint32Array];
  const buffers = kinds.map((Kind, column) => new DataView(Kind.from(rows.map((row) => row[column])).buffer));
  const tag = { tag: "T", label: "", units: "m", description: "", words: null };
  const facts = { reset: true, phase: "live", status: "live", now_ms: 0, as_of_ms: null };
  model.tell({ kind: "points", x: tag, y: tag, left_out: 0, ...facts }, /** @type {any} */ (buffers));
  return made;
}

test("points are grouped by age, and those of uncertain quality apart", () => {
  const made = seen([
    [0, 1, 10, 192, 0],
    [25, 2, 20, 64, 0],
    [60, 3, 30, 192, 0],
    [100, 4, 40, 192, 1],
  ]);
  assert.equal(made.length, 4);
  assert.deepEqual(made.groups(), [
    [[1], [10]],
    [[], []],
    [[3], [30]],
    [[4], [40]],
    [[2], [20]],
  ]);
});

test("a single point is of the oldest group, and none at all of no group", () => {
  assert.deepEqual(seen([[5, 1, 2, 192, 0]]).groups()[0], [[1], [2]]);
  assert.ok(
    seen([])
      .groups()
      .every(([xs]) => xs.length === 0),
  );
});
