import assert from "node:assert/strict";
import { test } from "node:test";
import { multiplyMatrices } from "../../../app/player/landscape/camera_projection.js";
import { SurfaceProjection, projectVisiblePath } from "../../../app/player/landscape/surface_points_to_pixels.js";
import { lens, near, terrain } from "./surface_fixtures.js";

test("a path stops at the edge of the hill that hides it, and crowded vertices are left out", () => {
  const wall = terrain((x) => (x > 0.4 && x < 0.7 ? 1 : 0), [[-2, 2], [-2, 2]]);
  const draped = wall.drape([0, 1.9, 1.9, 1.9], [0, 0, 0, 0.001]);
  const { pixels, times } = projectVisiblePath(draped, lens(2), wall);
  const [hidden] = [...times.keys()].filter((i) => Number.isNaN(pixels[2 * i]));
  assert.ok(hidden > 0, "the far foot of the wall is hidden from above the near side");
  assert.equal(times.filter((time) => time > 2).length, 0);
  assert.ok(Number.isFinite(pixels[2 * hidden - 2]));
});

test("the scale is that of the box's middle where nothing is foreshortened, from wherever it is seen", () => {
  const flat = terrain(() => 0, [[-2, 2], [-2, 2]]);
  [flat.low, flat.high] = [-1.2, 1.2]; // as high as 0.6 of the width
  const turned = lens();
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  turned.matrix = multiplyMatrices(turned.matrix, [1, 0, 0, 0, 0, c, s, 0, 0, -s, c, 0, 0, 0, 0, 1]);
  for (const from of [lens(), turned]) near(new SurfaceProjection(from, flat).pixelsPerUnit, [10, 10], 0.01);
});

test("a line of few points lies on the surface all along, and ends where a hill hides it", () => {
  const bowl = terrain((x, y) => 0.2 * (x * x + y * y), [[-2, 2], [-2, 2]]);
  const pixels = new SurfaceProjection(lens(), bowl).projectLine([[-1.5, 0.5], [1.5, 0.5]]);
  assert.ok(pixels.length > 20);
  for (let i = 0; i < pixels.length; i += 2) {
    const [x, y] = bowl.intersect(...lens().unproject(pixels[i], pixels[i + 1]));
    assert.ok(Math.abs(y - 0.5) < 0.01 && Math.abs(x) < 1.51);
  }
  const wall = terrain((x) => (x > 0.4 && x < 0.7 ? 1 : 0), [[-2, 2], [-2, 2]]);
  assert.ok(new SurfaceProjection(lens(2), wall).projectLine([[0, 0], [1.9, 0]]).some(Number.isNaN));
  assert.ok(new SurfaceProjection(lens(2), wall).projectLine([[0.9, 0]]).every(Number.isNaN));
});
