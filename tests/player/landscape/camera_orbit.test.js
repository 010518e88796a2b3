import assert from "node:assert/strict";
import { test } from "node:test";
import { OrbitControls } from "../../../app/player/landscape/camera_orbit.js";

globalThis.window = new EventTarget();

// Controls on an element of 100 × 100 pixels.
function makeControls() {
  const element = Object.assign(new EventTarget(), { setAttribute: () => {}, setPointerCapture: () => {}, clientWidth: 100, clientHeight: 100 });
  globalThis.document = { createElement: () => element };
  const controls = new OrbitControls({ appendChild: (node) => node }, {}, () => {}, () => {});
  const say = (type, clientX, changes = {}) => element.dispatchEvent(Object.assign(new Event(type), { pointerId: 1, pointerType: "mouse", clientX, clientY: 0, button: 0, ...changes }));
  return { controls, say };
}

test("a drag turns the view, but not one that opens a menu", () => {
  for (const [menu, isTurned] of [[{}, true], [{ button: 2 }, false], [{ ctrlKey: true }, false]]) {
    const { controls, say } = makeControls();
    const { azimuth } = controls;
    say("pointerdown", 0, menu);
    say("pointermove", 50, menu);
    assert.equal(controls.azimuth !== azimuth, isTurned, JSON.stringify(menu));
  }
});

test("a drag whose end is not heard ends with the capture of its pointer", () => {
  const { controls, say } = makeControls();
  say("pointerdown", 0);
  say("lostpointercapture", 0);
  const { azimuth } = controls;
  say("pointermove", 50);
  assert.equal(controls.azimuth, azimuth);
});

test("controls that are made anew take over where the visitor has turned the view, and where not they choose the first one", () => {
  const [{ controls: before }, { controls: after }] = [makeControls(), makeControls()];
  after.restore(before.chosenView);
  assert.equal(after.chosenView, null);
  before.rotateBy(0.3, 0.1);
  after.restore(before.chosenView);
  after.chooseInitialView(() => 1); // by the stage, which comes later
  assert.deepEqual(after.chosenView, before.chosenView);
});
