import assert from "node:assert/strict";
import { test } from "node:test";
import { Selection as AlarmSelection } from "../../mxgw_notebook/widgets/src/alarms/selection.js";
import { Selection as NodeSelection } from "../../mxgw_notebook/widgets/src/galaxy/selection.js";
import { Tree } from "../../mxgw_notebook/widgets/src/galaxy/tree.js";
import { alarm } from "./alarms.js";

/** @import { NodeKind } from "../../mxgw_notebook/widgets/src/galaxy/messages.d.ts" */

/** @type {NodeKind} */
const AREA = "area";

function alarms() {
  const selection = new AlarmSelection(() => {});
  selection.rows = ["a", "b", "c", "d"].map((name) => alarm(name));
  return selection;
}

const plain = { adds: false, ranges: false };
/** @param {string} key @param {object} [more] */
const pressed = (key, more = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  target: { matches: () => false },
  ...more,
});

test("a click selects one alarm alone, with Ctrl one more, with Shift all from the last", () => {
  const selection = alarms();
  selection.press("b", plain);
  selection.press("d", { adds: true, ranges: false });
  assert.deepEqual([...selection.chosen], ["b", "d"]);
  selection.press("a", plain);
  selection.press("c", { adds: false, ranges: true });
  assert.deepEqual([...selection.chosen], ["a", "b", "c"]);
});

test("a range without a beginning selects the row alone", () => {
  const selection = alarms();
  selection.press("c", { adds: false, ranges: true });
  assert.deepEqual([...selection.chosen], ["c"]);
});

test("an alarm that is gone is selected no more, and nobody is told when none was", () => {
  let told = 0;
  const selection = new AlarmSelection(() => {
    told += 1;
  });
  selection.set([alarm("a"), alarm("b")]);
  selection.keep(() => true);
  assert.equal(told, 1);
  selection.keep((reference) => reference === "b");
  assert.deepEqual([[...selection.chosen], told], [["b"], 2]);
});

test("the keyboard walks the rows, stops at both ends and selects with space", () => {
  const selection = alarms();
  const places = ["ArrowDown", "ArrowDown", "End", "ArrowDown", "Home", "PageDown"].map((key) =>
    selection.key(pressed(key), 2),
  );
  assert.deepEqual(places, [0, 1, 3, 3, 0, 2]);
  assert.equal(selection.key(pressed(" "), 2), 2);
  assert.deepEqual([...selection.chosen], ["c"]);
  assert.equal(selection.key(pressed("a", { ctrlKey: true }), 2), 2);
  assert.equal(selection.chosen.size, 4);
  assert.equal(selection.key(pressed("Escape"), 2), 2);
  assert.equal(selection.chosen.size, 0);
});

test("a letter that is typed into a field moves nothing", () => {
  const selection = alarms();
  const field = { matches: () => true };
  assert.equal(selection.key(pressed("Home", { target: field }), 2), null);
  assert.equal(selection.key(pressed(" ", { target: field }), 2), null);
});

/** A tree of one area with two objects below. */
function tree() {
  const made = new Tree();
  made.take([block("", ["1"]), block("1", ["2", "3"])]);
  return made;
}

/**
 * The children of a node, as the kernel sends them.
 *
 * @param {string} key
 * @param {string[]} keys
 */
function block(key, keys) {
  /**
   * @template Value
   * @param {Value} value
   */
  const all = (value) => keys.map(() => value);
  return {
    key,
    rows: {
      key: keys,
      label: keys,
      kind: all(AREA),
      more: all(true),
      tag: keys,
      about: all(""),
      marks: all(""),
      security: all(""),
    },
  };
}

test("opening a node shows its children below it, shutting hides all that stands under it", () => {
  const shown = tree();
  shown.take([block("2", ["4", "5"])]);
  const keys = () => shown.rows.map((row) => row.key).join(" ");
  assert.equal(keys(), "1 2 4 5 3");
  shown.shut(shown.rows[0]);
  assert.equal(keys(), "1");
  shown.open(shown.rows[0]);
  assert.equal(keys(), "1 2 4 5 3");
});

test("children of a node that is no longer there leave the tree as it is", () => {
  const shown = tree();
  shown.take([block("gone", ["9"])]);
  assert.deepEqual(
    shown.rows.map((row) => row.key),
    ["1", "2", "3"],
  );
});

test("ten thousand children open at once", () => {
  const shown = tree();
  shown.take([
    block(
      "3",
      Array.from({ length: 10_000 }, (_, i) => `c${i}`),
    ),
  ]);
  assert.equal(shown.rows.length, 10_003);
});

test("a range of nodes runs over the rows that are visible, in both directions", () => {
  const { rows } = tree();
  const selection = new NodeSelection(() => {});
  selection.only(rows[2]);
  selection.extend(rows, rows[0]);
  assert.deepEqual([...selection.keys], ["1", "2", "3"]);
  assert.equal(selection.active, "1");
  selection.toggle(rows[1]);
  assert.deepEqual([...selection.keys], ["1", "3"]);
});

test("what a filter hides is selected no more, nor does a range begin there", () => {
  /** @type {string[][]} */
  const told = [];
  const selection = new NodeSelection(() => told.push([...selection.keys]));
  const rows = ["a", "b", "c"].map((key) => ({ key }));
  selection.only(rows[0]);
  selection.toggle(rows[2]);
  selection.toggle(rows[1]);
  assert.equal(selection.keep(rows), 0);
  assert.equal(told.length, 3);
  assert.equal(selection.keep([rows[0]]), 2);
  assert.deepEqual(told.at(-1), ["a"]);
  assert.deepEqual([selection.active, selection.anchor], [null, null]);
});
