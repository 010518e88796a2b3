import assert from "node:assert/strict";
import test from "node:test";
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
