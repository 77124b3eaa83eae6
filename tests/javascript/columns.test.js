import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fitting,
  leftOut,
  SPARE_COLUMNS,
  sizeOf,
  template,
} from "../../mxgw_notebook/widgets/src/alarms/columns.js";

const NONE = new Set();

test("in a usual JupyterLab an alarm's description and time are in sight, and what is not is told", () => {
  const shown = fitting(644, NONE, false);
  const keys = shown.map((column) => column.key);
  assert.deepEqual(keys, ["severity", "state", "tag", "description", "raised_ms", "action"]);
  assert.deepEqual(leftOut(shown, NONE), ["Value", "Limit", "Area", "Type", "Comment"]);
  assert.deepEqual(leftOut(shown, new Set(["comment"])), ["Value", "Limit", "Area", "Type"]);
});

test("in the narrowest page a row's button is in sight", () => {
  const shown = fitting(310, NONE, false);
  assert.deepEqual(
    shown.map((column) => column.key),
    ["severity", "state", "tag", "action"],
  );
  const least = [...template(shown, 310, false).matchAll(/(\d+)px/g)].map(([, size]) => Number(size));
  assert.ok(least.reduce((sum, size) => sum + size, 0) <= 310 - 16);
});

test("where there is room for all, all are there", () => {
  const shown = fitting(1600, NONE, false);
  assert.deepEqual(leftOut(shown, NONE), []);
  assert.equal(
    shown.filter((column) => SPARE_COLUMNS.some((spare) => spare.key === column.key)).length,
    SPARE_COLUMNS.length,
  );
});

test("a column that was dragged is as wide as that, and the others give way", () => {
  const widths = new Map([["tag", 400]]);
  const shown = fitting(644, NONE, false, widths);
  assert.equal(
    shown.some((column) => column.key === "description"),
    false,
  );
  assert.match(template(shown, 644, false, widths), /\b400px\b/);
});

test("a width has a name", () => {
  assert.deepEqual([400, 646, 1200].map(sizeOf), ["narrow", "medium", "wide"]);
});
