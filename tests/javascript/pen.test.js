import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, pen, samples } from "./pens.js";

test("a tag reads what its last sample said, and nothing before the first", () => {
  const level = pen([
    [1000, 1],
    [2000, 2, 64],
  ]);
  assert.equal(level.at(999), null);
  assert.deepEqual(level.at(1999), { time: 1000, value: 1, quality: 192, isLost: false });
  assert.deepEqual(level.at(5000), { time: 2000, value: 2, quality: 64, isLost: false });
});

test("the age of what a clearing carried over counts from its own time", () => {
  const level = pen([
    [5000, 1],
    [6000, 2],
  ]);
  level.carried = { time: 5000, since: 1000 };
  assert.equal(level.at(5500)?.time, 1000);
  assert.equal(level.at(6500)?.time, 6000);
});

test("within an outage nobody knows what a tag reads, the newest value apart", () => {
  const level = pen([[1000, 1]]);
  level.outages = [
    [2000, 3000],
    [4000, null],
  ];
  const lost = (/** @type {number} */ ms) => level.at(ms)?.isLost;
  assert.deepEqual([lost(1500), lost(2500), lost(3500), lost(5000)], [false, true, false, true]);
  assert.equal(lost(Number.POSITIVE_INFINITY), false);
});

test("a sample without a number holds the line, but the newest is read as no number", () => {
  const level = pen([
    [1000, 4],
    [2000, Number.NaN, 0],
  ]);
  assert.equal(level.value[1], 4);
  assert.ok(Number.isNaN(level.at(2000)?.value));
});

test("a plant's clock that is set back never makes time run backwards", () => {
  const level = pen([
    [2000, 1],
    [1000, 2],
  ]);
  assert.deepEqual([...level.time.subarray(0, 2)], [2000, 2000]);
});

test("a window in detail takes the place of its thinned samples and leaves its neighbours", () => {
  const level = pen([
    [0, 0],
    [1000, 10],
    [2000, 20],
    [3000, 30],
  ]);
  level.splice(
    1000,
    2000,
    ...columns([
      [1000, 11],
      [1500, 15],
      [1900, 19],
    ]),
  );
  assert.deepEqual([...level.time.subarray(0, level.length)], [0, 1000, 1500, 1900, 3000]);
  assert.deepEqual([...level.value.subarray(0, level.length)], [0, 11, 15, 19, 30]);
});

test("a window in detail may hold fewer samples than were known of it", () => {
  const level = pen(samples([0, 1, 2, 3, 4]));
  level.splice(1, 3, ...columns([[2, 7]]));
  assert.deepEqual([...level.value.subarray(0, level.length)], [0, 7, 4]);
});

test("a page that stands open for a day forgets the older half and keeps the newest", () => {
  const level = pen([]);
  const block = columns(samples(Array.from({ length: 100_000 }, (_, i) => i)));
  for (let part = 0; part < 6; part += 1)
    level.append(
      block[0].map((ms) => ms + part * 100_000),
      block[1],
      block[2],
    );
  assert.ok(level.length <= 500_000);
  assert.equal(level.at(Number.POSITIVE_INFINITY)?.time, 599_999);
});

test("a straight line is read between its two samples and nowhere beyond", () => {
  const level = pen([
    [0, 0],
    [1000, 10],
  ]);
  assert.equal(level.between(250), 2.5);
  assert.equal(level.between(1000), null);
  assert.equal(level.between(-1), null);
});

test("a state is read as its word, and one without a word as its number", () => {
  const pump = pen([[0, 1]], { words: ["off", "on"] });
  assert.equal(pump.isState, true);
  assert.deepEqual([pump.word(1), pump.word(5), pump.word(Number.NaN)], ["on", "5", "–"]);
});
