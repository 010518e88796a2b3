import assert from "node:assert/strict";
import { test } from "node:test";
import { hasNewSize, observeSize } from "../../../app/player/base/dom.js";

const PARTS = ["devicePixelRatio", "ResizeObserver", "matchMedia"];

test("another pixel ratio of the screen is another size, for what is drawn in pixels", (t) => {
  t.after(() => PARTS.forEach((name) => delete globalThis[name]));
  globalThis.devicePixelRatio = 2;
  const host = { clientWidth: 300, clientHeight: 200 };
  assert.equal(hasNewSize(host, { width: 300, height: 200 }), false);
  assert.equal(hasNewSize(host, { width: 300, height: 200, ratio: 2 }), false);
  assert.equal(hasNewSize(host, { width: 300, height: 200, ratio: 1 }), true);
  assert.equal(hasNewSize({ clientWidth: 0, clientHeight: 0 }, { width: 300, height: 200, ratio: 1 }), false, "it is not seen");
});

test("a size is followed from one monitor to the next, until that is ended", (t) => {
  t.after(() => PARTS.forEach((name) => delete globalThis[name]));
  let resize, query, isObserved = true;
  globalThis.ResizeObserver = class {
    constructor(react) {
      resize = () => isObserved && react([]);
    }
    observe() {}
    disconnect() {
      isObserved = false;
    }
  };
  globalThis.matchMedia = (text) => (query = Object.assign(new EventTarget(), { text }));
  globalThis.devicePixelRatio = 1;
  let count = 0;
  const observer = observeSize({}, () => (count += 1));
  const moveTo = (ratio) => {
    globalThis.devicePixelRatio = ratio;
    query.dispatchEvent(new Event("change"));
  };
  resize();
  moveTo(2);
  moveTo(1.5);
  assert.deepEqual([count, query.text], [3, "(resolution: 1.5dppx)"]);
  observer.disconnect();
  resize();
  moveTo(1);
  assert.equal(count, 3);
});
