import assert from "node:assert/strict";
import { test } from "node:test";
import { selectSpaced, buildArrowStrokes } from "../../../app/maps/gradient_flow/arrow_strokes.js";
import { createAxis } from "../../../app/player/draw/axes_and_clipping.js";

// Two arrows, to the right and up, on axes of different scales.
const FIELD = Float32Array.from([1, 3, 1, 3, 1, 0, 0, 1, 0, 1]);

test("an arrow is three strokes that end at its tip, in the direction that it has on the screen", () => {
  const strokes = buildArrowStrokes(FIELD, createAxis(0, 4, 0, 400), createAxis(0, 4, 200, 0));
  assert.equal(strokes.length, 6);
  const [shaft, ...barbs] = strokes.slice(0, 3);
  assert.equal(shaft[1], shaft[3]);
  assert.ok(shaft[2] > shaft[0]);
  assert.equal((shaft[0] + shaft[2]) / 2, 100);
  for (const barb of barbs) assert.deepEqual(barb.slice(2), shaft.slice(2));
  const up = strokes[3];
  assert.equal(up[0], up[2]);
  assert.ok(up[3] < up[1]); // pixels grow downwards
  assert.ok(Math.abs(up[3] - up[1]) > Math.abs(shaft[2] - shaft[0])); // it is steeper there
});

test("no arrow is longer than the way to its neighbour", () => {
  for (const [x0, y0, x1, y1] of buildArrowStrokes(FIELD, createAxis(0, 4, 0, 400), createAxis(0, 4, 200, 0))) assert.ok(Math.hypot(x1 - x0, y1 - y0) < 100);
  assert.deepEqual(buildArrowStrokes(new Float32Array(0), createAxis(0, 4, 0, 400), createAxis(0, 4, 200, 0)), []);
});

test("of marks that lie on one another the first is kept, and gaps are left out", () => {
  const line = Float64Array.from([0, 0, 1, 0, 2, 0, 9, 0, NaN, NaN, 9, 1, 20, 0]);
  assert.deepEqual(selectSpaced(line, line, 6), [0, 3, 6]);
  const away = Float64Array.from([0, 0, 0, 50, 0, 50, 0, 50, 0, 50, 0, 50, 0, 50]);
  assert.deepEqual(selectSpaced(line, away, 6), [0, 1, 3, 6]);
});
