import assert from "node:assert/strict";
import { test } from "node:test";
import { placePoint } from "../../../app/player/draw/loss_curve_thumbnail.js";

test("a loss is placed inside of the picture's axes", () => {
  assert.deepEqual(placePoint([0, 0], 168, 112), [9, 103]);
  assert.deepEqual(placePoint([1000, 1000], 168, 112), [159, 9]);
  assert.deepEqual(placePoint([500, 500], 168, 112), [84, 56]);
});
