import assert from "node:assert/strict";
import { test } from "node:test";
import { Places } from "../../mxgw_notebook/widgets/src/trend/places.js";
import { Window } from "../../mxgw_notebook/widgets/src/trend/window.js";

/** @typedef {{now: number, first: number | null, last: number | null, began: number | null, isStopped: boolean}} Facts */

/** @param {Partial<Facts>} [facts] */
function history({ now = 100_000, first = 10_000, last = 90_000, began = null, isStopped = false } = {}) {
  return {
    clock: { now: () => now },
    feed: { isStopped },
    firstTime: () => first,
    lastTime: () => last,
    began: () => began,
  };
}

test("a new trend fills the width, ten seconds at least", () => {
  assert.deepEqual(new Window(history({ began: 80_000 }), 60_000).bounds(), [80_000, 100_000]);
  assert.deepEqual(new Window(history({ began: 99_000 }), 60_000).bounds(), [90_000, 100_000]);
  assert.deepEqual(new Window(history({ began: 20_000 }), 60_000).bounds(), [40_000, 100_000]);
});

test("a live view ends now and begins its span before", () => {
  assert.deepEqual(new Window(history(), 30_000).bounds(), [70_000, 100_000]);
});

test("a live view follows a plant whose clock runs ahead", () => {
  assert.deepEqual(new Window(history({ last: 130_000 }), 30_000).bounds(), [100_000, 130_000]);
});

test("what was stopped stays in sight", () => {
  assert.deepEqual(new Window(history({ isStopped: true }), 30_000).bounds(), [60_000, 90_000]);
});

test("everything begins with the oldest sample", () => {
  assert.deepEqual(new Window(history(), Number.POSITIVE_INFINITY).bounds(), [10_000, 100_000]);
  assert.deepEqual(
    new Window(history({ first: null }), Number.POSITIVE_INFINITY).bounds(),
    [40_000, 100_000],
  );
});

test("a view that is moved stands still until it follows again", () => {
  const view = new Window(history(), 20_000);
  view.pan(-0.5);
  assert.deepEqual([view.isLive, view.bounds()], [false, [70_000, 90_000]]);
  view.follow();
  assert.deepEqual([view.isLive, view.bounds()], [true, [80_000, 100_000]]);
});

test("the moment under the pointer stays where it is while one zooms", () => {
  const view = new Window(history(), 20_000);
  view.zoom(0.5, 85_000);
  assert.deepEqual(view.bounds(), [82_500, 92_500]);
});

test("a held view keeps its right edge when it gets another span", () => {
  const view = new Window(history(), 20_000);
  view.hold([50_000, 70_000]);
  view.setSpan(5000);
  assert.deepEqual(view.bounds(), [65_000, 70_000]);
});

test("words that would lie on one another move aside, and stay put where there is no room", () => {
  const places = new Places();
  const box = { x: 0, y: 0, width: 40, height: 10 };
  assert.deepEqual(places.toTheRight(box, 100, 5), box);
  assert.deepEqual(places.toTheRight(box, 100, 5), { ...box, x: 45 });
  assert.deepEqual(places.toTheRight(box, 100, 5), box);
  assert.deepEqual(places.below(box, 3), { ...box, y: 10 });
});
