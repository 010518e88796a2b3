import assert from "node:assert/strict";
import { test } from "node:test";
import { createAxis, clipSegment, distanceOfIterate, distanceToView, findEdgePoint, isInside, projectAll } from "../../../app/player/draw/axes_and_clipping.js";

const frame = { left: 10, top: 20, right: 110, bottom: 220 };

test("an axis maps its ends to its pixels, linear and log, and back", () => {
  for (const [low, high, log] of [[-2, 6, false], [1e-12, 1e3, true]]) {
    const project = createAxis(low, high, 220, 20, log);
    assert.ok(Math.abs(project(low) - 220) < 1e-9 && Math.abs(project(high) - 20) < 1e-9);
    for (const pixel of [20, 77.5, 220]) assert.ok(Math.abs(project(project.inverse(pixel)) - pixel) < 1e-9);
  }
});

test("what a log axis cannot hold is a gap, and so is what is no number", () => {
  const pixels = projectAll([0, 1, 2, 3], [1, 0, -1, NaN], createAxis(0, 3, 0, 30), createAxis(0.1, 10, 100, 0, true));
  assert.deepEqual([...pixels].map(Number.isNaN), [false, false, true, true, true, true, true, true]);
});

test("the clipped part of a segment lies on the segment and in the frame", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  let kept = 0;
  for (let i = 0; i < 500; i++) {
    const [x0, y0, x1, y1] = [0, 1, 2, 3].map(() => 600 * random() - 200);
    const part = clipSegment(x0, y0, x1, y1, frame);
    // The slow truth: walk along the segment.
    const walked = Array.from({ length: 2001 }, (_, j) => [x0 + (j / 2000) * (x1 - x0), y0 + (j / 2000) * (y1 - y0)]).filter(([x, y]) => isInside(x, y, frame));
    if (!part) {
      assert.equal(walked.length, 0);
      continue;
    }
    kept += 1;
    if (walked.length) {
      // A walker's pace is at most 0.43 pixels (a diagonal of 849 in 2000 paces).
      assert.ok(Math.hypot(part[0] - walked[0][0], part[1] - walked[0][1]) < 0.43);
      assert.ok(Math.hypot(part[2] - walked.at(-1)[0], part[3] - walked.at(-1)[1]) < 0.43);
    }
  }
  assert.ok(kept > 50);
});

test("a segment to 1e200 keeps its direction inside the frame", () => {
  const part = clipSegment(60, 120, 60 + 1e200, 120 + 2e200, frame);
  assert.ok(Math.abs(part[2] - 110) < 1e-6 && Math.abs(part[3] - 220) < 1e-6);
});

test("the arrow stands on the edge, on the way from the middle, and points outwards", () => {
  assert.deepEqual(findEdgePoint(500, 120, frame, 5), { x: 105, y: 120, angle: 0 });
  const up = findEdgePoint(60, -1000, frame, 5);
  assert.deepEqual([up.x, up.y, up.angle], [60, 25, -Math.PI / 2]);
  const far = findEdgePoint(60 - 3e200, 120 + 1e200, frame, 0);
  assert.ok(Math.abs(far.x - 10) < 1e-9 && Math.abs(far.y - (120 + 50 / 3)) < 1e-9);
});

test("the distance from a view is zero inside and straight outside", () => {
  const view = [[0, 2], [0, 1]];
  assert.equal(distanceToView(1, 0.5, view), 0);
  assert.equal(distanceToView(5, 0.5, view), 3);
  assert.equal(distanceToView(5, 5, view), 5);
});

test("what is clipped is inside, even where the ends are so far that their sums are coarse", () => {
  let seed = 3;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < 2000; i++) {
    const far = () => (next() - 0.5) * 10 ** (200 * next());
    const part = clipSegment(far(), far(), far(), far(), frame);
    for (const k of part ? [0, 2] : []) assert.ok(isInside(part[k], part[k + 1], frame), part.join());
  }
});

test("a distance from the view is that of an iterate, also while the head is on its way to the next", () => {
  const run = { columns: { x: [0, 5, 9], y: [0, 1, 1] } };
  const view = [[-1, 1], [-1, 1]];
  const told = [0, 0.9, 1, 1.5, 1.99, 2, 7].map((position) => distanceOfIterate(run, position, view));
  assert.deepEqual(told, [0, 0, 4, 4, 4, 8, 8]);
});
