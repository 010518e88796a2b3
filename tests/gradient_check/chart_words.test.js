import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCurve } from "../../app/gradient_check/chart_words.js";
import { findErrorRange, findOptimumBox } from "../../app/gradient_check/error_chart.js";
import { writeCsv } from "../../app/gradient_check/save_buttons.js";

const LABELS = { curve_words: "{name}: {error} at {h}.", curve_rises: "up {slope}", curve_falls: "down {slope}" };

test("a curve is told by its least error and by the slopes that it has", () => {
  const curve = { name: "centred", best: [1e-5, 2e-9], truncation: [2.001, 1e-4, 1e-1], round_off: [-1.02, 1e-12, 1e-7] };
  assert.equal(describeCurve(curve, LABELS), "centred: 2.0·10⁻⁹ at 10⁻⁵. up 2.00 down −1.02.");
  assert.equal(describeCurve({ ...curve, truncation: null, round_off: null }, LABELS), "centred: 2.0·10⁻⁹ at 10⁻⁵.");
  assert.equal(describeCurve({ name: "centred", best: null }, LABELS), "centred.");
});

test("the axis has whole decades around all errors, and is bounded", () => {
  assert.deepEqual(findErrorRange([[1e-3, 0, NaN, Infinity]]), [1e-10, 10]);
  assert.deepEqual(findErrorRange([[3e-15, 50]]), [1e-15, 100]);
  assert.deepEqual(findErrorRange([[1e-40, 1e40]]), [1e-18, 1e4]);
});

test("the table of entries has a line each, with names that commas do not cut", () => {
  const row = { entries: Float64Array.of(0, 3), analytic: Float64Array.of(1, 2), numeric: Float64Array.of(1, 1), errors: Float64Array.of(0, 0.5), kinked: Uint8Array.of(0, 1) };
  const text = writeCsv(row, [["W1", [1, 2], 0, 2], ["b1", [2], 2, 4]], 1e-5);
  assert.deepEqual(text.split("\r\n"), ["entry,h,analytic,numerical,relative_error,crosses_kink", '"W1[0, 0]",0.00001,1,1,0,false', '"b1[1]",0.00001,2,1,0.5,true', ""]);
});

test("the label of the best h lies under no ring of the line at h, and off the curve where there is room", () => {
  const frame = { left: 60, right: 610, top: 330, bottom: 560 };
  const [size, scale, reach] = [[225, 24], 1.6, 5 * 1.6];
  const line = 440; // 24 pixels left of the star: a ring there would lie over the end of a label that ends at the line
  const close = findOptimumBox(464, 530, size, frame, scale, line, []);
  assert.ok(close.until <= line - reach || close.from >= line + reach, JSON.stringify(close));
  const curve = [60, 350, 464, 545, 610, 350]; // falls to the star and rises: through what is left of it
  const clear = findOptimumBox(464, 480, [100, 24], frame, scale, 600, curve);
  const heightAt = (x) => 350 + (195 * (x - 60)) / 404;
  assert.ok(clear.from > 464 || clear.line + 12 < heightAt(clear.from) || clear.line - 12 > heightAt(clear.until), JSON.stringify(clear));
  assert.ok(findOptimumBox(464, 530, size, frame, scale, 600, [60, 520, 610, 540, 60, 500, 610, 560]), "no room off the curve");
});
