import assert from "node:assert/strict";
import { test } from "node:test";
import { addKeyListeners, elementUsesKey } from "../../../app/player/base/keyboard.js";

// An element that is matched by selectors that hold one of `words`.
const element = (...words) => ({ closest: (selectors) => (words.some((word) => selectors.includes(word)) ? {} : null) });

test("no key is taken from someone who types, and no arrow from a slider", () => {
  for (const key of [" ", "f", "1", "ArrowLeft"]) assert.equal(elementUsesKey(element("textarea"), key), true);
  assert.equal(elementUsesKey(element("[role='slider']"), "ArrowLeft"), true);
  assert.equal(elementUsesKey(element("[role='slider']"), " "), false);
  assert.equal(elementUsesKey(element("button"), " "), true);
  assert.equal(elementUsesKey(element("button"), "f"), false);
  assert.equal(elementUsesKey(element("section"), "ArrowLeft"), false);
  assert.equal(elementUsesKey(null, "f"), false);
});

// A page whose keys are `actions`; returns what presses one.
function listen(t, actions) {
  const before = globalThis.document;
  globalThis.document = new EventTarget();
  const stop = addKeyListeners(actions, () => false);
  t.after(() => {
    stop();
    globalThis.document = before;
  });
  return (key, how = {}) => {
    const event = Object.assign(new Event("keydown", { cancelable: true }), { key, ...how });
    Object.defineProperty(event, "eventPhase", { get: () => (key === " " ? Event.CAPTURING_PHASE : Event.BUBBLING_PHASE) });
    document.dispatchEvent(event);
    return event;
  };
}

test("letters act the same under Caps Lock", (t) => {
  const heard = [];
  const press = listen(t, { m: () => heard.push("m"), t: () => heard.push("t"), T: () => heard.push("T"), undo: () => heard.push("undo"), redo: () => heard.push("redo") });
  for (const [key, how] of [["m"], ["M"], ["t"], ["T", { shiftKey: true }], ["T"], ["t", { shiftKey: true }]]) press(key, how);
  assert.deepEqual(heard.splice(0), ["m", "m", "t", "T", "t", "T"]);
  press("M", { shiftKey: true });
  assert.deepEqual(heard.splice(0), [], "Shift M is another key than M");
  press("Z", { ctrlKey: true });
  press("z", { ctrlKey: true, shiftKey: true });
  assert.deepEqual(heard, ["undo", "redo"]);
});

test("a key that is held moves on, but switches once", (t) => {
  const heard = [];
  const press = listen(t, Object.fromEntries([" ", "m", "PageDown", "digit", "ArrowRight", "+", "undo"].map((key) => [key, () => heard.push(key)])));
  for (const [key, how] of [[" "], ["m"], ["PageDown"], ["3"], ["ArrowRight"], ["+"], ["z", { ctrlKey: true }]]) {
    press(key, how);
    for (let i = 0; i < 2; i++) assert.ok(press(key, { ...how, repeat: true }).defaultPrevented, "the page does not scroll meanwhile");
  }
  const once = [" ", "m", "PageDown", "digit"];
  assert.deepEqual(heard, [...once, ...["ArrowRight", "+", "undo"].flatMap((key) => [key, key, key])]);
});
