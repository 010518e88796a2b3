import assert from "node:assert/strict";
import { test } from "node:test";
import { countKeySteps, findErrorRange, findOptimumBox } from "../../app/gradient_check/error_chart.js";

test("the axis has whole decades around all errors, and is bounded", () => {
  assert.deepEqual(findErrorRange([[1e-3, 0, NaN, Infinity]]), [1e-10, 10]);
  assert.deepEqual(findErrorRange([[3e-15, 50]]), [1e-15, 100]);
  assert.deepEqual(findErrorRange([[1e-40, 1e40]]), [1e-18, 1e4]);
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

test("arrow keys move h by one of the known steps, with Shift by ten; with Alt, Ctrl or ⌘ they are the browser's", () => {
  assert.equal(countKeySteps({ key: "ArrowLeft" }), -1);
  assert.equal(countKeySteps({ key: "ArrowUp", shiftKey: true }), 10);
  assert.equal(countKeySteps({ key: "End" }), Infinity);
  assert.equal(countKeySteps({ key: "a" }), 0);
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) assert.equal(countKeySteps({ key: "ArrowLeft", [modifier]: true }), 0, modifier);
});
