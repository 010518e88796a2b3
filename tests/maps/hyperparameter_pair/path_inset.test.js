import assert from "node:assert/strict";
import { test } from "node:test";
import { countDrawablePoints } from "../../../app/maps/hyperparameter_pair/path_inset.js";

test("a path is drawn as far as it is anywhere near", () => {
  const box = [[-1, 1], [-1, 1]];
  assert.equal(countDrawablePoints({ x: [0, 5, 1e4], y: [0, 0, 0] }, box), 2);
  assert.equal(countDrawablePoints({ x: [0, 5, 9], y: [0, 0, -1e200] }, box), 2);
  assert.equal(countDrawablePoints({ x: [0, 5, 9], y: [0, 0, 1] }, box), 3);
});
