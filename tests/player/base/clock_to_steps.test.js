import assert from "node:assert/strict";
import { test } from "node:test";
import { getAxisValues, findCursors, findFractionalIndex, findRunSteps, findShownSteps, positionOf, findLastPosition } from "../../../app/player/base/clock_to_steps.js";

const run = (evaluations) => ({ length: evaluations.length, columns: { evaluations: Float32Array.from(evaluations) } });
const cheap = run([0, 1, 2, 3, 4]);
const dear = run([1, 4, 4, 10, 10]);

test("a rising column is inverted; on a level stretch its end counts", () => {
  for (const [value, index] of [[-1, 0], [1, 0], [2.5, 0.5], [4, 2], [7, 2.5], [10, 4], [99, 4]]) assert.equal(findFractionalIndex(dear.columns.evaluations, value), index);
  assert.equal(findFractionalIndex([5], 7), 0);
});

test("by steps all runs are as far, by evaluations as far as their money goes", () => {
  assert.deepEqual(findRunSteps([cheap, dear], 2.5, "steps"), [2.5, 2.5]);
  assert.deepEqual(findRunSteps([cheap, dear], 4, "evaluations"), [4, 2]);
  assert.deepEqual(findRunSteps([cheap, { length: 3, columns: {} }], 2, "evaluations"), [2, 2]);
  assert.equal(findLastPosition([cheap, dear], 4, "steps"), 4);
  assert.equal(findLastPosition([cheap, dear], 4, "evaluations"), 10);
  assert.equal(findLastPosition([], 4, "evaluations"), 1);
});

test("a step of a run has its place on the clock", () => {
  assert.equal(positionOf(dear, 3, "steps"), 3);
  assert.equal(positionOf(dear, 3, "evaluations"), 10);
  for (const k of [0, 2, 4]) assert.equal(findRunSteps([dear], positionOf(dear, k, "evaluations"), "evaluations")[0], k);
});

test("an axis counts steps, epochs or what the run knows", () => {
  assert.deepEqual([...getAxisValues(cheap, "steps")], [0, 1, 2, 3, 4]);
  assert.deepEqual([...getAxisValues(cheap, "epochs", 2)], [0, 0.5, 1, 1.5, 2]);
  assert.equal(getAxisValues(cheap, "epochs", null), null);
  assert.equal(getAxisValues(cheap, "evaluations"), cheap.columns.evaluations);
  assert.equal(getAxisValues(cheap, "gradients"), null);
});

test("the clock stands on every axis it is counted on", () => {
  assert.deepEqual(findCursors(7, "evaluations", 5), { evaluations: 7 });
  assert.deepEqual(findCursors(7, "steps", 0), { steps: 7 });
  assert.deepEqual(findCursors(7, "steps", 2), { steps: 7, epochs: 3.5 });
});

test("heads are between two iterates only while the clock runs", () => {
  const runs = [{ columns: { evaluations: [0, 4, 8, 12] } }, { columns: { evaluations: [0, 1, 2, 3] } }];
  assert.deepEqual(findShownSteps(runs, { playing: true, shownPosition: 6 }, "evaluations"), [1.5, 3]);
  assert.deepEqual(findShownSteps(runs, { playing: false, shownPosition: 6 }, "evaluations"), [1, 3]);
  assert.deepEqual(findShownSteps(runs, { playing: true, shownPosition: 1.25 }, "steps"), [1.25, 1.25]);
});
