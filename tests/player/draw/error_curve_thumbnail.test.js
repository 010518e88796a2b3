import assert from "node:assert/strict";
import { test } from "node:test";
import { splitAtGaps } from "../../../app/player/draw/error_curve_thumbnail.js";

test("a curve is drawn in parts where an error is not a number", () => {
  assert.deepEqual(splitAtGaps([null, [0, 1], [2, 3], null, null, [4, 5]]), [[[0, 1], [2, 3]], [[4, 5]]]);
  assert.deepEqual(splitAtGaps([]), []);
});
