import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseFuture, findLastKnown, isFutureHidden, isVerdictKnown, limitToKnown } from "../../../app/player/base/spoiler_protection.js";

test("the future is hidden in lessons and lectures and shown elsewhere, unless the visitor chooses", () => {
  for (const suspenseful of [true, false, undefined]) {
    assert.equal(isFutureHidden("auto", suspenseful), suspenseful === true);
    assert.equal(isFutureHidden("shown", suspenseful), false);
    assert.equal(isFutureHidden("hidden", suspenseful), true);
    for (const hidden of [true, false]) assert.equal(isFutureHidden(chooseFuture(hidden, suspenseful), suspenseful), hidden);
    assert.equal(chooseFuture(suspenseful === true, suspenseful), "auto", "a link says only what differs");
  }
});

test("a verdict is known from the step that it names, or from the run's end", () => {
  const run = (at, length) => ({ at, length });
  const firstKnown = (each) => [...Array(200).keys()].find((k) => isVerdictKnown(each, k));
  assert.equal(firstKnown(run(110, 151)), 110);
  assert.equal(firstKnown(run(150, 151)), 150);
  assert.equal(firstKnown(run(37, 30)), 29, "its numbers end before it is lost");
  assert.equal(firstKnown(run(0, 1)), 0, "it waits at the start");
  assert.equal(isVerdictKnown(run(110, 151), 109.99), false);
  assert.equal(isVerdictKnown(run(110, 151), null), true, "nothing is held back");
  assert.equal(isVerdictKnown(run(110, 151), undefined), true);
});

test("nothing is pointed at that was not shown", () => {
  assert.deepEqual(limitToKnown([5, 90], [7.9, 7.9]), [5, 7]);
  assert.deepEqual(limitToKnown([5, 90], null), [5, 90]);
  assert.equal(findLastKnown({ length: 5 }, 99.5), 4);
  assert.equal(findLastKnown({ length: 50 }, 9.5), 9);
});
