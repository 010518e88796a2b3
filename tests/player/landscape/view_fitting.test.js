import assert from "node:assert/strict";
import { test } from "node:test";
import { fitToPaths, isSameView, limitZoom } from "../../../app/player/landscape/view_fitting.js";

const BOX = [[-2, 2], [-1, 3]];
const run = (x, y, lost = false) => ({ columns: { x, y }, lost });

test("paths within the surface's own view leave it as it is", () => {
  assert.deepEqual(fitToPaths(BOX, [run([-1, 1], [0, 2]), run([2], [3])]), BOX);
  assert.deepEqual(fitToPaths(BOX, []), BOX);
});

test("a leap out of it and back is seen whole, with a margin on that side alone", () => {
  const [across, [bottom, top]] = fitToPaths(BOX, [run([-1.2, 0.763, 1], [1, -3.175, 1])]);
  assert.deepEqual([across, top], [[-2, 2], 3]);
  assert.ok(bottom < -3.175 && bottom > -3.6);
});

test("who was lost, or goes far, is not followed, and does not keep the others from being seen", () => {
  const near = run([0, 3], [0, 0]);
  assert.deepEqual(fitToPaths(BOX, [run([0, 3], [0, 0], true), run([0, 1e9], [0, 0])]), BOX);
  assert.deepEqual(fitToPaths(BOX, [near, run([0, 1e9], [0, 0])]), fitToPaths(BOX, [near]));
});

test("views that differ by what nobody sees are the same", () => {
  assert.ok(isSameView([[-2, 2.0001], [-1, 3]], BOX));
  assert.ok(!isSameView([[-2, 2.1], [-1, 3]], BOX));
});

test("a view zooms to the limits and no further, and from beyond them only back", () => {
  const limits = [1e-6, 1e3];
  const [narrow, wide, narrower, wider] = [2e-6, 600, 1e-8, 1e5].map((part) => BOX.map(([low, high]) => [part * low, part * high]));
  assert.equal(limitZoom(0.8, BOX, BOX, limits), 0.8);
  const [closest, farthest] = [limitZoom(0.1, narrow, BOX, limits), limitZoom(10, wide, BOX, limits)];
  assert.ok(closest > 0.5 && closest < 0.5001 && farthest < 1e3 / 600 && farthest > 0.9999 * (1e3 / 600), `within both limits: ${closest}, ${farthest}`);
  assert.deepEqual([limitZoom(0.8, narrower, BOX, limits), limitZoom(1.25, wider, BOX, limits)], [1, 1]);
  assert.deepEqual([limitZoom(1.25, narrower, BOX, limits), limitZoom(0.8, wider, BOX, limits)], [1.25, 0.8]);
  assert.equal(limitZoom(0.1, [[-2, 2], [0, 2e-6 * 4]], BOX, limits), closest, "the narrower side counts");
});
