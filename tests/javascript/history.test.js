import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../../mxgw_notebook/widgets/src/trend/history.js";

const TAG = { tag: "Tank.Level", label: "", units: "m", description: "", words: null };

/** A trend's history, what it sent, and what the kernel says to it. */
function told() {
  /** @type {object[]} */
  const sent = [];
  /** @type {(content: unknown, buffers: DataView<ArrayBuffer>[]) => void} */
  let hear = () => {};
  const model = {
    get: () => [TAG],
    send: (/** @type {object} */ content) => sent.push(content),
    on: (/** @type {string} */ _event, /** @type {typeof hear} */ listener) => {
      hear = listener;
    },
    off: () => {},
  };
  const history = new History(/** @type {any} */ (model));
  const news = (/** @type {number} */ number, facts = {}) =>
    hear(
      {
        kind: "samples",
        number,
        reset: number === 1,
        phase: "live",
        status: "live",
        now_ms: Date.now(),
        outages: [],
        markers: [],
        limits: [],
        levels: [],
        replays: [],
        notes: [],
        coarse_ms: null,
        parts: [],
        ...facts,
      },
      [],
    );
  return { history, news, sent };
}

test("a kernel that falls silent ends the lines, and its return gives the time back", (context) => {
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const { history, news } = told();
  news(1);
  history.noteSilence();
  assert.deepEqual(history.outages, []);
  now = 20_000;
  history.noteSilence();
  history.noteSilence();
  assert.equal(history.outages.length, 1);
  assert.equal(history.outages[0][1], null);
  assert.equal(history.pens[0].outages, history.outages);
  news(2);
  assert.deepEqual(history.outages, []);
});

test("nothing is asked of a kernel that is gone", (context) => {
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const { history, news, sent } = told();
  news(1);
  const before = sent.length;
  now = 70_000;
  history.ask("clear");
  assert.equal(sent.length, before);
});
