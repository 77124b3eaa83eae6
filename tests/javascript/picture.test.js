import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../../mxgw_notebook/widgets/src/trend/picture.js";
import { notesOnView } from "../../mxgw_notebook/widgets/src/trend/picture_notes.js";

process.env.TZ = "Asia/Tokyo";

test("a picture is named by UTC, as the other files of a trend are", () => {
  assert.equal(nameOf(Date.UTC(2026, 4, 4, 21, 5, 9)), "trend-20260504-210509Z.png");
});

test("of the notes on view a picture lists the first, and counts the others", () => {
  const noted = Array.from(
    { length: 30 },
    (_, place) => /** @type {[number, string, string]} */ ([place, `note ${place}`, "me"]),
  );
  const { marks, lines } = notesOnView(noted, [3, 100]);
  assert.equal(marks.length, 20);
  assert.match(lines[0], /^1 {2}.*me: note 3$/);
  assert.equal(lines.at(-1), "and 7 more notes");
  assert.deepEqual(notesOnView(noted, [200, 300]), { marks: [], lines: [] });
});
