import assert from "node:assert/strict";
import { test } from "node:test";
import { findLastVertex } from "../../../app/player/landscape/surface_view.js";

test("the last vertex whose time has come", () => {
  const times = [0, 0.5, 1, 2];
  assert.deepEqual([0, 0.4, 0.5, 1.99, 2, 50].map((position) => findLastVertex(times, position)), [0, 0, 1, 2, 3, 3]);
});
