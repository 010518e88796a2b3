import assert from "node:assert/strict";
import { test } from "node:test";
import { countKinks, findErrorStep, findIndices, findNearestStep, findShownStep, findWorst, formatRound, isTiny, nameEntry, relativeError, shapeOfPicture, takeScanRow } from "../../app/gradient_check/check_numbers.js";

const BLOCKS = [["W1", [2, 3], 0, 6], ["b1", [3], 6, 9], ["x", [], 9, 10]];

test("the relative error divides by the larger size, and is 0 where both are 0", () => {
  assert.equal(relativeError(2, 1), 0.5);
  assert.equal(relativeError(-1, 1), 2);
  assert.equal(relativeError(0, 0), 0);
  assert.equal(relativeError(0, 1e-300), 1);
  assert.ok(Number.isNaN(relativeError(NaN, 1)));
});

test("the nearest step size is that of the nearest ratio", () => {
  assert.equal(findNearestStep([1e-4, 1e-3, 1e-2], 2e-3), 1); // 2e-3 is nearer to 1e-3 by ratio
  assert.equal(findNearestStep([1e-4, 1e-3, 1e-2], 4e-3), 2);
  assert.equal(findNearestStep([], 1), -1);
});

test("the steps of the colours are the notes' limits; what is no number is wrong", () => {
  assert.deepEqual([0, 1e-9, 1e-8, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2, 0.5, Infinity, NaN].map(findErrorStep), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4]);
});

test("a row of a scan is cut out of its arrays", () => {
  const arrays = {
    entries: Float64Array.of(1, 7), analytic: Float64Array.of(2, 4), numeric: Float64Array.of(9, 9, 2, 3),
    kinks: Float32Array.of(0, 0, 0, 3), suspected: Uint8Array.of(0, 0, 0, 1),
  };
  const row = takeScanRow(arrays, 1);
  assert.deepEqual([...row.numeric], [2, 3]);
  assert.deepEqual([...row.errors], [0, 0.25]);
  assert.deepEqual(countKinks(row), { crossed: 1, all: 3 });
});

test("the worst come first, what is no number before all; equal ones stay in order", () => {
  assert.deepEqual(findWorst({ errors: Float64Array.of(0.1, NaN, 0.3, 0.1) }, 3), [1, 2, 0]);
  assert.deepEqual(findWorst({ errors: new Float64Array(0) }, 3), []);
});

test("an entry is named as in NumPy", () => {
  assert.deepEqual([0, 5, 7, 9].map((i) => nameEntry(BLOCKS, i)), ["W1[0, 0]", "W1[1, 2]", "b1[1]", "x"]);
  assert.deepEqual(findIndices([2, 3], 4), [1, 1]);
});

test("a vector is drawn as a row, a number as one cell", () => {
  assert.deepEqual([[4, 3], [5], []].map(shapeOfPicture), [[4, 3], [1, 5], [1, 1]]);
});

test("values below 1e-10 are tiny, if they are not both 0", () => {
  assert.deepEqual([[1e-11, -1e-12], [0, 0], [1e-9, 0]].map(([a, n]) => isTiny(a, n)), [true, false, false]);
});

test("round numbers are said without zeros at their end", () => {
  assert.deepEqual([1e-5, 2.5e-6, 0.01, 0.1, 1, 1.25e-16, 1.5e-7].map(formatRound), ["10⁻⁵", "2.5·10⁻⁶", "0.01", "0.1", "1", "1.25·10⁻¹⁶", "1.5·10⁻⁷"]);
});

test("a verdict at another h is shown only once no other will come", () => {
  const steps = [1e-3, 1e-2, 1e-1, 1];
  assert.equal(findShownStep(steps, 1e-5, true), -1);
  assert.equal(findShownStep(steps, 1e-2, true), 1);
  assert.equal(findShownStep(steps, 1.25e-3, true), -1);
  assert.equal(findShownStep(steps, 1.25e-3, false), 0);
  assert.equal(findShownStep([], 1e-5, false), -1);
});
