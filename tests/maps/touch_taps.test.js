import assert from "node:assert/strict";
import { test } from "node:test";
import { TapTracker } from "../../app/maps/touch_taps.js";

function hand() {
  const heard = {};
  const root = { addEventListener: (name, listener) => (heard[name] = listener), getBoundingClientRect: () => ({ left: 3, top: 4 }) };
  const taps = new TapTracker(root);
  const press = (pointerType, clientX, clientY) => heard.pointerdown({ pointerType, clientX, clientY });
  return { taps, press, key: () => heard.keydown({}) };
}

test("a mouse picks at once, a finger what it has tapped before, if it taps there again", () => {
  const { taps, press } = hand();
  press("mouse", 10, 10);
  assert.equal(taps.resolveClick("a"), "a");
  press("touch", 10, 10);
  assert.equal(taps.resolveClick("b"), null);
  assert.equal(taps.resolveClick("b"), null, "told of twice");
  assert.ok(taps.waiting);
  press("touch", 100, 10);
  assert.equal(taps.resolveClick("c"), null);
  assert.equal(taps.resolveClick("c, on whole pixels"), null);
  press("touch", 110, 15);
  assert.equal(taps.resolveClick("d"), "c, on whole pixels");
  assert.ok(!taps.waiting);
  press("touch", 110, 15);
  assert.equal(taps.resolveClick("e"), null);
});

test("on another map a tap is the first", () => {
  const { taps, press } = hand();
  press("touch", 10, 10);
  taps.resolveClick("a");
  taps.reset();
  press("touch", 10, 10);
  assert.equal(taps.resolveClick("b"), null);
});

test("a key after a tap picks at once, and the tap is forgotten", () => {
  const { taps, press, key } = hand();
  press("touch", 10, 10);
  taps.resolveClick("a");
  key();
  assert.equal(taps.resolveClick("b"), "b");
  assert.ok(!taps.waiting);
});
