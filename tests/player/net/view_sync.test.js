import assert from "node:assert/strict";
import { test } from "node:test";
import { ViewSync } from "../../../app/player/net/view_sync.js";

const FIRST = { mode: "contour", loss: "auto", fit: "all", strip: "lr", over: "steps", pace: "steps", arrows: [], step: null };

// An outlook on a view that can be changed; what was applied and what was told.
function fixture(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const shown = { ...FIRST };
  const applied = [];
  const told = [];
  const apply = (view) => (applied.push(view.mode), Object.assign(shown, view));
  const tell = (view) => told.push({ ...view });
  return { shown, applied, told, outlook: new ViewSync(() => shown, apply, tell) };
}

test("nothing is told before Python has spoken, and then what rests", (t) => {
  const { shown, applied, told, outlook } = fixture(t);
  shown.mode = "space";
  outlook.look();
  t.mock.timers.tick(1000);
  assert.equal(told.length, 0);
  outlook.take({ view: FIRST, n: 0 });
  assert.deepEqual(applied, ["contour"]);
  for (const step of [1, 2, 3]) {
    shown.step = step;
    outlook.look();
    t.mock.timers.tick(100);
  }
  assert.equal(told.length, 0);
  t.mock.timers.tick(1000);
  outlook.look();
  t.mock.timers.tick(1000);
  assert.deepEqual(told.map(({ step }) => step), [3]);
});

test("what goes and comes back in between is not told", (t) => {
  const { shown, told, outlook } = fixture(t);
  outlook.take({ view: FIRST, n: 0 });
  for (const mode of ["space", "contour"]) {
    shown.mode = mode;
    outlook.look();
  }
  t.mock.timers.tick(1000);
  assert.equal(told.length, 0);
});

test("a view from before the visitor's own is out of date, the next is taken", (t) => {
  const { shown, applied, outlook } = fixture(t);
  outlook.take({ view: FIRST, n: 7 });
  applied.length = 0;
  shown.mode = "space";
  outlook.look();
  outlook.take({ view: { ...FIRST, strip: "gradient_norm" }, n: 7 });
  assert.deepEqual(applied, [], "the visitor has just chosen");
  t.mock.timers.tick(1000);
  outlook.take({ view: FIRST, n: 7 });
  assert.deepEqual(applied, [], "Python has not heard of it");
  outlook.take({ view: { ...FIRST, mode: "space" }, n: 1 });
  assert.deepEqual(applied, [], "they agree");
  outlook.take({ view: FIRST, n: 1 });
  assert.deepEqual(applied, ["contour"], "an undo");
});

test("what is applied is not told back", (t) => {
  const { told, outlook } = fixture(t);
  outlook.take({ view: { ...FIRST, mode: "space", step: 12 }, n: 0 });
  outlook.look();
  t.mock.timers.tick(1000);
  assert.equal(told.length, 0);
});
