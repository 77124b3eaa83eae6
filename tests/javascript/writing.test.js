import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Board } from "../../mxgw_notebook/widgets/src/values/board.js";
import { Writing, wordsOf } from "../../mxgw_notebook/widgets/src/values/writing.js";
import { TestModel } from "./model.js";

/** @import { TypedWrite } from "../../mxgw_notebook/widgets/src/values/messages.d.ts" */

const TAG = "FIC101.SP";
const FEED = { kind: "values", phase: "live", status: "live", now_ms: 0, rows: [] };

/** @param {Partial<TypedWrite>} told @returns {TypedWrite} */
function entry(told) {
  const texts = { words: "", token: "", now: "", new: "", units: "", verdict: "", reason: "" };
  return { request: "", tag: TAG, state: "offered", ...texts, ...told };
}

function table() {
  mock.timers.enable({ apis: ["setInterval"] });
  const model = new TestModel();
  const board = new Board(model);
  model.tell({ ...FEED, reset: true });
  model.sent = [];
  return { model, board, writing: new Writing(model, board) };
}

/** A value was typed; answers with what the kernel says. */
function typed() {
  const { model, board, writing } = table();
  writing.begin(TAG);
  writing.propose("42");
  const request = String(model.sent[0].request);
  /** @param {Partial<TypedWrite>} told */
  const answer = (told) => model.tell({ ...FEED, reset: false, writes: [entry({ request, ...told })] });
  return { model, board, writing, request, answer };
}

test("what is typed is only asked about", () => {
  const { model, writing, request } = typed();
  assert.deepEqual(model.sent, [{ kind: "propose", request, tag: TAG, text: "42" }]);
  assert.equal(writing.state, "planning");
  mock.timers.reset();
});

test("nothing is applied before its plan is shown, and then once, by its token", () => {
  const { model, writing, request, answer } = typed();
  writing.apply();
  assert.deepEqual(model.kinds, ["propose"]);
  answer({ token: "t1" });
  writing.apply();
  writing.apply();
  assert.deepEqual(model.sent.slice(1), [{ kind: "apply", request, token: "t1" }]);
  assert.equal(writing.state, "writing");
  mock.timers.reset();
});

test("a plan that is given up is forgotten by the kernel as well", () => {
  const { model, writing, request, answer } = typed();
  answer({ token: "t1" });
  writing.giveUp();
  writing.apply();
  assert.deepEqual(model.sent.slice(1), [{ kind: "give up", request }]);
  assert.equal(writing.state, "closed");
  mock.timers.reset();
});

test("the plan of another page's request is not this one's", () => {
  const { model, writing } = typed();
  model.tell({ ...FEED, reset: false, writes: [entry({ request: "another", token: "t2" })] });
  writing.apply();
  assert.deepEqual(model.kinds, ["propose"]);
  assert.equal(writing.state, "planning");
  mock.timers.reset();
});

test("a row has what came of its newest write, and no plan", () => {
  const { board, answer } = typed();
  answer({ token: "t1" });
  assert.equal(board.outcomes.get(TAG), undefined);
  answer({ state: "done", words: "it is 42" });
  assert.equal(board.outcomes.get(TAG)?.words, "it is 42");
  mock.timers.reset();
});

test("a write is told in one line", () => {
  const plan = entry({ now: "30", new: "42", units: "m3/h", verdict: "write" });
  assert.equal(wordsOf(plan), "30 → 42 m3/h: write");
  assert.equal(wordsOf(entry({ state: "refused", words: "not armed" })), "refused: not armed");
  assert.equal(wordsOf(entry({ state: "writing", new: "42" })), "writing 42 …");
});
