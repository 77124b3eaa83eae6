import assert from "node:assert/strict";
import { test } from "node:test";
import { Overlay } from "../../mxgw_notebook/widgets/src/trend/overlay.js";
import { columns, pen } from "./pens.js";

/** @typedef {Record<string, number>} Asked */
/** @typedef {import("../../mxgw_notebook/widgets/src/trend/messages.d.ts").OverlayMessage} OverlayMessage */

function begun(present = [pen([[0, 1]])]) {
  /** @type {Asked[]} */
  const asked = [];
  const overlay = new Overlay((kind, facts) => {
    assert.equal(kind, "overlay");
    asked.push(facts);
  });
  const isOther = overlay.choose([1000, "1 s earlier"], present);
  return { asked, overlay, present, isOther };
}

/** @param {Partial<OverlayMessage>} facts @returns {OverlayMessage} */
function answer(facts = {}) {
  const window = { from_ms: 0, to_ms: 100, until_ms: 100 };
  return { kind: "overlay", number: 1, request: 1, shift_ms: 1000, gaps: [], parts: [], ...window, ...facts };
}

test("it has a pen for each of the present's, and others only when something changes", () => {
  const { overlay, present, isOther } = begun();
  assert.ok(isOther);
  assert.equal(overlay.pens[0].name, "Tank.Level, 1 s earlier");
  assert.equal(overlay.choose([1000, "1 s earlier"], present), false);
  assert.ok(overlay.choose([2000, "2 s earlier"], present));
  assert.ok(overlay.choose(null, present));
  assert.deepEqual(overlay.pens, []);
});

test("a window is asked for with a margin, and again only when the view leaves it", () => {
  const { asked, overlay } = begun();
  overlay.want(0, 100, 1000);
  assert.deepEqual(asked, [{ from_ms: -50, to_ms: 150, request: 1 }]);
  overlay.take(answer({ from_ms: -50, to_ms: 150, until_ms: 150 }), [], 1100);
  overlay.want(40, 140, 5000);
  assert.equal(asked.length, 1);
  overlay.want(60, 160, 6000);
  assert.equal(asked.length, 2);
  overlay.want(60, 160, 6100); // no answer yet
  assert.equal(asked.length, 2);
});

test("a closer look and what was still to come are asked for", () => {
  const { asked, overlay } = begun();
  overlay.take(answer({ until_ms: 80 }), [], 0);
  overlay.want(0, 80, 1000);
  assert.equal(asked.length, 0);
  overlay.want(0, 90, 2000);
  overlay.want(20, 30, 3000);
  assert.equal(asked.length, 2);
});

test("samples are put in, and nothing is told of a gap or of what is to come", () => {
  const { overlay } = begun();
  const gaps = /** @type {OverlayMessage["gaps"]} */ ([
    [0, 40, 60],
    [0, 90, null],
  ]);
  const rows = [
    [0, 1],
    [30, 2],
  ];
  assert.ok(overlay.take(answer({ gaps }), [[0, ...columns(rows)]], 0));
  const [made] = overlay.pens;
  assert.equal(made.at(35)?.value, 2);
  assert.equal(made.at(35)?.isLost, false);
  assert.equal(made.at(50)?.isLost, true);
  assert.equal(made.at(70)?.isLost, false);
  assert.equal(made.at(95)?.isLost, true);
  // The next window knows better of its own time, and nothing of that before.
  overlay.take(answer({ from_ms: 80, to_ms: 200, until_ms: 200 }), [[0, ...columns([[80, 3]])]], 0);
  assert.equal(made.at(50)?.isLost, true);
  assert.equal(made.at(95)?.isLost, false);
  assert.equal(made.at(95)?.value, 3);
});

test("what held when the window began is kept, though its time is rounded", () => {
  const { overlay } = begun();
  overlay.take(answer(), [[0, ...columns([[-0.0002, 7]])]], 0);
  overlay.take(answer(), [[0, ...columns([[-0.0002, 7]])]], 0);
  assert.equal(overlay.pens[0].at(50)?.value, 7);
  assert.equal(overlay.pens[0].length, 1);
});

test("an answer to another overlay is not drawn", () => {
  const { overlay } = begun();
  assert.equal(overlay.take(answer({ shift_ms: 5 }), [[0, ...columns([[0, 1]])]], 0), false);
  assert.equal(overlay.pens[0].length, 0);
});

test("what was loaded is bounded", () => {
  const { overlay } = begun();
  for (let i = 0; i < 100; i++)
    overlay.take(answer({ from_ms: i * 100, to_ms: i * 100 + 99 }), [[0, ...columns([[i * 100, i]])]], 0);
  assert.ok(overlay.pens[0].length <= 20);
  assert.equal(overlay.pens[0].at(9950)?.value, 99);
});
