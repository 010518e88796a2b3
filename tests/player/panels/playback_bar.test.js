import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../../app/player/base/clock.js";
import { PlaybackBar } from "../../../app/player/panels/playback_bar.js";

// As much of a document as the bar needs.
class Element extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { children: [], dataset: {}, style: { setProperty: () => {} }, className: "", value: "" });
  }
  appendChild(child) {
    return this.children[this.children.push(child) - 1];
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
  }
  querySelector() {
    return new Element();
  }
  setAttribute() {}
}
globalThis.document = { createElement: () => new Element(), createTextNode: (data) => ({ data }) };
globalThis.window = new EventTarget();
globalThis.Option = class {};

const makeBar = (clock) => new PlaybackBar(new Element(), {}, clock, { onChange: () => {}, actions: { play: () => {} } });

test("the scrubber holds the clock, but not for a press that opens a menu", () => {
  const clock = new Clock(10);
  const { scrubber } = makeBar(clock);
  for (const [press, isHeld] of [[{ button: 2 }, false], [{ button: 0, ctrlKey: true }, false], [{ button: 0 }, true]]) {
    clock.play();
    scrubber.dispatchEvent(Object.assign(new Event("pointerdown"), press));
    assert.equal(Boolean(clock.isHeld), isHeld, JSON.stringify(press));
  }
  window.dispatchEvent(new Event("pointerup"));
  assert.equal(Boolean(clock.isHeld), false);
});

test("a bar that is made anew says the speed of its clock", () => {
  const clock = new Clock(10);
  assert.equal(makeBar(clock).speedSelect.value, 1);
  clock.speed = 4;
  assert.equal(makeBar(clock).speedSelect.value, 4);
});
