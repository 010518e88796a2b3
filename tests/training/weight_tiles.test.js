import assert from "node:assert/strict";
import test from "node:test";
import { findLargestWeights } from "../../app/training/weight_tiles.js";

test("each unit has the scale of its largest weight; one column is that of all", () => {
  const weights = [1, -2, 0.5, 3, 0, -4]; // two inputs of three units
  assert.deepEqual([...findLargestWeights(weights, 3)], [3, 2, 4]);
  assert.deepEqual([...findLargestWeights(weights, 1)], [4]);
  assert.ok(findLargestWeights([0, 0], 2).every((value) => value > 0));
});
