// Landscapes, a camera and a comparison for the tests of the surface in space.

import assert from "node:assert/strict";
import { CameraProjection } from "../../../app/player/landscape/camera_projection.js";
import { HeightField } from "../../../app/player/landscape/heightfield.js";

const BOX = [[-2, 2], [-1, 3]];
const N = 41;

export function terrain(f, box = BOX, n = N) {
  const heights = new Float32Array(n * n);
  const [[left, right], [bottom, top]] = box;
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) heights[j * n + i] = f(left + ((right - left) * i) / (n - 1), bottom + ((top - bottom) * j) / (n - 1));
  return new HeightField(heights, n, n, box);
}

// Looking along -z from (0, 0, distance), with an aspect of 2 and a right angle of view.
export function lens(distance = 5) {
  const projection = [0.5, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1.002, -1, 0, 0, -0.2002, 0];
  const view = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -distance, 1];
  const model = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return new CameraProjection({ projection, view, model }, [1, 1, 1], 200, 100);
}

export const near = (one, other, tolerance = 1e-6) => one.forEach((value, i) => assert.ok(Math.abs(value - other[i]) < tolerance, `${one} is not ${other}`));
