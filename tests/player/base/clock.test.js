import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, LOOP_PAUSE_SECONDS, RUN_SECONDS } from "../../../app/player/base/clock.js";

const pass = (clock, seconds) => {
  for (let left = seconds; left > 1e-9; left -= 0.05) clock.tick(Math.min(0.05, left));
};

for (const steps of [1, 40, 1000])
  test(`a run of ${steps} steps takes ${RUN_SECONDS} seconds at speed 1`, () => {
    const clock = new Clock(steps);
    clock.play();
    pass(clock, RUN_SECONDS / 2);
    assert.ok(Math.abs(clock.position - steps / 2) < 1e-6 * steps);
    pass(clock, RUN_SECONDS / 2 + 0.01);
    assert.equal(clock.step, steps);
    assert.equal(clock.playing, false);
  });

test("speed multiplies, a paused clock stands, a hidden tab does not leap", () => {
  const clock = new Clock(800);
  clock.tick(0.1);
  assert.equal(clock.position, 0);
  clock.play();
  clock.speed = 4;
  clock.tick(0.1);
  assert.ok(Math.abs(clock.position - 40) < 1e-9);
  clock.tick(3600);
  assert.ok(Math.abs(clock.position - 80) < 1e-9);
  clock.tick(-5);
  assert.ok(Math.abs(clock.position - 80) < 1e-9);
});

test("play at the end begins again", () => {
  const clock = new Clock(10);
  clock.seek(10);
  clock.play();
  assert.deepEqual([clock.position, clock.playing], [0, true]);
});

test("a loop rests at the end and begins again", () => {
  const clock = new Clock(10);
  clock.loop = true;
  clock.seek(10);
  clock.playing = true;
  pass(clock, LOOP_PAUSE_SECONDS - 0.06);
  assert.equal(clock.step, 10);
  pass(clock, 0.12);
  assert.ok(clock.step < 2 && clock.playing);
});

test("single steps go to whole steps from between two, and stop at the ends", () => {
  const clock = new Clock(3);
  clock.seek(1.4);
  clock.stepBy(-1);
  assert.equal(clock.position, 1);
  clock.seek(1.4);
  clock.stepBy(1);
  assert.equal(clock.position, 2);
  for (let i = 0; i < 5; i++) clock.stepBy(1);
  assert.equal(clock.position, 3);
  for (let i = 0; i < 5; i++) clock.stepBy(-1);
  assert.equal(clock.position, 0);
});

test("a clock sent to a step stands there, also at the end of a loop", () => {
  const clock = new Clock(10);
  clock.loop = true;
  for (const step of [0, 4, 10]) {
    clock.play();
    clock.pauseAt(step);
    pass(clock, 2 * LOOP_PAUSE_SECONDS);
    assert.deepEqual([clock.position, clock.playing], [step, false]);
  }
});

test("a clock that is held goes on when released, unless it was paused before or meanwhile", () => {
  const clock = new Clock(800);
  const through = (meanwhile = () => {}) => {
    clock.hold();
    clock.hold(); // by something else as well
    clock.tick(0.1);
    assert.equal(clock.playing, false);
    meanwhile();
    clock.release();
    return clock.playing;
  };
  assert.equal(through(), false);
  clock.play();
  assert.equal(through(), true);
  assert.equal(clock.position, 0);
  assert.equal(through(() => clock.pause()), false);
});

test("new runs leave the position where it is, or at the last step there is", () => {
  const clock = new Clock(100);
  clock.seek(60);
  clock.setSteps(400);
  assert.equal(clock.position, 60);
  clock.setSteps(20);
  assert.equal(clock.position, 20);
});

test("seeking to nonsense is seeking to the start", () => {
  const clock = new Clock(100);
  clock.seek(NaN);
  assert.equal(clock.position, 0);
  clock.seek(1e9);
  assert.equal(clock.position, 100);
});

test("the moment is where somebody stopped the clock, not where it ran to by itself", () => {
  const clock = new Clock(10);
  clock.play();
  assert.equal(clock.viewStep, null);
  pass(clock, 4);
  clock.pause();
  assert.ok(clock.viewStep >= 4 && clock.viewStep < 6);
  clock.play();
  clock.hold();
  assert.equal(clock.viewStep, null, "a dialog is open");
  clock.release();
  pass(clock, 20);
  assert.deepEqual([clock.position, clock.viewStep], [10, null]);
  clock.setSteps(20);
  assert.equal(clock.viewStep, 10);
  clock.finish();
  assert.deepEqual([clock.position, clock.viewStep, clock.playing], [20, null, false]);
  clock.pauseAt(20);
  assert.equal(clock.viewStep, 20);
  clock.pauseAt(1 / 3);
  assert.equal(clock.viewStep, 0.33);
});

test("a picture that stands is of the step that the clock says", () => {
  const clock = new Clock(10);
  clock.play();
  pass(clock, 1.9);
  assert.ok(clock.position % 1 > 0.05, "between two steps");
  assert.equal(clock.shownPosition, clock.position, "while it runs, heads glide");
  clock.hold();
  assert.equal(clock.shownPosition, clock.step, "a dialog is open");
  clock.release();
  clock.pause();
  assert.deepEqual([clock.position, clock.shownPosition, clock.viewStep], [2, 2, 2]);
  clock.pauseAt(4.5); // an old link
  assert.deepEqual([clock.viewStep, clock.shownPosition], [4.5, 4]);
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
