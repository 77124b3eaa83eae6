import assert from "node:assert/strict";
import { test } from "node:test";
import { Measuring } from "../../mxgw_notebook/widgets/src/trend/measuring.js";

/** @typedef {Record<string, number>} Asked */

function begun() {
  /** @type {Asked[]} */
  const asked = [];
  const measuring = new Measuring((kind, facts) => {
    assert.equal(kind, "measure");
    asked.push(facts);
  });
  return { asked, measuring };
}

/** @type {import("../../mxgw_notebook/widgets/src/trend/messages.d.ts").MeasuresRow} */
const ROW = ["A", 1, 2, 1, 1.5, 1, 2, 0.1, 100];

test("the earlier cursor is the start, whichever it is", () => {
  const { asked, measuring } = begun();
  measuring.move([900, 100]);
  measuring.refresh(1000, 2000);
  assert.deepEqual(asked, [{ from_ms: 100, to_ms: 900, request: 1 }]);
});

test("between cursors that stand in the past nothing is asked again", () => {
  const { asked, measuring } = begun();
  measuring.move([100, 900]);
  measuring.refresh(1000, 2000);
  measuring.refresh(9000, 3000);
  assert.equal(asked.length, 1);
});

test("values that may lie between the cursors are asked for, once a second at most", () => {
  const { asked, measuring } = begun();
  measuring.move([100, 5000]);
  measuring.refresh(1000, 2000);
  measuring.refresh(1500, 2500);
  assert.equal(asked.length, 1);
  measuring.refresh(2100, 3000);
  assert.equal(asked.length, 2);
});

test("an answer that a later question overtook is not shown, nor one without cursors", () => {
  const { measuring } = begun();
  measuring.move([100, 900]);
  measuring.refresh(1000, 2000);
  measuring.move([200, 900]);
  measuring.refresh(2000, 2000);
  measuring.take({ kind: "measures", number: 1, request: 1, rows: [ROW] });
  assert.deepEqual(measuring.rows, []);
  measuring.take({ kind: "measures", number: 2, request: 2, rows: [ROW] });
  assert.deepEqual(measuring.rows, [ROW]);
  measuring.move(null);
  measuring.take({ kind: "measures", number: 3, request: 2, rows: [ROW] });
  assert.deepEqual(measuring.rows, []);
});
