import assert from "node:assert/strict";
import { test } from "node:test";
import { PressTracker, listenForPlotlyClicks } from "../../../app/player/base/press_tracker.js";

globalThis.window = new EventTarget();
const element = () => Object.assign(new EventTarget(), { on: (_, react) => (element.click = react) });
const event = (type, x, y, pointerId = 1) => Object.assign(new Event(type), { clientX: x, clientY: y, pointerId });

function press(target, ...moments) {
  for (const [type, x = 0, y = 0, pointerId = 1] of moments) (type === "pointerdown" ? target : window).dispatchEvent(event(type, x, y, pointerId));
}

test("up to ten pixels are a tap, more are a swipe", () => {
  const target = element();
  const tracker = new PressTracker(target);
  press(target, ["pointerdown", 50, 50], ["pointermove", 56, 58], ["pointerup", 52, 50]);
  assert.ok(tracker.isTap);
  press(target, ["pointerdown", 50, 50], ["pointermove", 50, 61], ["pointermove", 50, 50], ["pointerup", 50, 50]);
  assert.ok(!tracker.isTap && !tracker.isSideways);
  press(target, ["pointerdown", 50, 50], ["pointerup", 62, 55]);
  assert.ok(!tracker.isTap && tracker.isSideways);
  press(target, ["pointerdown", 50, 50], ["pointerup", 50, 50]);
  assert.ok(tracker.isTap && !tracker.isSideways, "each press is judged by itself");
});

test("a press that the browser took over, or of two fingers, is no tap", () => {
  const target = element();
  const tracker = new PressTracker(target);
  press(target, ["pointerdown", 50, 50], ["pointercancel"]);
  assert.ok(!tracker.isTap);
  press(target, ["pointerdown", 50, 50], ["pointerdown", 90, 50, 2], ["pointerup", 50, 50], ["pointerup", 90, 50, 2]);
  assert.ok(!tracker.isTap);
  press(target, ["pointerdown", 50, 50], ["pointermove", 300, 300, 7], ["pointerup", 50, 50]);
  assert.ok(tracker.isTap, "another pointer elsewhere does not count");
});

test("Plotly's click after a swipe is not heard, one by a key is", () => {
  const target = element();
  const heard = [];
  listenForPlotlyClicks(target, (data) => heard.push(data.name));
  press(target, ["pointerdown", 50, 50], ["pointercancel"]);
  element.click({ name: "swipe", event: { clientX: undefined } });
  press(target, ["pointerdown", 50, 50], ["pointerup", 50, 50]);
  element.click({ name: "tap", event: {} });
  element.click({ name: "right button", event: { button: 2 } });
  press(target, ["pointerdown", 50, 50], ["pointercancel"]);
  target.dispatchEvent(new Event("keydown"));
  element.click({ name: "key" });
  assert.deepEqual(heard, ["tap", "key"]);
});

test("a press that opens a menu is no tap, and the next one is, though the end of the first was never heard", () => {
  for (const menu of [{ button: 2 }, { button: 0, ctrlKey: true }]) {
    const target = element();
    const tracker = new PressTracker(target);
    target.dispatchEvent(Object.assign(event("pointerdown", 50, 50), menu));
    assert.ok(!tracker.isTap);
    press(target, ["pointerdown", 60, 50], ["pointerup", 60, 50]);
    assert.ok(tracker.isTap);
  }
});
