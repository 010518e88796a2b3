import assert from "node:assert/strict";
import test from "node:test";
import { countShares, findWrong, paintCells, readCell } from "../../app/training/decision_region_cells.js";

test("a byte is a class and how sure it is", () => {
  assert.deepEqual(readCell(0, 85), { taken: 0, sureness: 0 });
  assert.deepEqual(readCell(84, 85), { taken: 0, sureness: 1 });
  assert.deepEqual(readCell(85 + 42, 85), { taken: 1, sureness: 0.5 });
});

test("the first row of the grid is the lowest of the picture, and the surer, the stronger the colour", () => {
  const [ground, colours] = [[0, 0, 0], [[100, 0, 0], [0, 100, 0]]];
  const pixels = paintCells(Uint8Array.from([0, 127, 128, 255]), 2, 128, ground, colours);
  const at = (row, column) => [...pixels.slice(4 * (2 * row + column), 4 * (2 * row + column) + 4)];
  assert.deepEqual(at(1, 0), [12, 0, 0, 255], "a guess of class 0, below");
  assert.deepEqual(at(1, 1), [62, 0, 0, 255]);
  assert.deepEqual(at(0, 0), [0, 12, 0, 255], "class 1, above");
  assert.deepEqual(at(0, 1), [0, 62, 0, 255]);
});

test("the parts of the classes are all of the picture", () => {
  assert.deepEqual(countShares([0, 1, 128, 255], 128, 2), [0.5, 0.5]);
});

test("what is wrong is counted for training and validation apart", () => {
  assert.deepEqual(findWrong([0, 1, 1, 0], [0, 0, 1, 1], 3), { wrong: [1, 3], training: 1, validation: 1 });
});
