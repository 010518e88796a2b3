import assert from "node:assert/strict";
import test from "node:test";
import { makeTrainingKeys } from "../../app/training/training_keys.js";

// Press keys while the clock stands at epoch 2 of 6, and list what they did.
function press(...keys) {
  const done = [];
  const clock = { steps: 6, stepBy: (by) => done.push(["stepBy", by]), pauseAt: (step) => done.push(["pauseAt", step]) };
  const note = (name) => (...given) => done.push([name, ...given]);
  const panel = {
    clock, touch: note("touch"), select: note("select"), togglePlay: note("togglePlay"), requestFrame: () => {}, stepSequence: note("stepSequence"),
    charts: { toggleScale: note("toggleScale") }, table: { table: {} }, readings: { sections: [], list: {} },
  };
  const own = makeTrainingKeys(panel, {});
  for (const key of keys) /^\d$/.test(key) ? own.keys.digit(Number(key)) : own.keys[key]();
  return done;
}

test("keys move the clock, select a training, and change the axis", () => {
  assert.deepEqual(press(" "), [["togglePlay"]]);
  assert.deepEqual(press("ArrowLeft", "ArrowRight"), [["stepBy", -1], ["touch"], ["stepBy", 1], ["touch"]]);
  assert.deepEqual(press("Home", "End"), [["pauseAt", 0], ["touch"], ["pauseAt", 6], ["touch"]]);
  assert.deepEqual(press("3", "l"), [["select", 2], ["toggleScale"]]);
});
