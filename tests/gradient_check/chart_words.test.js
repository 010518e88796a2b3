import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCurve } from "../../app/gradient_check/chart_words.js";

const LABELS = { curve_words: "{name}: {error} at {h}.", curve_rises: "up {slope}", curve_falls: "down {slope}" };

test("a curve is told by its least error and by the slopes that it has", () => {
  const curve = { name: "centred", best: [1e-5, 2e-9], truncation: [2.001, 1e-4, 1e-1], round_off: [-1.02, 1e-12, 1e-7] };
  assert.equal(describeCurve(curve, LABELS), "centred: 2.0·10⁻⁹ at 10⁻⁵. up 2.00 down −1.02.");
  assert.equal(describeCurve({ ...curve, truncation: null, round_off: null }, LABELS), "centred: 2.0·10⁻⁹ at 10⁻⁵.");
  assert.equal(describeCurve({ name: "centred", best: null }, LABELS), "centred.");
});
