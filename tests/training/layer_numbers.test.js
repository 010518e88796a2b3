import assert from "node:assert/strict";
import test from "node:test";
import { findLargestWeights, findValueRange, listAxisLabels, packPixel, spreadCounts } from "../../app/training/layer_numbers.js";

test("layers on one scale have room for all of them, and zero is on every axis", () => {
  assert.deepEqual(findValueRange([[-0.1, 0.2, -0.3, 0.1], [0.4, 0.5]]), [-0.3, 0.5]);
  assert.deepEqual(findValueRange([[0.4, 0.5]]), [0, 0.5]);
  const [low, high] = findValueRange([[0, 0]]);
  assert.ok(low < 0 && high > 0, "an axis without length would divide by zero");
});

test("an axis names its highest value, zero and its lowest, zero not where it would cover another", () => {
  const name = (range) => listAxisLabels(range).map(({ value, top }) => [value, Number(top.toFixed(9))]);
  assert.deepEqual(name([-1, 3]), [[3, 0], [0, 0.75], [-1, 1]]);
  assert.deepEqual(name([0, 2]), [[2, 0], [0, 1]]);
  assert.deepEqual(name([-0.01, 2]), [[2, 0], [-0.01, 1]]);
});

test("a histogram stands where its values are, and one that is narrower than a pixel is still seen", () => {
  assert.deepEqual([...spreadCounts([4, 2], [0, 1], [0, 2], 4)], [0, 0, 0.5, 1]);
  const rows = [...spreadCounts([0, 7, 0], [0.005 - 1e-9, 0.005 + 1e-9], [-1, 1], 100)];
  assert.deepEqual(rows, Array.from({ length: 100 }, (_, row) => (row === 49 ? 1 : 0)));
  assert.ok(spreadCounts([0, 0], [0, 0], [-1, 1], 5).every((share) => share === 0), "of nothing there is nothing");
});

test("each unit has the scale of its largest weight; one column is that of all", () => {
  const weights = [1, -2, 0.5, 3, 0, -4]; // two inputs of three units
  assert.deepEqual([...findLargestWeights(weights, 3)], [3, 2, 4]);
  assert.deepEqual([...findLargestWeights(weights, 1)], [4]);
  assert.ok(findLargestWeights([0, 0], 2).every((value) => value > 0));
});

test("a packed pixel has the bytes red, green, blue, opaque in this order", () => {
  assert.deepEqual([...new Uint8Array(Uint32Array.of(packPixel([1, 2, 200])).buffer)], [1, 2, 200, 255]);
});
