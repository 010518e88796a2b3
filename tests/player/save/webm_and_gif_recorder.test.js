import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_VIDEO_SECONDS, planFrames, frameTime } from "../../../app/player/save/webm_and_gif_recorder.js";

test("a film runs from the start to the end at the speed that is shown, and stays there", () => {
  const { positions, seconds } = planFrames(150, 1, 30);
  assert.equal(seconds, 9);
  assert.equal(positions.length, 270);
  assert.deepEqual([positions[0], positions[120], positions[240], positions.at(-1)], [0, 75, 150, 150]);
  assert.ok(positions.every((position, i) => i === 0 || position >= positions[i - 1]));
  assert.equal(planFrames(150, 8, 30).seconds, 2);
});

test("no film is longer than it may be, and a race of no steps is a film too", () => {
  const slow = planFrames(2000, 0.1, 12);
  assert.equal(slow.seconds, MAX_VIDEO_SECONDS);
  assert.equal(slow.positions.at(-1), 2000);
  assert.deepEqual([...new Set(planFrames(0, 32, 12).positions)], [0]);
});

test("the times of frames are whole, and their sum is not off", () => {
  const shown = Array.from({ length: 12 }, (_, i) => frameTime(i + 1, 12, 100) - frameTime(i, 12, 100));
  assert.deepEqual([...new Set(shown)].sort(), [8, 9]);
  assert.equal(shown.reduce((a, b) => a + b), 100);
});
