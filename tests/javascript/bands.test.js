import assert from "node:assert/strict";
import { test } from "node:test";
import { poorStretches } from "../../mxgw_notebook/widgets/src/trend/bands.js";
import { stretches } from "../../mxgw_notebook/widgets/src/trend/lanes.js";
import { pen } from "./pens.js";

test("a stretch of poor quality runs from its first sample to the next other one", () => {
  const level = pen([
    [0, 1, 192],
    [1000, 1, 0],
    [2000, 1, 0],
    [3000, 1, 64],
    [4000, 1, 192],
  ]);
  assert.deepEqual(poorStretches(level, 0, 5000), [
    { word: "bad", from: 1000, to: 3000 },
    { word: "uncertain", from: 3000, to: 4000 },
  ]);
});

test("a quality that was bad before the window and still is shades all of it", () => {
  const level = pen([[500, 1, 0]]);
  assert.deepEqual(poorStretches(level, 1000, 2000), [{ word: "bad", from: 500, to: 2000 }]);
});

test("a lane of states names each stretch once, however many samples say the same", () => {
  const pump = pen(
    [
      [0, 0],
      [1000, 1],
      [1500, 1],
      [2000, 1, 0],
    ],
    { words: ["off", "on"] },
  );
  assert.deepEqual(stretches(pump, 500, 3000), [
    { value: 0, quality: "good", from: 500, to: 1000 },
    { value: 1, quality: "good", from: 1000, to: 2000 },
    { value: 1, quality: "bad", from: 2000, to: 3000 },
  ]);
});

test("a state is not known in an outage, and holds again after it", () => {
  const pump = pen([[0, 1]], { words: ["off", "on"] });
  pump.outages = [[1000, 2000]];
  assert.deepEqual(
    stretches(pump, 500, 3000).map(({ from, to }) => [from, to]),
    [
      [500, 1000],
      [2000, 3000],
    ],
  );
});
