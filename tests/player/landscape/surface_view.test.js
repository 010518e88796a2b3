import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseSide, isClear, isFree, listLabelBoxes } from "../../../app/player/landscape/start_handle.js";
import { CameraProjection, invertMatrix, multiplyMatrices } from "../../../app/player/landscape/camera_projection.js";
import { findNearestVertex } from "../../../app/player/draw/hit_test.js";
import { SurfaceProjection, projectVisiblePath } from "../../../app/player/landscape/surface_points_to_pixels.js";
import { findLastVertex } from "../../../app/player/landscape/surface_view.js";
import { HeightField } from "../../../app/player/landscape/heightfield.js";

const BOX = [[-2, 2], [-1, 3]];
const N = 41;

function terrain(f, box = BOX, n = N) {
  const heights = new Float32Array(n * n);
  const [[left, right], [bottom, top]] = box;
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) heights[j * n + i] = f(left + ((right - left) * i) / (n - 1), bottom + ((top - bottom) * j) / (n - 1));
  return new HeightField(heights, n, n, box);
}

// Looking along -z from (0, 0, distance), with an aspect of 2 and a right angle of view.
function lens(distance = 5) {
  const projection = [0.5, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1.002, -1, 0, 0, -0.2002, 0];
  const view = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -distance, 1];
  const model = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return new CameraProjection({ projection, view, model }, [1, 1, 1], 200, 100);
}

const near = (one, other, tolerance = 1e-6) => one.forEach((value, i) => assert.ok(Math.abs(value - other[i]) < tolerance, `${one} is not ${other}`));

test("a matrix times its inverse is one", () => {
  const m = [2, 1, 0, 3, 0, 0, 1, 5, 1, 4, 0, 0, 7, 0, 2, 1];
  near(multiplyMatrices(m, invertMatrix(m)), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
});

test("the middle is in the middle, up is up, and what is twice as far is half as far from it", () => {
  near(lens().toPixel(0, 0, 0), [100, 50]);
  near(lens().toPixel(0, 1, 0), [100, 40]);
  near(lens().toPixel(2, 0, 0), [120, 50]);
  near(lens().toPixel(2, 0, -5), [110, 50]);
  assert.ok(Number.isNaN(lens().toPixel(0, 0, 6)[0]), "nothing behind the eye is in the picture");
});

test("the line behind a pixel projects to that pixel", () => {
  const [from, to] = lens().unproject(33, 71);
  near(lens().toPixel(...from), [33, 71], 1e-4);
  near(lens().toPixel(...to), [33, 71], 1e-4);
  assert.ok(from[2] > to[2]);
});

test("all lines meet in the eye", () => {
  near(lens(7).eye, [0, 0, 7], 1e-3);
  for (const pixel of [[33, 71], [180, 5]]) {
    const [from, to] = lens(7).unproject(...pixel);
    const way = (7 - from[2]) / (to[2] - from[2]);
    near(from.map((value, i) => value + way * (to[i] - value)), [0, 0, 7], 1e-3);
  }
});

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

test("a path stops at the edge of the hill that hides it, and crowded vertices are left out", () => {
  const wall = terrain((x) => (x > 0.4 && x < 0.7 ? 1 : 0), [[-2, 2], [-2, 2]]);
  const draped = wall.drape([0, 1.9, 1.9, 1.9], [0, 0, 0, 0.001]);
  const { pixels, times } = projectVisiblePath(draped, lens(2), wall);
  const [hidden] = [...times.keys()].filter((i) => Number.isNaN(pixels[2 * i]));
  assert.ok(hidden > 0, "the far foot of the wall is hidden from above the near side");
  assert.equal(times.filter((time) => time > 2).length, 0);
  assert.ok(Number.isFinite(pixels[2 * hidden - 2]));
});

test("the last vertex whose time has come", () => {
  const times = [0, 0.5, 1, 2];
  assert.deepEqual([0, 0.4, 0.5, 1.99, 2, 50].map((position) => findLastVertex(times, position)), [0, 0, 1, 2, 3, 3]);
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

test("what is pointed at is the nearest point that is in sight, or none", () => {
  const paths = [[0, 0, 10, 0, NaN, NaN], [12, 3, 300, 300]];
  assert.deepEqual(findNearestVertex(paths, 9, 0), { run: 0, k: 1 });
  assert.deepEqual(findNearestVertex(paths, 9, 0, (run) => run === 1), { run: 1, k: 0 });
  assert.equal(findNearestVertex(paths, 100, 100), null);
});

test("words beside the start stand where no mark is and within the frame", () => {
  const frame = { left: 0, top: 0, right: 200, bottom: 100 };
  const room = { line: 50, from: 60, until: 150, height: 20 };
  assert.equal(isFree(room, frame, [[20, 50, 100, 90], [NaN, NaN]]), true);
  assert.equal(isFree(room, frame, [[20, 50], [100, 66]]), false);
  assert.equal(isFree({ ...room, until: 201 }, frame, []), false);
  assert.equal(isFree({ ...room, line: 5 }, frame, []), false);
});

test("words beside the start have room for what they are wide, in Chinese too", () => {
  const frame = { left: 0, right: 373, top: 0, bottom: 400 };
  const fits = (words) => isFree(listLabelBoxes(202, 200, 13, words).right, frame, []);
  assert.equal(fits("letters and more"), true);
  assert.equal(fits("起点：拖动它，或点击任意位置"), false); // 14 of 13 pixels each
  assert.equal(fits("起点：拖动它"), true);
});

test("the start's label keeps clear of the paths' beginnings where it can, and gives way to heads", () => {
  const frame = { left: 0, right: 400, top: 0, bottom: 400 };
  const rooms = listLabelBoxes(200, 200, 13, "start: drag it");
  const [right, left, above] = [[230, 200], [170, 200], [200, 170]];
  assert.equal(chooseSide(rooms, frame, [], []), "right");
  assert.equal(chooseSide(rooms, frame, [], [right]), "left");
  assert.equal(chooseSide(rooms, frame, [], [right, left, above]), "below");
  assert.equal(chooseSide(rooms, frame, [], [right, left, above, [200, 230]]), "right", "the hint is not lost");
  assert.equal(chooseSide(rooms, frame, [right, left, above, [200, 230]], []), "none");
  assert.equal(isClear(rooms.right, [[200, 200]]), true, "at the start the heads are beside it");
  assert.equal(isClear(rooms.right, [[260, 204]]), false);
});
