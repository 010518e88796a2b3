import assert from "node:assert/strict";
import { test } from "node:test";
import { findNearestVertex } from "../../../app/player/draw/hit_test.js";

test("what is pointed at is the nearest point that is in sight, or none", () => {
  const paths = [[0, 0, 10, 0, NaN, NaN], [12, 3, 300, 300]];
  assert.deepEqual(findNearestVertex(paths, 9, 0), { run: 0, k: 1 });
  assert.deepEqual(findNearestVertex(paths, 9, 0, (run) => run === 1), { run: 1, k: 0 });
  assert.equal(findNearestVertex(paths, 100, 100), null);
});
