import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Channel } from "../../mxgw_notebook/widgets/src/shared/channel.js";
import { TestModel } from "./model.js";

beforeEach(() => mock.timers.enable({ apis: ["setInterval"] }));
afterEach(() => mock.timers.reset());

/** @typedef {{kind: string, number: number, text: string}} Message */

function opened() {
  const model = new TestModel();
  /** @type {string[]} */
  const received = [];
  /** @type {Channel<Message>} */
  const channel = new Channel(model, (message) => received.push(message.text));
  return { model, received, channel };
}

test("a page that comes late asks for everything, and hears nothing until that comes", () => {
  const { model, received, channel } = opened();
  model.tell({ text: "a part" });
  model.tell({ text: "all", reset: true });
  model.tell({ text: "more" });
  assert.deepEqual(model.kinds, ["resync"]);
  assert.deepEqual(received, ["all", "more"]);
  channel.close();
});

test("a question that stays unanswered is asked again", () => {
  const { model, channel } = opened();
  mock.timers.tick(6000);
  assert.equal(model.kinds.length, 4);
  channel.close();
});

test("a lost message is counted once, and what follows waits for the whole", () => {
  const { model, received, channel } = opened();
  model.tell({ text: "all", reset: true });
  model.lose();
  model.tell({ text: "after the hole" });
  model.tell({ text: "still after" });
  model.tell({ text: "all again", reset: true });
  assert.deepEqual(received, ["all", "all again"]);
  assert.equal(channel.holes, 1);
  assert.deepEqual(model.kinds, ["resync", "resync"]);
  channel.close();
});

test("an answer to somebody else, which has no number, is passed over", () => {
  const { model, received, channel } = opened();
  model.tell({ text: "all", reset: true });
  model.hand({ kind: "answer" });
  model.hand(null);
  assert.deepEqual(received, ["all"]);
  channel.close();
});

test("the kernel is told of the first view and of the last one's end alone", () => {
  const { model, channel } = opened();
  const leave = [channel.look(), channel.look()];
  for (const each of leave) each();
  assert.deepEqual(model.kinds, ["resync", "opened", "left"]);
  channel.close();
});

test("a closed channel listens no more and asks no more", () => {
  const { model, channel } = opened();
  channel.close();
  mock.timers.tick(10_000);
  assert.equal(model.isHeard, false);
  assert.deepEqual(model.kinds, ["resync"]);
});
