import assert from "node:assert/strict";
import { test } from "node:test";
import { Trail, headAt } from "../../../app/player/draw/path_trail.js";

const frame = { left: 0, top: 0, right: 100, bottom: 100 };
const style = { colour: "red", halo: null, dash: [], width: 2 };

// A context that remembers the segments it was asked to stroke.
function recorder() {
  const segments = [];
  let at = null;
  return {
    segments,
    setLineDash() {},
    beginPath() {},
    stroke() {},
    save() {},
    restore() {},
    moveTo: (x, y) => (at = [x, y]),
    lineTo: (x, y) => (segments.push([...at, x, y]), (at = [x, y])),
  };
}

test("a path grows by its new segments only, and one before them under the joint", () => {
  const trail = new Trail(Float64Array.from([10, 10, 20, 20, 30, 20, 40, 10]), style);
  const first = recorder();
  trail.drawUntil(first, 1, frame);
  assert.deepEqual(first.segments, [[10, 10, 20, 20]]);
  const second = recorder();
  trail.drawUntil(second, 2, frame);
  assert.deepEqual(second.segments, [[10, 10, 20, 20], [20, 20, 30, 20]]);
  const third = recorder();
  trail.drawUntil(third, 2, frame);
  assert.deepEqual(third.segments, []);
  trail.drawUntil(recorder(), 99, frame);
  assert.equal(trail.drawnUntil, 3);
});

test("what lies under the head's own mark waits until it can be seen, and nothing of it is lost", () => {
  const pixels = Float64Array.from([10, 10, 10.5, 10, 11, 10.4, 10.2, 10, 20, 10, 20.1, 10]);
  const trail = new Trail(pixels, style);
  const context = recorder();
  for (const k of [1, 2, 3]) trail.drawUntil(context, k, frame);
  assert.deepEqual(context.segments, []);
  trail.drawUntil(context, 4, frame);
  assert.deepEqual(context.segments.map(([x]) => x), [10, 10.5, 11, 10.2]);
  trail.drawUntil(context, 5, frame);
  assert.deepEqual(context.segments.at(-1), [20, 10, 20.1, 10], "the last piece of a path is drawn however short");
});

test("the tip reaches back to what is on the canvas", () => {
  const trail = new Trail(Float64Array.from([10, 10, 11, 10, 60, 10, 90, 10]), style);
  const [below, above] = [recorder(), recorder()];
  trail.drawUntil(below, 1, frame);
  trail.drawTip(above, 1, 35, 10, frame);
  assert.deepEqual([below.segments, above.segments], [[], [[10, 10, 11, 10], [11, 10, 35, 10]]]);
  const still = recorder();
  trail.drawTip(still, 1, 11.2, 10, frame);
  assert.deepEqual(still.segments, []);
});

test("a path that goes out and comes back is drawn, though it ends where it began", () => {
  const trail = new Trail(Float64Array.from([10, 10, 50, 10, 10, 10, 50, 10]), style);
  const context = recorder();
  trail.drawUntil(context, 2, frame);
  assert.equal(context.segments.length, 2);
});

test("nothing is drawn outside the frame, and a gap stays a gap", () => {
  const trail = new Trail(Float64Array.from([50, 50, 150, 50, NaN, NaN, 60, 60, 70, 60]), style);
  const context = recorder();
  trail.drawGhost(context, frame);
  assert.deepEqual(context.segments, [[50, 50, 100, 50], [60, 60, 70, 60]]);
});

test("a faint path ends where it may be seen, and is drawn anew only where that shows", () => {
  const trail = new Trail(Float64Array.from([0, 0, 10, 0, 20, 0, 30, 0, 40, 0]), style);
  const context = recorder();
  trail.drawGhost(context, frame, 0);
  assert.deepEqual(context.segments, [], "nothing is known at the start");
  assert.equal(trail.isGhostStale(2, 2), false, "the race goes on: what is known lies under the path itself");
  assert.equal(trail.isGhostStale(3, 1), true, "back at step 1, what was seen up to 3 is ahead");
  trail.drawGhost(context, frame, 3);
  assert.deepEqual(context.segments.map(([x]) => x), [0, 10, 20]);
  assert.equal(trail.isGhostStale(3, 0), false);
  assert.equal(trail.isGhostStale(0, 0), true, "from the start on all is open again");
});

test("the head is at its iterate at whole steps, between two in between, and stays at the last", () => {
  const pixels = Float64Array.from([0, 0, 10, 20, 30, 20]);
  const at = (position) => Object.values(headAt(pixels, position));
  assert.deepEqual(at(1), [1, 10, 20]);
  assert.deepEqual(at(0.5), [0, 5, 10]);
  assert.deepEqual(at(7.3), [2, 30, 20]);
});
