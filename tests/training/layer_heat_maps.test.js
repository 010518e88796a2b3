import assert from "node:assert/strict";
import test from "node:test";
import { findValueRange, listAxisLabels, spreadCounts } from "../../app/training/layer_heat_maps.js";

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
