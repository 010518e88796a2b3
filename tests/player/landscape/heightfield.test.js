import assert from "node:assert/strict";
import { test } from "node:test";
import { HeightField } from "../../../app/player/landscape/heightfield.js";
import { lens, near, terrain } from "./surface_fixtures.js";

test("heights are exact on a plane, between grid points too, and none outside or over a hole", () => {
  const plane = terrain((x, y) => 3 * x - 2 * y + 1);
  near([plane.heightAt(0.123, 1.77), plane.heightAt(-2, -1), plane.heightAt(2, 3)], [3 * 0.123 - 2 * 1.77 + 1, -3, 1], 1e-5);
  assert.ok([plane.heightAt(2.01, 0), plane.heightAt(0, -1.01)].every(Number.isNaN));
  assert.ok(Number.isNaN(terrain((x) => (x > 0 ? NaN : x)).heightAt(1, 1)));
});

test("a cell is two triangles, cut from its lower right to its upper left corner", () => {
  const cell = new HeightField(Float32Array.of(0, 1, 1, 0), 2, 2, [[0, 1], [0, 1]]);
  near([cell.heightAt(0.5, 0.5), cell.heightAt(0.25, 0.25), cell.heightAt(0.75, 0.75)], [1, 0.5, 0.5]);
});

test("a path lies on the surface, long steps are divided, and each vertex has its time", () => {
  const bowl = terrain((x, y) => x * x + y * y);
  const { points, times } = bowl.drape([-1.5, 1.5, 1.5], [0, 0, 0.05]);
  assert.ok(times.length > 30);
  for (let i = 0; i < times.length; i++) {
    near([points[3 * i + 2]], [bowl.heightAt(points[3 * i], points[3 * i + 1])]);
    if (times[i] <= 1) near([points[3 * i]], [-1.5 + 3 * times[i]]);
    if (i) assert.ok(times[i] > times[i - 1]);
  }
  assert.equal(times.at(-1), 2);
});

test("outside the box there is a gap, and the path goes up to the edge", () => {
  const { points, times } = terrain((x) => x).drape([0, 4, 1], [0, 0, 0]);
  const xs = [...times].map((_, i) => points[3 * i]).filter((_, i) => Number.isFinite(points[3 * i + 2]));
  assert.ok(Math.abs(Math.max(...xs) - 2) < 1e-9);
  assert.ok(Number.isNaN(points[3 * times.indexOf(1) + 2]));
  assert.ok([...times].every((time, i) => !i || time >= times[i - 1]));
});

test("a run to 1e30 gives no vertex that is infinite, and not too many", () => {
  const xs = Float64Array.from({ length: 2001 }, (_, k) => (-1.1) ** k);
  const { points, times } = terrain((x) => x).drape(xs, xs);
  assert.ok(times.length < 25000);
  assert.ok([...points].every((value) => value !== Infinity && value !== -Infinity));
});

test("a ridge hides what is behind it and nothing before it or above it", () => {
  const ridge = terrain((x) => (Math.abs(x) < 0.21 ? 1 : 0));
  const eye = [-10, 1, 2];
  assert.equal(ridge.isVisibleFrom([-1, 1, 0], eye), true);
  assert.equal(ridge.isVisibleFrom([0, 1, 1], eye), true);
  assert.equal(ridge.isVisibleFrom([1, 1, 0], eye), false);
  assert.equal(ridge.isVisibleFrom([1, 1, 0], [1, 1, 9]), true);
});

test("hiding agrees with a slow walk along the way to the eye", () => {
  const hills = terrain((x, y) => Math.sin(3 * x) * Math.cos(2 * y));
  const eye = [-6, -5, 2.5];
  let hidden = 0;
  for (let i = 0; i < 400; i++) {
    const [x, y] = [-1.9 + (3.8 * (i % 20)) / 19, -0.9 + (3.8 * Math.floor(i / 20)) / 19];
    const z = hills.heightAt(x, y);
    let deepest = 0;
    for (let t = 0; t < 1; t += 0.0005) deepest = Math.max(deepest, hills.heightAt(x + t * (eye[0] - x), y + t * (eye[1] - y)) - z - t * (eye[2] - z) || 0);
    if (deepest > 2 * hills.clearance) assert.equal(hills.isVisibleFrom([x, y, z], eye), false);
    if (deepest === 0) assert.equal(hills.isVisibleFrom([x, y, z], eye), true);
    hidden += deepest > 2 * hills.clearance;
  }
  assert.ok(hidden > 40);
});

test("a ray meets the surface at its nearest place, from the side and from above, or nowhere", () => {
  const plane = terrain((x, y) => 0.5 * x + 0.1 * y);
  const [x, y] = plane.intersect([-1.5, 0, 9], [1.5, 2, -9]);
  near([plane.heightAt(x, y)], [9 - 18 * ((x + 1.5) / 3)], 1e-5);
  near([y], [(2 * (x + 1.5)) / 3], 1e-6);
  assert.equal(plane.intersect([-5, 9, 9], [5, 9, -9]), null);
  const ridge = terrain((u) => Math.exp(-8 * u * u));
  assert.ok(ridge.intersect([-10, 1, 2], [4, 1, -0.2])[0] < 0, "the near slope, not the far one");
});

test("there and back: a point that is seen is what its pixel shows", () => {
  const hills = terrain((x, y) => 0.3 * Math.sin(3 * x) * Math.cos(2 * y));
  for (const [x, y] of [[0.3, 0.4], [-1.2, -0.5], [1.9, 1.1]]) {
    const pixel = lens().toPixel(x, y, hills.heightAt(x, y));
    near(hills.intersect(...lens().unproject(...pixel)), [x, y], 1e-4);
  }
});

test("where the eye looks best is where the low parts are not hidden", () => {
  const slope = terrain((x) => Math.max(0, x));
  assert.ok(slope.scoreViewpoint([-8, 1, 3], [[-1, 1, 0]]) > slope.scoreViewpoint([8, 1, 1], [[-1, 1, 0]]));
});
