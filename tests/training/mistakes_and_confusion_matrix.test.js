import assert from "node:assert/strict";
import test from "node:test";
import { countConfusion, findMistakes } from "../../app/training/mistakes_and_confusion_matrix.js";

test("mistakes are sorted by how sure they are, and counted by true and predicted class", () => {
  assert.deepEqual(findMistakes([0, 1, 2, 1], [1, 1, 0, 2], [0.6, 0.9, 0.8, 0.7]), [2, 3, 0]);
  assert.deepEqual(countConfusion([0, 0, 1], [0, 1, 1], 2), [[1, 1], [0, 1]]);
});
