import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCoordinate, formatNumber, fillTemplate, toSuperscript } from "../../../app/player/base/number_format.js";

const figures = [
  [0, "0"], [1, "1.00"], [-0.0123, "−0.0123"], [1234.5, "1235"], [12345, "1.23·10⁴"], [7.75e-4, "7.75·10⁻⁴"],
  [6.67e272, "6.67·10²⁷²"], [-1.5e-30, "−1.50·10⁻³⁰"], [NaN, "–"], [Infinity, "–"],
];
for (const [value, text] of figures) test(`figure(${value}) is ${text}`, () => assert.equal(formatNumber(value), text));

test("coordinates have the decimals of their view, and no minus zero", () => {
  assert.equal(formatCoordinate(1.23456, 9), "1.235");
  assert.equal(formatCoordinate(-0.00001, 9), "0.000");
  assert.equal(formatCoordinate(-512.25, 1000), "−512");
  assert.equal(formatCoordinate(3e25, 9), "3.00·10²⁵");
});

test("raised digits and filled templates", () => {
  assert.equal(toSuperscript(-120), "⁻¹²⁰");
  assert.equal(fillTemplate("{k} of {n}, {other}", { k: 0, n: 3 }), "0 of 3, {other}");
});
