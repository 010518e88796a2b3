import assert from "node:assert/strict";
import { test } from "node:test";
import { pinchInterval } from "../../../app/player/base/pinch.js";

test("what was between the fingers stays between them", () => {
  const valueAt = ([low, high], part) => low + part * (high - low);
  for (const [factor, from, to] of [[0.5, 0.25, 0.25], [2, 0.5, 0.75], [1, 0.1, 0.9]]) {
    const interval = pinchInterval([-2, 6], factor, from, to);
    const near = (value, expected) => assert.ok(Math.abs(value - expected) < 1e-12, `${value}`); // a few roundings of numbers below 10
    near(valueAt(interval, to), valueAt([-2, 6], from));
    near(interval[1] - interval[0], 8 * factor);
  }
});
