import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { heldFor, Reordering } from "../../mxgw_notebook/widgets/src/alarms/reordering.js";

let orders = 0;
let now = 0;
beforeEach(() => {
  orders = 0;
  now = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** @param {number} ms */
function pass(ms) {
  for (const end = now + ms; now < end; ) {
    now += 10;
    mock.timers.tick(10);
  }
}

/** Rows that were ordered just now. */
function rows() {
  const made = new Reordering(() => {
    orders += 1;
    made.note();
  });
  made.note();
  return made;
}

test("many changes give one order, soon after the first", () => {
  const made = rows();
  for (let change = 0; change < 30; change += 1) made.later();
  pass(390);
  assert.equal(orders, 0);
  pass(20);
  assert.equal(orders, 1);
});

test("under a moving pointer the rows stay where they are, but not for ever", () => {
  const made = rows();
  for (let step = 0; step < 50; step += 1) {
    made.point();
    made.later();
    pass(100);
  }
  assert.equal(orders, 0);
  for (let step = 0; step < 15; step += 1) {
    made.point();
    pass(100);
  }
  assert.equal(orders, 1);
});

test("once the pointer has left or stands still, the rows are ordered", () => {
  const made = rows();
  pass(1000);
  made.point();
  made.later();
  pass(1000);
  assert.equal(orders, 0);
  pass(300);
  assert.equal(orders, 1);
  assert.ok(heldFor({ now, orderedAt: now, pointedAt: -Infinity }) < 0);
});

test("what is closed orders nothing", () => {
  const made = rows();
  made.later();
  made.close();
  pass(10_000);
  assert.equal(orders, 0);
});
