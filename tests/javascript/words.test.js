import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Clock } from "../../mxgw_notebook/widgets/src/shared/clock.js";
import { Feed } from "../../mxgw_notebook/widgets/src/shared/feed.js";
import { age, day, number, qualityWord, timeOfDay } from "../../mxgw_notebook/widgets/src/shared/words.js";
import { rate } from "../../mxgw_notebook/widgets/src/values/columns.js";
import { TestModel } from "./model.js";

test("an age is told in the largest unit that fits, and never below nought", () => {
  assert.deepEqual([-5, 59_999, 60_000, 3_600_000, 172_800_000].map(age), [
    "0 s",
    "59 s",
    "1 min",
    "1 h",
    "2 d",
  ]);
});

test("the age of what is ahead of the clock by more than that may lag is not known", () => {
  assert.deepEqual([-60_000, -60_001, -3_600_000].map(age), ["0 s", "–", "–"]);
});

test("a number has six digits that matter, and never fewer than its whole part", () => {
  assert.deepEqual([1.5, 12.3456789, 1234567.8, 0, -0, 12345678901, 1e20, 0.00001].map(number), [
    "1.5",
    "12.3457",
    "1234568",
    "0",
    "0",
    "12345678901",
    "1.0000e+20",
    "1.0000e-5",
  ]);
  assert.equal(number(Number.NaN), "no number");
});

test("a quality changes its word at 64 and at 192", () => {
  assert.deepEqual([0, 63, 64, 191, 192, 255].map(qualityWord), [
    "bad",
    "bad",
    "uncertain",
    "uncertain",
    "good",
    "good",
  ]);
});

test("day and time are those of the reader's zone", () => {
  const ms = new Date(2026, 10, 2, 3, 4, 5).getTime();
  assert.equal(`${day(ms)} ${timeOfDay(ms)}`, "2026-11-02 03:04:05");
});

test("how often a tag changes is told in the unit that gives a handy number", () => {
  assert.deepEqual([0, null, 0.1, 2, 60, 90].map(rate), ["–", "–", "10/s", "30/min", "1/min", "40/h"]);
});

test("the clock goes as the kernel's, and a message without a time teaches it nothing", () => {
  mock.timers.enable({ apis: ["Date"], now: 1000 });
  try {
    const clock = new Clock();
    clock.learn(61_000);
    clock.learn(Number.NaN);
    mock.timers.tick(500);
    assert.equal(clock.now(), 61_500);
  } finally {
    mock.timers.reset();
  }
});

test("a kernel that falls silent is never called live", (context) => {
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const feed = new Feed();
  feed.hear({ phase: "live", status: "live" });
  now = 14_000;
  assert.deepEqual(feed.standing(), { isLive: true, words: "live" });
  now = 20_000;
  assert.deepEqual(feed.standing(), { isLive: false, words: "no news from the kernel for 20 s" });
  assert.equal(feed.isGone, false);
  now = 80_000;
  assert.equal(feed.isGone, true);
  assert.match(feed.standing().words, /if it was restarted, run the cell again/);
  feed.hear({ phase: "stopped", status: "stopped" });
  now = 90_000;
  assert.deepEqual(feed.standing(), { isLive: false, words: "stopped" });
  assert.equal(feed.isStopped, true);
});

test("what is shown of before says as of when", () => {
  const feed = new Feed();
  const noon = new Date().setHours(12, 5, 9, 0);
  feed.hear({ phase: "reconnecting", status: "reconnecting: no route", as_of_ms: noon });
  assert.equal(feed.standing().words, "reconnecting: no route, as of 12:05:09");
  feed.hear({ phase: "stopped", status: "stopped", as_of_ms: new Date(2026, 1, 3, 4, 5, 6).getTime() });
  assert.equal(feed.standing().words, "stopped, as of 04:05:06 on 2026-02-03");
  feed.hear({ phase: "live", status: "live", as_of_ms: noon });
  assert.equal(feed.standing().words, "live");
  feed.hear({ phase: "stopped", status: "stopped", as_of_ms: null });
  assert.equal(feed.standing().words, "stopped");
});

test("what is read later always says as of when, with its day", (context) => {
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const feed = new Feed();
  const at = new Date(2026, 1, 3, 4, 5, 6).getTime();
  for (const phase of /** @type {const} */ (["live", "reconnecting", "stopped"])) {
    feed.hear({ phase, status: phase, as_of_ms: at });
    assert.equal(feed.dated(), `${phase}, as of 04:05:06 on 2026-02-03`);
  }
  feed.hear({ phase: "live", status: "live", as_of_ms: at });
  now = 20_000;
  assert.equal(feed.dated(), "no news from the kernel for 20 s, as of 04:05:06 on 2026-02-03");
});

test("a feed is live by its phase alone, whatever its words say", () => {
  const feed = new Feed();
  assert.deepEqual(feed.standing(), { isLive: false, words: "connecting" });
  feed.hear({ phase: "reconnecting", status: "live" });
  assert.equal(feed.standing().isLive, false);
  feed.hear({ phase: "live", status: "stopped" });
  assert.deepEqual([feed.standing().isLive, feed.isStopped], [true, false]);
});

test("a line that is cut is told at once, with what to do, and is forgotten when the kernel speaks again", () => {
  const [feed, model] = [new Feed(), new TestModel()];
  feed.follow(model);
  feed.hear({ phase: "live", status: "live" });
  model.cut();
  assert.equal(feed.isGone, true);
  assert.ok(feed.silentMs > 0);
  assert.deepEqual(feed.standing(), { isLive: false, words: "the kernel is gone: run the cell again" });
  feed.hear({ phase: "live", status: "live" });
  assert.equal(feed.isGone, false);
  assert.equal(feed.standing().isLive, true);
});
