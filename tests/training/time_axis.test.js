import assert from "node:assert/strict";
import test from "node:test";
import { TimeAxis, interpolate } from "../../app/training/time_axis.js";

test("the axis of time counts epochs, steps or seconds, for each training by itself", () => {
  const arrays = { epoch0: [0, 1, 2], steps0: [0, 10, 30], seconds0: [0, 0.5, 1.5], epoch1: [0, 1], steps1: [0, 40], seconds1: [0, 4] };
  const message = { epochs: 4, trainings: [{}, {}, {}], arrays };
  const axis = new TimeAxis();
  axis.set(message);
  assert.deepEqual([axis.end, axis.start, ...axis.convert(0, [0, 1.5])], [4, null, 0, 1.5]);
  axis.unit = "steps";
  axis.set(message);
  assert.equal(axis.end, 160, "the slowest as far as it would come");
  assert.deepEqual([...axis.convert(0, [0, 0.5, 1.5])], [0, 5, 20]);
  assert.deepEqual([...axis.convert(1, [0.25])], [10]);
  assert.equal(axis.invert(0, 20), 1.5);
  Object.assign(axis, { unit: "seconds", isLog: true });
  axis.set(message);
  assert.ok(axis.start > 0 && axis.start < 0.5);
  assert.deepEqual([...axis.convert(0, [0, 2])], [axis.start, 1.5], "what is before the axis stands at its beginning");
});

test("a function through points goes on in the direction of its last piece", () => {
  assert.deepEqual([0, 1, 1.5, 3, 5].map((x) => interpolate([0, 1, 3], [0, 10, 30], x)), [0, 10, 15, 30, 50]);
  assert.equal(interpolate([0], [7], 3), 7);
});
