import assert from "node:assert/strict";
import { test } from "node:test";
import { findWheelFactor, pinchInterval } from "../../../app/player/base/pinch.js";

test("what was between the fingers stays between them", () => {
  const valueAt = ([low, high], part) => low + part * (high - low);
  for (const [factor, from, to] of [[0.5, 0.25, 0.25], [2, 0.5, 0.75], [1, 0.1, 0.9]]) {
    const interval = pinchInterval([-2, 6], factor, from, to);
    const near = (value, expected) => assert.ok(Math.abs(value - expected) < 1e-12, `${value}`); // a few roundings of numbers below 10
    near(valueAt(interval, to), valueAt([-2, 6], from));
    near(interval[1] - interval[0], 8 * factor);
  }
});

const NEAR = 1e-12; // a few roundings of numbers near 1

test("a notch of the wheel zooms by 15 %, or what it is told, and no event more", () => {
  for (const turn of [{ deltaY: 100 }, { deltaY: 120 }, { deltaY: 3, deltaMode: 1 }, { deltaY: 1, deltaMode: 1 }, { deltaY: 900 }]) {
    assert.equal(findWheelFactor(turn), 1.15, JSON.stringify(turn));
    assert.ok(Math.abs(findWheelFactor({ ...turn, deltaY: -turn.deltaY }) - 1 / 1.15) < NEAR);
  }
  assert.equal(findWheelFactor({ deltaY: 100 }, 1.25), 1.25);
  assert.equal(findWheelFactor({ deltaY: 0 }), 1);
});

test("two fingers on a trackpad that go twice as far apart halve the view, in however many events", () => {
  for (const events of [20, 50]) {
    const deltaY = (-100 * Math.log(2)) / events; // as browsers make of it
    const factor = Array.from({ length: events }, () => findWheelFactor({ deltaY })).reduce((product, each) => product * each);
    assert.ok(Math.abs(factor - 0.5) < 1e-12 * events, String(factor)); // a few roundings for each event
  }
});
