import assert from "node:assert/strict";
import test from "node:test";
import { chooseSwatchStyle, findIndices, findRecord, makeAccuracySeries, makeLossSeries, makeRatioSeries, placeSeries, smoothValues, findKnownIndices } from "../../app/training/curve_data.js";
import { TimeAxis } from "../../app/training/time_axis.js";
import { describeAt } from "../../app/training/training_table.js";
import { MESSAGE } from "./message_of_trainings.js";

const STYLES = [{ colour: "#112233", dash: [], marker: "circle" }, { colour: "#445566", dash: [4, 3], marker: "square" }];

test("a smoothed curve has no pull to zero at its start, and passes over what is not finite", () => {
  assert.deepEqual([...smoothValues([3, 3, 3], 0.9)].map((v) => v.toFixed(9)), ["3.000000000", "3.000000000", "3.000000000"]);
  const values = [1, 2];
  assert.equal(smoothValues(values, 0), values, "without smoothing nothing is copied");
});

test("a smoothed value is the weighted mean of those before it", () => {
  const [, second] = smoothValues([1, 2], 0.5); // (0.5 * 1 + 2) / 1.5
  assert.ok(Math.abs(second - 2.5 / 1.5) < 1e-12);
  assert.equal(smoothValues([1, NaN, 1], 0.5)[2], 1);
  assert.ok(Number.isNaN(smoothValues([NaN, 1], 0.5)[0]));
});

test("each training has a curve of training and of validation, the selected one of its minibatches too; one that has not begun has none", () => {
  const series = makeLossSeries(MESSAGE, [...STYLES, STYLES[0]], 0);
  assert.deepEqual(series.map(({ name }) => name), ["a", "a", "a", "b", "b"]);
  assert.equal(series[0].style.marker, null);
  assert.ok(series[2].style.dash.length && !series[1].style.dash.length);
  assert.equal(makeLossSeries({ ...MESSAGE, selected: 1 }, [...STYLES, STYLES[0]], 0).filter(({ style }) => !style.marker).length, 0, "it has no minibatches yet");
  assert.equal(makeAccuracySeries(MESSAGE, [...STYLES, STYLES[0]]).length, 4);
});

test("curves carry markers where two trainings share a colour, in the marker of each, and dashes tell validation", () => {
  const [orange, blue] = [{ colour: "#112233", dash: [18, 3], marker: "circle" }, { colour: "#445566", dash: [], marker: "square" }];
  const styles = [orange, blue, { ...orange, dash: [9, 3], marker: "diamond" }];
  const arrays = { ...MESSAGE.arrays, epoch2: [0], training_loss2: [2], validation_loss2: [2], training_accuracy2: [1], validation_accuracy2: [1] };
  for (const series of [makeLossSeries({ ...MESSAGE, arrays }, styles, 0).slice(1), makeAccuracySeries({ ...MESSAGE, arrays }, styles)]) {
    assert.deepEqual(series.map(({ style }) => style.isMarked), [true, true, false, false, true, true]);
    assert.deepEqual(series.map(({ style }) => style.marker), ["circle", "circle", "square", "square", "diamond", "diamond"]);
    assert.deepEqual(series.map(({ style }) => style.dash.length > 0), [false, true, false, true, false, true]);
  }
  assert.deepEqual(chooseSwatchStyle(orange), { ...orange, dash: [] });
});

test("the ratios of a block are found among those of all definitions", () => {
  const of = (definition) => makeRatioSeries(MESSAGE, definition, 3, STYLES).map(({ values }) => [...values]);
  assert.deepEqual(of(0), [[1, 7], [2, 8]]);
  assert.deepEqual(of(2), [[5, 11], [6, 12]]);
  assert.deepEqual(makeRatioSeries({ blocks: ["W1"], arrays: {} }, 0, 3, STYLES), []);
});

test("at an epoch every series is as far as its own axis says", () => {
  const axis = new TimeAxis();
  axis.set(MESSAGE);
  const series = placeSeries(makeLossSeries(MESSAGE, [...STYLES, STYLES[0]], 0), axis);
  assert.deepEqual(series.map(({ run }) => run), [0, 1, 2, 3, 4]);
  assert.deepEqual(findIndices(series, 1), [2, 1, 1, 1, 1]);
  assert.equal(findRecord([0, 5, 10], 9.5), 1);
  assert.equal(findRecord([0, 5, 10], 10), 2);
});

test("of a log the curves and the numbers that it has are shown, and the others are left out", () => {
  const log = { ...MESSAGE, trainings: [{ name: "log", changes: [] }], arrays: { epoch0: [1, 2], training_loss0: [2, 1], validation_accuracy0: [40, 52.5] } };
  assert.deepEqual(makeLossSeries(log, STYLES, 0).map(({ values, style }) => [values, style.dash.length]), [[[2, 1], 0]]);
  assert.deepEqual(makeAccuracySeries(log, STYLES).map(({ values }) => values), [[40, 52.5]]);
  assert.deepEqual(describeAt(log, 0, 2, { points: "{value} points" }), ["1.00", "–", "–", "52.5", "–"]);
  assert.deepEqual(describeAt(log, 0, 0, { points: "{value} points" }), ["–", "–", "–", "–", "–"], "it begins with epoch 1");
  const both = { ...log, arrays: { ...log.arrays, training_accuracy0: [50, 50] } };
  assert.deepEqual(describeAt(both, 0, 2, { points: "{value} points" }).slice(2), ["50.0", "52.5", "−2.5 points"]);
});

test("regularization has a curve of its own where there is any", () => {
  const message = { ...MESSAGE, arrays: { ...MESSAGE.arrays, regularization0: [0.1, 0.2, 0.3] } };
  const dotted = makeLossSeries(message, [...STYLES, STYLES[0]], 0).filter(({ style }) => style.dash[0] === 1);
  assert.deepEqual(dotted.map(({ values }) => values), [[0.1, 0.2, 0.3]]);
});

test("of each curve as much may be seen as the clock has reached, and of a rule all", () => {
  const series = [{ epochs: [0, 1, 2], values: [1, 2, 3] }, { epochs: [0, 0.5, 1, 1.5], values: [1, 2, 3, 4] }, { epochs: [0, 2], values: [5, 5], isRule: true }];
  assert.equal(findKnownIndices(series, null), null);
  assert.deepEqual(findKnownIndices(series, 0), [0, 0, 1]);
  assert.deepEqual(findKnownIndices(series, 1), [1, 2, 1]);
  assert.deepEqual(findKnownIndices(series, 9), [2, 3, 1]);
});
