import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Pause } from "../../mxgw_notebook/widgets/src/shared/pause.js";

let done = 0;
beforeEach(() => {
  done = 0;
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

const pause = () => new Pause(100, () => (done += 1));

test("it is done once, a moment after the last of many changes", () => {
  const made = pause();
  for (let change = 0; change < 20; change += 1) {
    made.begin();
    mock.timers.tick(50);
  }
  assert.equal(done, 0);
  mock.timers.tick(100);
  assert.equal(done, 1);
});

test("what is done at once is not done once more", () => {
  const made = pause();
  made.begin();
  made.skip();
  mock.timers.tick(1000);
  assert.equal(done, 1);
});

test("what has ended is not done any more", () => {
  const made = pause();
  made.begin();
  made.end();
  mock.timers.tick(1000);
  assert.equal(done, 0);
});
