import assert from "node:assert/strict";
import test from "node:test";
import { explainAbsence } from "../../app/training/readings_view.js";

const LABELS = { no_readings: "none", readings_wait: "wait" };

test("a training without readings says that it has none once it is done, and shown: before, that they come", () => {
  const explain = (message) => explainAbsence({ readings: [], trainings: [{ done: 0 }, { done: 20 }], selected: 1, state: "done", ...message }, LABELS);
  assert.equal(explain({}), "none");
  assert.equal(explain({ state: "working" }), "wait");
  assert.equal(explain({ selected: 0 }), "wait", "of one that waits for a prediction nothing is sent, though it is done");
  assert.equal(explain({ readings: [{}] }), "");
});
