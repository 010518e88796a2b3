import assert from "node:assert/strict";
import test from "node:test";
import { findKnownIndices } from "../../app/training/curve_data.js";
import { describeTrainings } from "../../app/training/trainings_in_words.js";

const LABELS = { twin_row: "{name}: {loss} {validation_loss} {accuracy} {validation_accuracy}" };
const MESSAGE = {
  trainings: [{ name: "a", diverged: { epoch: 2, words: "Lost." } }, { name: "not begun" }],
  arrays: { epoch0: [0, 1, 2], training_loss0: [4, 2, 8], training_accuracy0: [10, 50, 20] },
};

test("the words tell the end, or no more than may be known", () => {
  assert.deepEqual(describeTrainings(MESSAGE, null, LABELS), ["a: 8.00 – 20.0 – Lost.", "not begun: –"]);
  assert.deepEqual(describeTrainings(MESSAGE, 1.5, LABELS), ["a: 2.00 – 50.0 –", "not begun: –"]);
  assert.deepEqual(describeTrainings(MESSAGE, 0, LABELS)[0], "a: 4.00 – 10.0 –");
  assert.deepEqual(describeTrainings(MESSAGE, 2, LABELS)[0], "a: 8.00 – 20.0 – Lost.");
});

test("of each curve as much may be seen as the clock has reached, and of a rule all", () => {
  const series = [{ epochs: [0, 1, 2], values: [1, 2, 3] }, { epochs: [0, 0.5, 1, 1.5], values: [1, 2, 3, 4] }, { epochs: [0, 2], values: [5, 5], isRule: true }];
  assert.equal(findKnownIndices(series, null), null);
  assert.deepEqual(findKnownIndices(series, 0), [0, 0, 1]);
  assert.deepEqual(findKnownIndices(series, 1), [1, 2, 1]);
  assert.deepEqual(findKnownIndices(series, 9), [2, 3, 1]);
});
