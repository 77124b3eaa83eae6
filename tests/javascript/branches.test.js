import assert from "node:assert/strict";
import { test } from "node:test";
import { Actions } from "../../mxgw_notebook/widgets/src/galaxy/actions.js";
import { Branches } from "../../mxgw_notebook/widgets/src/galaxy/branches.js";

/** @import { TreeRows } from "../../mxgw_notebook/widgets/src/galaxy/messages.d.ts" */

/**
 * A kernel that answers when a test says so.
 *
 * @typedef {{question: any, resolve: (answer: any) => void, reject: (error: Error) => void}} Asked
 */
class Kernel {
  /** @type {Asked[]} */
  asked = [];

  /** @param {any} question @returns {Promise<any>} */
  ask(question) {
    return new Promise((resolve, reject) => this.asked.push({ question, resolve, reject }));
  }
}

/** @param {string[]} names @returns {TreeRows} */
function rows(...names) {
  return {
    key: names,
    label: names,
    kind: names.map(() => "area"),
    more: names.map(() => true),
    tag: names.map(() => ""),
    about: names.map(() => ""),
    marks: names.map(() => ""),
    security: names.map(() => ""),
  };
}

function branches() {
  const kernel = new Kernel();
  const made = new Branches(kernel, "areas", () => {});
  const shown = () => made.tree.rows.map((row) => row.label);
  return { kernel, made, shown };
}

test("a filter that is typed on shows the last answer, whichever comes first", async () => {
  const { kernel, made, shown } = branches();
  const first = made.show("areas", "Ta");
  const last = made.show("areas", "Tank");
  kernel.asked[1].resolve({ blocks: [{ key: "", rows: rows("Tank001") }] });
  assert.equal(await last, "");
  kernel.asked[0].resolve({ blocks: [{ key: "", rows: rows("Table") }] });
  assert.equal(await first, null);
  assert.deepEqual(shown(), ["Tank001"]);
});

test("why a view cannot be shown is told, and what was shown stays", async () => {
  const { kernel, made, shown } = branches();
  const first = made.show("areas", "");
  kernel.asked[0].resolve({ blocks: [{ key: "", rows: rows("North") }] });
  await first;
  const second = made.show("templates", "");
  kernel.asked[1].reject(new Error("no answer from the kernel"));
  assert.equal(await second, "no answer from the kernel");
  assert.deepEqual(shown(), ["North"]);
});

test("a node is asked for once, and one that failed again", async () => {
  const { kernel, made, shown } = branches();
  const begun = made.show("areas", "");
  kernel.asked[0].resolve({ blocks: [{ key: "", rows: rows("North") }] });
  await begun;
  const [north] = made.tree.rows;
  const opening = made.open(north);
  await made.open(north);
  kernel.asked[1].reject(new Error("away"));
  await opening;
  assert.equal(north.failure, "away");
  const again = made.open(north);
  kernel.asked[2].resolve({ blocks: [{ key: "North", rows: rows("Tank001") }] });
  await again;
  made.shut(north);
  await made.open(north);
  assert.equal(kernel.asked.length, 3);
  assert.deepEqual(shown(), ["North", "Tank001"]);
});

test("children that come after another filter are of no tree any more", async () => {
  const { kernel, made, shown } = branches();
  const begun = made.show("areas", "");
  kernel.asked[0].resolve({ blocks: [{ key: "", rows: rows("North") }] });
  await begun;
  const opening = made.open(made.tree.rows[0]);
  const filtered = made.show("areas", "South");
  kernel.asked[2].resolve({ blocks: [{ key: "", rows: rows("South") }] });
  await filtered;
  kernel.asked[1].resolve({ blocks: [{ key: "North", rows: rows("Tank001") }] });
  await opening;
  assert.deepEqual(shown(), ["South"]);
});

test("an action is busy until its answer is told, and a failed one is told as such", async () => {
  const kernel = new Kernel();
  /** @type {[string, boolean | undefined][]} */
  const told = [];
  /** @type {unknown[]} */
  const read = [];
  const root = /** @type {Element} */ ({});
  const made = new Actions(/** @type {any} */ (kernel), root, {
    read: (values) => read.push(...values),
    tell: (words, isBad) => told.push([words, isBad]),
    changed: () => {},
  });
  const acting = made.act("read");
  assert.ok(made.isBusy);
  kernel.asked[0].resolve({ text: "", values: [["T.A", "1", "good"]], notice: "1 tag read." });
  await acting;
  const failing = made.act("read");
  kernel.asked[1].reject(new Error("away"));
  await failing;
  assert.deepEqual(told, [
    ["…", undefined],
    ["1 tag read.", false],
    ["…", undefined],
    ["away", true],
  ]);
  assert.deepEqual(read, [["T.A", "1", "good"]]);
  assert.ok(!made.isBusy);
});
