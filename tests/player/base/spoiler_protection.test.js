import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../../app/player/base/clock.js";
import { chooseFuture, findLastKnown, isFutureHidden, isVerdictKnown, limitToKnown } from "../../../app/player/base/spoiler_protection.js";
import { leaveLesson, markLesson } from "../../../app/player/base/explanation_after_playback.js";

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

test("what was seen stays known while the visitor goes back, and is open again from the start", () => {
  const clock = new Clock(100);
  clock.playing = true;
  for (let i = 0; i < 40; i++) clock.tick(0.1);
  assert.ok(Math.abs(clock.furthest - 50) < 1e-9 && clock.furthest === clock.position);
  clock.pauseAt(20);
  assert.ok(Math.abs(clock.furthest - 50) < 1e-9);
  clock.pauseAt(80);
  clock.stepBy(-1);
  assert.equal(clock.furthest, 80);
  clock.setSteps(60);
  assert.equal(clock.furthest, 60);
  clock.finish();
  clock.play();
  assert.equal(clock.furthest, 0, "played again, nothing is told again");
  clock.finish();
  assert.equal(clock.furthest, 60);
});

test("a lesson is told from the end of its picture on, also beside its other scenes, and what it hides comes back with it", () => {
  const classes = new Set();
  const classList = { toggle: (name, isOn) => (isOn ? classes.add(name) : classes.delete(name)), remove: (name) => classes.delete(name) };
  globalThis.document = { documentElement: { classList } };
  const isUntold = () => classes.has("descent-untold");
  markLesson("heart", true, true);
  assert.ok(isUntold(), "it waits for the prediction");
  markLesson("heart", false, false);
  assert.ok(isUntold());
  markLesson("heart", false, true);
  markLesson("heart", false, false); // another of its scenes
  assert.ok(!isUntold());
  markLesson("other", false, false);
  leaveLesson("heart");
  assert.ok(isUntold(), "another lesson is on the page");
  leaveLesson("other");
  assert.ok(!isUntold(), "no other page is hidden by it");
  delete globalThis.document;
});
