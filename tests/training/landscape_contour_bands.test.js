import assert from "node:assert/strict";
import test from "node:test";
import { findBandColour, findBands, findPathPoint, interpolate, paintBands } from "../../app/training/landscape_contour_bands.js";

const PLANE = Float32Array.from([0, 1, 2, 10, 11, 12, 20, 21, 22]); // x + 10 y on 3 x 3 places

test("heights between places are those of the plane", () => {
  for (const [x, y] of [[0, 0], [2, 2], [0.5, 1.25], [1.75, 0.1]]) {
    assert.ok(Math.abs(interpolate(PLANE, 3, x, y) - (x + 10 * y)) < 1e-6);
  }
});

test("bands go from the lowest below to the highest above, and a hole has none", () => {
  const bands = findBands(PLANE, 3, 5);
  assert.equal(bands[20], 0, "below on the left");
  assert.equal(bands[4], 21, "above on the right");
  assert.ok([...bands].every((band) => band >= 0));
  assert.equal(findBands([NaN, NaN, NaN, 1, 2, 3, 4, 5, 6], 3, 5)[20], -1);
  assert.deepEqual([...findBands(new Float32Array(9), 3, 2)], [0, 0, 0, 0], "a flat one has one band");
});

test("colours go through those of the theme", () => {
  const colours = [[0, 0, 0], [100, 100, 100], [200, 0, 0]];
  assert.deepEqual(findBandColour(0, colours), [0, 0, 0]);
  assert.deepEqual(findBandColour(21, colours), [200, 0, 0]);
});

test("a line is where a band ends, and every pixel is opaque", () => {
  const rgba = paintBands(Int8Array.from([0, 21, 0, -1]), 2, [[0, 0, 0], [200, 200, 200]], [1, 2, 3], [9, 9, 9]);
  assert.deepEqual([...rgba.slice(0, 4)], [1, 2, 3, 255]);
  assert.deepEqual([...rgba.slice(12)], [9, 9, 9, 255]);
});

test("a path is at its point at an epoch, between two points in between, and at its end later", () => {
  const [points, epochs] = [[0, 10, 30, 0, -1, -2], [0, 2, 4]];
  assert.deepEqual(findPathPoint(points, epochs, 0), { k: 0, x: 0, y: 0 });
  assert.deepEqual(findPathPoint(points, epochs, 3), { k: 1, x: 20, y: -1.5 });
  assert.deepEqual(findPathPoint(points, epochs, 99), { k: 2, x: 30, y: -2 });
  assert.deepEqual(findPathPoint([5, 7], [0], 1), { k: 0, x: 5, y: 7 });
});
