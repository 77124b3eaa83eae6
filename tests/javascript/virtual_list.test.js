import assert from "node:assert/strict";
import { test } from "node:test";
import { inSight, rowsOfPage, topWith } from "../../mxgw_notebook/widgets/src/shared/virtual_list.js";

const seen = { height: 100, rowHeight: 20, spare: 2 };

test("the rows in sight have nodes, a row that is half in sight too, and the spare ones on both sides", () => {
  assert.deepEqual(inSight({ ...seen, top: 200, count: 1000 }), [8, 17]);
  assert.deepEqual(inSight({ ...seen, top: 210, count: 1000 }), [8, 18]);
});

test("above the first row and below the last there is nothing to draw", () => {
  assert.deepEqual(inSight({ ...seen, top: 0, count: 1000 }), [0, 7]);
  assert.deepEqual(inSight({ ...seen, top: 19_900, count: 1000 }), [993, 1000]);
  assert.deepEqual(inSight({ ...seen, top: 0, count: 3 }), [0, 3]);
  assert.deepEqual(inSight({ ...seen, top: 0, count: 0 }), [0, 0]);
});

test("a list that is dragged above its top shows its first rows", () => {
  assert.deepEqual(inSight({ ...seen, top: -60, count: 1000 }), [0, 7]);
});

test("a list that became shorter while it was scrolled far down shows its last rows", () => {
  assert.deepEqual(inSight({ ...seen, top: 10_000, count: 10 }), [3, 10]);
  assert.deepEqual(inSight({ ...seen, top: 10_000, count: 2 }), [0, 2]);
});

test("wherever a list is scrolled to, no row that is in sight lacks a node", () => {
  for (let top = 0; top <= 900; top += 7) {
    const [first, last] = inSight({ ...seen, spare: 0, top, count: 50 });
    assert.ok(first * 20 <= top && last * 20 >= top + 100, `${first} to ${last} at ${top}`);
  }
});

test("a row is brought into sight by the shortest way, and one that is in sight stays where it is", () => {
  const list = { top: 200, height: 100, rowHeight: 20 };
  assert.equal(topWith(3, list), 60);
  assert.equal(topWith(9, list), 180);
  for (const place of [10, 12, 14]) assert.equal(topWith(place, list), 200);
  assert.equal(topWith(15, list), 220);
});

test("a row in a list that is lower than a row is shown from its top", () => {
  assert.equal(topWith(5, { top: 0, height: 10, rowHeight: 20 }), 100);
});

test("a page leaves one row of the page before in sight, and goes on where nothing has a height", () => {
  assert.equal(rowsOfPage({ height: 119, rowHeight: 20 }), 4);
  assert.equal(rowsOfPage({ height: 0, rowHeight: 20 }), 1);
});
