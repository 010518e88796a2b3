import assert from "node:assert/strict";
import { test } from "node:test";
import { clearCorners } from "../../../app/player/landscape/plotly_surface.js";
import { linearTicks } from "../../../app/player/base/axis_ticks.js";

test("no number stands in a corner, where those of two axes would meet, and two are left at least", () => {
  for (const [low, high] of [[-5, 5], [-5.12, 5.12], [-2, 2], [0, 890], [0, 81], [-1, 3], [0, 1.01]]) {
    const ticks = clearCorners((count) => linearTicks(low, high, count), 4, low, high, 0.12);
    assert.ok(ticks.length > 1, `${low} to ${high}`);
    for (const { value } of ticks) assert.ok(value > low + 0.12 * (high - low) && value < high - 0.06 * (high - low), String(value));
  }
  const one = [{ value: 0, text: "0" }];
  assert.deepEqual(clearCorners(() => one, 4, 0, 1), one, "rather in a corner than none");
});
