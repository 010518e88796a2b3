import assert from "node:assert/strict";
import { test } from "node:test";
import { TapTracker } from "../../app/maps/second_tap_pick.js";

function hand() {
  const heard = {};
  const root = { addEventListener: (name, listener) => (heard[name] = listener), getBoundingClientRect: () => ({ left: 3, top: 4 }) };
  const taps = new TapTracker(root);
  const press = (pointerType, clientX, clientY) => heard.pointerdown({ pointerType, clientX, clientY });
  return { taps, press, key: (event = { key: "Enter" }) => heard.keydown(event) };
}

for (const pointer of ["mouse", "touch"])
  test(`the first press with ${pointer} shows, a second one at the same place picks what the first one showed`, () => {
    const { taps, press } = hand();
    press(pointer, 10, 10);
    assert.equal(taps.resolveClick("b"), null);
    assert.equal(taps.resolveClick("b"), null, "told of twice");
    assert.ok(taps.waiting);
    assert.equal(taps.isTouch, pointer === "touch");
    press(pointer, 100, 10);
    assert.equal(taps.resolveClick("c"), null);
    assert.equal(taps.resolveClick("c, on whole pixels"), null);
    press(pointer, 110, 15);
    assert.equal(taps.resolveClick("d"), "c, on whole pixels");
    assert.ok(!taps.waiting);
    press(pointer, 110, 15);
    assert.equal(taps.resolveClick("e"), null);
  });

test("the way to the button, and the button, leave what was shown", () => {
  const { taps, press, key } = hand();
  press("mouse", 10, 10);
  taps.resolveClick("a");
  key({ key: "Tab" });
  key({ key: "Enter", target: { closest: () => true } });
  assert.equal(taps.firstTap.what, "a");
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
