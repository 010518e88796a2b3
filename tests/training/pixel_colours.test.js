import assert from "node:assert/strict";
import test from "node:test";
import { mixColours, packPixel } from "../../app/training/pixel_colours.js";

test("colours are mixed by the share of the second, which is no more than all of it", () => {
  assert.deepEqual(mixColours([0, 0, 0], [10, 20, 30], 0.5), [5, 10, 15]);
  assert.deepEqual(mixColours([0, 0, 0], [10, 20, 30], 7), [10, 20, 30]);
});

test("a packed pixel has the bytes red, green, blue, opaque in this order", () => {
  assert.deepEqual([...new Uint8Array(Uint32Array.of(packPixel([1, 2, 200])).buffer)], [1, 2, 200, 255]);
});
