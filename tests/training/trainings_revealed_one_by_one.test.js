import assert from "node:assert/strict";
import test from "node:test";
import { RevealedTrainings } from "../../app/training/trainings_revealed_one_by_one.js";

const MESSAGE = {
  selected: 2, blocks: ["W1"], layers: [{}], readings: [{}], state: "done", trainings: [{ name: "a" }, { name: "b" }, { name: "c" }],
  arrays: { epoch0: [0], epoch1: [0], epoch2: [0], ratios: [1], predictions: [2], weights: [3] },
};

test("the first press leaves the first training alone, each further one adds the next, and after the last there is none", () => {
  const sequence = new RevealedTrainings();
  assert.equal(sequence.countShown(3), 3);
  const shown = [1, 1, 1, 1].map((by) => [sequence.step(by, 3), sequence.countShown(3)]);
  assert.deepEqual(shown, [[true, 1], [true, 2], [true, 3], [false, 3]]);
});

test("back takes the last one away, also at the beginning, and leaves the first", () => {
  const sequence = new RevealedTrainings();
  const shown = [-1, -1, -1].map((by) => [sequence.step(by, 3), sequence.countShown(3)]);
  assert.deepEqual(shown, [[true, 2], [true, 1], [false, 1]]);
  sequence.showAll();
  assert.equal(sequence.countShown(3), 3);
});

test("a single training is played by the first press, and a removed one is not counted", () => {
  const sequence = new RevealedTrainings();
  assert.equal(sequence.step(-1, 1), false);
  assert.equal(sequence.step(1, 1), true);
  assert.equal(sequence.step(1, 1), false);
  sequence.step(1, 3);
  assert.equal(sequence.countShown(3), 2);
  assert.equal(sequence.countShown(1), 1);
});

test("a message keeps the trainings that are seen, and nothing that tells of a selected one that is not", () => {
  const sequence = new RevealedTrainings();
  assert.equal(sequence.limit(MESSAGE), MESSAGE);
  sequence.step(1, 3);
  sequence.step(1, 3);
  const limited = sequence.limit(MESSAGE);
  assert.deepEqual(limited.trainings.map(({ name }) => name), ["a", "b"]);
  assert.deepEqual([limited.selected, limited.blocks, limited.layers, limited.readings], [1, null, [], []]);
  assert.deepEqual(Object.keys(limited.arrays), ["epoch0", "epoch1", "epoch2"]);
  assert.equal(MESSAGE.trainings.length, 3);
  const seen = sequence.limit({ ...MESSAGE, selected: 0 });
  assert.deepEqual([seen.trainings.length, seen.selected, seen.arrays], [2, 0, MESSAGE.arrays]);
});
