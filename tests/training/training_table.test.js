import assert from "node:assert/strict";
import test from "node:test";
import { addErrors } from "../../app/training/curve_data.js";
import { describeAt } from "../../app/training/training_table.js";
import { MESSAGE } from "./message_of_trainings.js";

test("the table says losses, accuracies with their errors, the gap with its own, and where a training diverged", () => {
  const labels = { diverged: "diverged in epoch {epoch}", points: "{value} points" };
  assert.deepEqual(describeAt(MESSAGE, 0, 2, labels), ["0.500", "0.700", "90.0 ± 3.0", "80.0 ± 4.0", "10.0 ± 5.0 points"]);
  assert.equal(describeAt(MESSAGE, 1, 2, labels)[0], "diverged in epoch 2");
  assert.equal(describeAt(MESSAGE, 1, 1, labels)[0], "9.00");
  assert.deepEqual(describeAt(MESSAGE, 2, 1, labels), ["", "", "", "", ""]);
  assert.equal(addErrors(3, 4), 5);
});
