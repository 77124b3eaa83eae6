import assert from "node:assert/strict";
import { test } from "node:test";
import { joinPens } from "../../mxgw_notebook/widgets/src/trend/join.js";
import { pen, samples } from "./pens.js";

test("a value holds until the next one, and before a pen's first there is none", () => {
  const slow = pen([
    [1000, 1],
    [3000, 2],
  ]);
  const late = pen([[2000, 7]]);
  const { data, drawn } = joinPens([slow, late], 1000, 4000, 800);
  assert.deepEqual(data, [
    [1, 2, 3, 4],
    [1, 1, 2, 2],
    [null, 7, 7, 7],
  ]);
  assert.deepEqual(drawn, [2, 1]);
});

test("what a tag read before the window stands at its left edge", () => {
  const { data } = joinPens([pen([[500, 3]])], 1000, 2000, 800);
  assert.deepEqual(data, [
    [1, 2],
    [3, 3],
  ]);
});

test("straight lines have a value at the pen's own times alone, and at both ends", () => {
  const own = pen([
    [0, 0],
    [2000, 20],
    [3000, 10],
  ]);
  const other = pen([[1500, 5]]);
  const { data } = joinPens([own, other], 1000, 3000, 800, true);
  assert.deepEqual(data[0], [1, 1.5, 2, 3]);
  assert.deepEqual(data[1], [10, undefined, 20, 10]);
});

test("no value is drawn through an outage, nor after it one that nobody told again", () => {
  const own = pen([
    [0, 1],
    [5000, 2],
  ]);
  own.outages = [[2000, 4000]];
  const { data } = joinPens([own], 1000, 6000, 800);
  assert.deepEqual(data[0], [1, 2, 2.00001, 4, 5, 6]);
  assert.deepEqual(data[1], [1, 1, null, 1, 2, 2]);
  assert.deepEqual(joinPens([own], 1000, 6000, 800, true).data[1].slice(2, 3), [null]);
});

test("what came late, by a replay, is drawn in the outage that it fills", () => {
  const own = pen([
    [0, 1],
    [3000, 7],
  ]);
  own.outages = [[2000, 4000]];
  assert.deepEqual(joinPens([own], 1000, 5000, 800).data[1], [1, 1, null, 7, 7, 7]);
});

test("an outage that lasts ends the line, and one before the window keeps its value out", () => {
  const own = pen([[0, 1]]);
  own.outages = [[2000, null]];
  assert.deepEqual(joinPens([own], 1000, 5000, 800).data[1], [1, 1, null, null]);
  assert.deepEqual(joinPens([own], 3000, 5000, 800).data[1], [null, null]);
});

test("drawn by columns of pixels, an outage is empty as well", () => {
  const own = pen(samples(Array.from({ length: 10_000 }, (_, i) => i)));
  own.outages = [[9_999, 20_000]];
  const { data } = joinPens([own], 0, 20_000, 100);
  assert.equal(data[1].slice(0, 199).includes(null), false);
  assert.deepEqual(new Set(data[1].slice(204, 400)), new Set([null]));
});

test("samples far denser than pixels keep the lowest and the highest of each column", () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 7));
  numbers[4321] = 99;
  numbers[8765] = -99;
  const { data, drawn } = joinPens([pen(samples(numbers))], 0, 10_000, 100);
  assert.equal(data[0].length, 401);
  const values = data[1].map(Number);
  assert.deepEqual([Math.min(...values), Math.max(...values)], [-99, 99]);
  assert.deepEqual(drawn, [10_000]);
});

test("a thinned column shows its extremes in the order in which they came", () => {
  const falls = pen(samples(Array.from({ length: 1000 }, (_, i) => -i)));
  const rises = pen(samples(Array.from({ length: 1000 }, (_, i) => i)));
  const { data } = joinPens([falls, rises], 0, 1000, 10);
  assert.deepEqual(data[1].slice(4, 8), [-99, -99, -199, -199]);
  assert.deepEqual(data[2].slice(4, 8), [99, 99, 199, 199]);
});

test("a pen of states draws no line", () => {
  const states = pen([[1000, 1]], { words: ["off", "on"] });
  const { data, drawn } = joinPens([states], 1000, 2000, 800);
  assert.deepEqual(data[1], [null, null]);
  assert.deepEqual(drawn, [1]);
});
