import assert from "node:assert/strict";
import { test } from "node:test";
import { mixShade } from "../../../app/player/draw/scene_thumbnail.js";

test("shades run from the first colour to the last", () => {
  const colours = [[0, 0, 0], [100, 50, 0], [200, 200, 200]];
  assert.deepEqual(mixShade(0, colours), [0, 0, 0]);
  assert.deepEqual(mixShade(127, colours), [100, 50, 0]);
  assert.deepEqual(mixShade(254, colours), [200, 200, 200]);
});
