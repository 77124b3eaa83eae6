import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, said } from "../../mxgw_notebook/widgets/src/trend/notes.js";

/** @typedef {import("../../mxgw_notebook/widgets/src/trend/messages.d.ts").Noted} Noted */

/** @type {(ms: number) => Noted} */
const at = (ms) => [ms, `at ${ms}`, "me"];

test("notes that would lie on one another are one mark, and those out of sight are none", () => {
  // A pixel is a millisecond.
  const groups = grouped([at(-50), at(100), at(110), at(117), at(118), at(1100)], [0, 1000], 1000);
  assert.deepEqual(
    groups.map(({ ms, notes }) => [ms, notes.length]),
    [
      [100, 3],
      [118, 1],
    ],
  );
});

test("marks stay the same while the view slides", () => {
  const notes = [at(100), at(110), at(125)];
  const sizes = [0, 5, 50].map((from) =>
    grouped(notes, [from, from + 1000], 1000).map((group) => group.notes.length),
  );
  assert.deepEqual(sizes, [
    [2, 1],
    [2, 1],
    [2, 1],
  ]);
});

test("a note is said with its time, and with its day where that is another", () => {
  assert.match(said([Date.now(), "stuck", "me"]), /^\d\d:\d\d:\d\d, me: stuck$/);
  assert.match(said([0, "stuck", ""]), /^19(69|70)-\d\d-\d\d \d\d:\d\d:\d\d: stuck$/);
});
