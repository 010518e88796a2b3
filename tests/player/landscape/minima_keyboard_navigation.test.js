import assert from "node:assert/strict";
import { test } from "node:test";
import { findStarAt } from "../../../app/player/landscape/minima_keyboard_navigation.js";

test("the nearest star within reach of the pointer is meant", () => {
  const stars = [[10, 10], [24, 10], [100, 100]].map(([x, y]) => ({ x, y, place: [x, y] }));
  assert.deepEqual(findStarAt(stars, 18, 10).place, [24, 10]);
  assert.deepEqual(findStarAt(stars, 16, 10).place, [10, 10]);
  assert.deepEqual(findStarAt(stars, 100, 112).place, [100, 100]);
  assert.equal(findStarAt(stars, 100, 113), undefined);
  assert.equal(findStarAt([], 0, 0), undefined);
});
