import assert from "node:assert/strict";
import { test } from "node:test";
import { buildZoneBoxes, stackLabels, createLossScale, findNearestHeight, findNearestRate, splitRuns, findStableLimit, findZoneStretches, clampWindow } from "../../../app/maps/learning_rates/sweep_geometry.js";

const ZONES = ["stable", "edge", "diverged"];
const RATES = [0.001, 0.01, 0.1, 1];
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

test("arrays are cut into the rows of each run", () => {
  const [first, second] = splitRuns({ rates: [1, 2], final: Float64Array.of(1, 2, 3, 4), lowest: Float64Array.of(5, 6, 7, 8), reached: Uint16Array.of(1, 2, 3, 4), zone: Uint8Array.of(0, 1, 2, 0) }, ZONES);
  assert.deepEqual([...first.final, ...second.final], [1, 2, 3, 4]);
  assert.deepEqual(second.zone, ["diverged", "stable"]);
});

test("a loss is drawn by its logarithm above the lowest known, not below what rounding leaves", () => {
  const { at, range, start, ticks } = createLossScale({ floor: 2, initial_loss: 102 }, [2.01, 102, NaN, Infinity]);
  near(at(3), 0);
  near(start, 2);
  near(range[1], 3);
  near(at(2), Math.log10(100) - 16);
  near(at(1.9), at(2));
  assert.equal(at(NaN), null);
  assert.ok(at(Infinity) > range[1]);
  assert.deepEqual(ticks.map(({ text }) => text).slice(0, 3), ["10⁻²", "10⁻¹", "1"]);
});

test("where no lowest loss is known, losses of both signs are drawn, and what falls without end leaves the picture", () => {
  const { at, range, ticks } = createLossScale({ floor: null, initial_loss: 2 }, [2, -1e300, -5]);
  assert.equal(at(0), 0);
  near(at(-5), -at(5));
  assert.ok(at(-Infinity) < range[0] && Number.isFinite(range[0]));
  assert.ok(ticks.length > 1 && ticks.every(({ value }) => Number.isFinite(value)));
});

test("nothing known yet has a scale too", () => {
  for (const message of [{}, { floor: 0, initial_loss: null }, { floor: 1, initial_loss: 1 }]) assert.ok(createLossScale(message, []).range.every(Number.isFinite));
});

test("zones change in the middle between two rates", () => {
  const found = findZoneStretches(RATES, [0, 0, 1, 2]);
  assert.deepEqual(found.map(([zone]) => zone), [0, 1, 2]);
  near(found[0][2], Math.sqrt(0.001));
  near(found[2][1], Math.sqrt(0.1));
  assert.equal(found[2][2], 1);
  assert.deepEqual(buildZoneBoxes(found, 2, 0, 1), { x: [found[2][1], 1, 1, found[2][1], found[2][1], null], y: [0, 0, 1, 1, 0, null] });
  assert.deepEqual(buildZoneBoxes(found, 3, 0, 1), { x: [], y: [] });
});

test("how far a run is stable", () => {
  assert.equal(findStableLimit(RATES, ["stable", "stable", "diverged", "stable"]), 0.01);
  assert.equal(findStableLimit(RATES, RATES.map(() => "stable")), 1);
  assert.equal(findStableLimit(RATES, ["edge", "stable", "stable", "stable"]), null);
});

test("the nearest rate is that on a log axis; the nearest run is one in sight", () => {
  assert.equal(findNearestRate(RATES, 0.04), 2);
  assert.equal(findNearestRate(RATES, 0.03), 1);
  assert.equal(findNearestRate(RATES, 1e9), 3);
  assert.equal(findNearestHeight([null, 5, 2], 3), 2);
  assert.equal(findNearestHeight([null, null], 3), 0);
});

test("bounds stay within the whole, as wide as they were if they can", () => {
  const [low, high] = clampWindow([0.01, 100], [1e-6, 10]);
  near(low, 0.001);
  near(high, 10);
  assert.deepEqual(clampWindow([1e-9, 1e9], [1e-6, 10]).map((end) => Number(end.toPrecision(9))), [1e-6, 10]);
});

test("names stand at the first level where they overlap none, beyond close lines, and left of a line at the edge", () => {
  assert.deepEqual(stackLabels([[0, 50], [40, 50], [100, 40], [180, 50]], 200), [
    { level: 0, shift: 5 },
    { level: 1, shift: 5 },
    { level: 0, shift: 5 },
    { level: 1, shift: -55 },
  ]);
  assert.deepEqual(stackLabels([[10, 30], [13, 30]], 200).map(({ shift }) => shift), [8, 5]); // neither covers a line
  assert.deepEqual(stackLabels([[170, 30], [173, 30]], 200).map(({ shift }) => shift), [-35, -38]);
});
