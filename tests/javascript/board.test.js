import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Board } from "../../mxgw_notebook/widgets/src/alarms/board.js";
import { alarm } from "./alarms.js";
import { TestModel } from "./model.js";

/** @import { NoticeMessage, TroubleMessage } from "../../mxgw_notebook/widgets/src/shared/model.d.ts" */
/** @import { RowsMessage } from "../../mxgw_notebook/widgets/src/alarms/messages.d.ts" */

let now = 0;

beforeEach(() => {
  now = 0;
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(performance, "now", () => now);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

/** A board with these rows. @param {ReturnType<typeof alarm>[]} rows */
function board(...rows) {
  const model = new TestModel();
  const made = new Board(model);
  /** @param {Partial<RowsMessage> | Partial<TroubleMessage> | Partial<NoticeMessage>} facts */
  const tell = (facts) =>
    model.tell({
      kind: "rows",
      now_ms: 0,
      phase: "live",
      status: "live",
      upsert: [],
      removed: [],
      outcomes: [],
      reset: false,
      provider: "",
      degraded: "",
      nothing: "No active alarms.",
      ...facts,
    });
  tell({ reset: true, upsert: rows });
  return { made, model, tell };
}

test("an acknowledge that was asked for is pending until the plant says more", () => {
  const { made, model, tell } = board(alarm("a"), alarm("b", { state: "acknowledged" }));
  made.acknowledge(["a", "b"], "seen");
  assert.deepEqual(model.sent.at(-1), { kind: "acknowledge", references: ["a"], comment: "seen" });
  assert.equal(made.shown(alarm("a"))?.request?.step, "pending");
  assert.equal(made.shown(alarm("a"))?.state, "unacknowledged");
  tell({ outcomes: [["a", null]] });
  assert.equal(made.shown(alarm("a"))?.request?.step, "accepted");
  tell({ upsert: [alarm("a", { state: "acknowledged" })] });
  assert.equal(made.shown(alarm("a"))?.request?.step, "done");
});

test("a refused acknowledge keeps its reason beside the row", () => {
  const { made, tell } = board(alarm("a"));
  made.acknowledge(["a"], "");
  tell({ outcomes: [["a", "no permission"]] });
  assert.deepEqual(made.refusals(), [["a", "no permission"]]);
});

test("a row that leaves while it is acknowledged stays for a while to say so", () => {
  const { made, tell } = board(alarm("a"));
  made.acknowledge(["a"], "");
  tell({ removed: ["a"] });
  assert.equal(made.shown(alarm("a"))?.isGone, true);
  tell({ outcomes: [["a", null]] });
  assert.equal(made.shown(alarm("a"))?.request?.step, "done");
  now = 5000;
  made.tidy();
  assert.equal(made.shown(alarm("a")), null);
});

test("an alarm that is raised anew says nothing of an old acknowledge", () => {
  const { made, tell } = board(alarm("a"));
  made.acknowledge(["a"], "");
  tell({ upsert: [alarm("a", { state: "acknowledged" })], outcomes: [["a", null]] });
  tell({ upsert: [alarm("a", { raised_ms: 9000 })] });
  assert.equal(made.shown(alarm("a"))?.request, null);
  assert.equal(made.isFresh("a"), true);
});

test("after a stop nothing is asked for", () => {
  const { made, model, tell } = board(alarm("a"));
  tell({ phase: "stopped", status: "stopped" });
  made.acknowledge(["a"], "");
  assert.ok(!model.kinds.includes("acknowledge"));
});

test("what a whole list lacks has left the board", () => {
  const { made, tell } = board(alarm("a"), alarm("b"));
  tell({ reset: true, upsert: [alarm("b")] });
  assert.deepEqual([...made.rows.keys()], ["b"]);
});

test("a row is the same object until something about it changes", () => {
  const { made, tell } = board(alarm("a"));
  const before = made.shown(alarm("a"));
  assert.equal(made.shown(alarm("a")), before);
  tell({ upsert: [alarm("a", { comment: "x" })] });
  assert.notEqual(made.shown(alarm("a")), before);
});

test("a look that failed and a message that was not served are told beside the rows", () => {
  const { made, tell } = board(alarm("a"));
  tell({ kind: "trouble", phase: "failing", status: "failing: a mistake" });
  assert.deepEqual(made.feed.standing(), { isLive: false, words: "failing: a mistake" });
  assert.deepEqual([...made.rows.keys()], ["a"]);
  tell({ kind: "notice", text: "not understood" });
  assert.equal(made.notice, "not understood");
  made.acknowledge(["a"], "");
  assert.equal(made.notice, "");
});

test("what no row means is said as the kernel says it", () => {
  const { made, tell } = board();
  tell({ phase: "stopped", status: "stopped", nothing: "No list of alarms has come yet." });
  assert.equal(made.emptyWords(), "No list of alarms has come yet.");
  tell({ nothing: "No alarm matches the filter (7 active)." });
  assert.equal(made.emptyWords(), "No alarm matches the filter (7 active).");
  tell({ upsert: [alarm("a")] });
  assert.equal(made.emptyWords(), "No alarm matches the search.");
});
