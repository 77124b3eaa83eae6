import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { byUrgency, Choice } from "../../mxgw_notebook/widgets/src/alarms/choice.js";
import { severityBand } from "../../mxgw_notebook/widgets/src/alarms/state.js";
import { alarm } from "./alarms.js";

/** @param {{reference?: string, group?: string}[]} items */
const names = (items) => items.map((item) => item.reference ?? `[${item.group}]`);
const choice = () => new Choice(() => {});

test("what waits comes before what is acknowledged, then the more severe, then the newer", () => {
  const rows = [
    alarm("seen", { state: "acknowledged", severity: 1 }),
    alarm("mild", { severity: 700 }),
    alarm("older", { severity: 100, raised_ms: 1000 }),
    alarm("newer", { severity: 100, raised_ms: 2000 }),
    alarm("cleared", { state: "cleared unacknowledged", severity: 100, raised_ms: 3000 }),
    alarm("no time", { severity: 100, raised_ms: null }),
  ];
  assert.deepEqual(names(rows.sort(byUrgency)), ["cleared", "newer", "older", "no time", "mild", "seen"]);
});

test("each word that is searched for has to stand somewhere in the row", () => {
  const chosen = choice();
  chosen.search = "tank  HIGH";
  const rows = [
    alarm("Tank.Hi", { description: "level high" }),
    alarm("Tank.Lo"),
    alarm("Pump.Hi", { description: "high" }),
  ];
  assert.deepEqual(names(chosen.arrange(rows)), ["Tank.Hi"]);
});

test("a range lets through the severities in it, and one that is none lets all through", () => {
  const rows = [100, 300, 500].map((severity) => alarm(String(severity), { severity }));
  const through = (/** @type {string} */ words) => {
    const chosen = choice();
    chosen.columns = { severity: words };
    return names(chosen.arrange(rows)).join(" ");
  };
  assert.equal(through("<=300"), "100 300");
  assert.equal(through("> 300"), "500");
  assert.equal(through("<300"), "100");
  assert.equal(through(">=300"), "300 500");
  assert.equal(through("200-400"), "300");
  assert.equal(through("400-200"), "300");
  assert.equal(through("500"), "500");
  assert.equal(through("high"), "100 300 500");
});

test("a column turns round at the second press and goes back to urgency at the third", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {[string, boolean][]} */
    const told = [];
    const chosen = new Choice((content) => told.push([content.sort, content.descending]));
    const rows = [alarm("b"), alarm("C"), alarm("a")];
    const orders = [];
    for (let press = 0; press < 3; press += 1) {
      chosen.sortBy("tag");
      orders.push(names(chosen.arrange(rows)).join(""));
      mock.timers.tick(200);
    }
    assert.deepEqual(orders, ["abC", "Cba", "Cab"]);
    assert.deepEqual(told, [
      ["tag", false],
      ["tag", true],
      ["state", false],
    ]);
  } finally {
    mock.timers.reset();
  }
});

test("changes that come close together are told once", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {string[]} */
    const told = [];
    const chosen = new Choice((content) => told.push(content.search));
    for (const search of ["t", "ta", "tan"]) chosen.set({ search });
    mock.timers.tick(1000);
    assert.deepEqual(told, ["tan"]);
  } finally {
    mock.timers.reset();
  }
});

test("a group stands where its most urgent row would, counts who waits, and hides its rows when shut", () => {
  const chosen = choice();
  chosen.group = "area";
  const rows = [
    alarm("a1", { area: "North", severity: 500 }),
    alarm("b1", { area: "South", severity: 1 }),
    alarm("a2", { area: "North", severity: 100, state: "acknowledged" }),
  ];
  assert.deepEqual(names(chosen.arrange(rows)), ["[South]", "b1", "[North]", "a1", "a2"]);
  chosen.collapsed.add("North");
  const items = chosen.arrange(rows);
  assert.deepEqual(names(items), ["[South]", "b1", "[North]"]);
  assert.deepEqual(items.at(-1), { group: "North", count: 2, waiting: 1, isOpen: false });
});

test("a severity that the gateway does not have is not critical", () => {
  assert.deepEqual([0, 1, 249, 250, 749, 750, 999].map(severityBand), [
    "not known",
    "critical",
    "critical",
    "high",
    "medium",
    "low",
    "low",
  ]);
});
