import assert from "node:assert/strict";
import { test } from "node:test";
import { ViewSync } from "../../../app/player/net/view_sync.js";

const FIRST = { mode: "contour", loss: "auto", fit: "all", strip: "lr", over: "steps", pace: "steps", arrows: [], step: null };

// An sync on a view that can be changed; what was applied and what was told.
function fixture(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const shown = { ...FIRST };
  const applied = [];
  const told = [];
  const apply = ({ step, ...view }) => (applied.push(view.mode), Object.assign(shown, view, step === null ? {} : { step })); // as the player
  const tell = (view) => told.push({ ...view });
  return { shown, applied, told, sync: new ViewSync(() => shown, apply, tell) };
}

test("nothing is told before Python has spoken, and then what rests", (t) => {
  const { shown, applied, told, sync } = fixture(t);
  sync.checkForChange();
  t.mock.timers.tick(1000);
  assert.equal(told.length, 0);
  sync.receive({ view: FIRST, n: 0 });
  assert.deepEqual(applied, ["contour"]);
  for (const step of [1, 2, 3]) {
    shown.step = step;
    sync.checkForChange();
    t.mock.timers.tick(100);
  }
  assert.equal(told.length, 0);
  t.mock.timers.tick(1000);
  sync.checkForChange();
  t.mock.timers.tick(1000);
  assert.deepEqual(told.map(({ step }) => step), [3]);
});

test("what goes and comes back in between is not told", (t) => {
  const { shown, told, sync } = fixture(t);
  sync.receive({ view: FIRST, n: 0 });
  for (const mode of ["space", "contour"]) {
    shown.mode = mode;
    sync.checkForChange();
  }
  t.mock.timers.tick(1000);
  assert.equal(told.length, 0);
});

test("a view from before the visitor's own is out of date, the next is taken", (t) => {
  const { shown, applied, sync } = fixture(t);
  sync.receive({ view: FIRST, n: 7 });
  applied.length = 0;
  shown.mode = "space";
  sync.checkForChange();
  sync.receive({ view: { ...FIRST, strip: "gradient_norm" }, n: 7 });
  assert.deepEqual(applied, [], "the visitor has just chosen");
  t.mock.timers.tick(1000);
  sync.receive({ view: FIRST, n: 7 });
  assert.deepEqual(applied, [], "Python has not heard of it");
  sync.receive({ view: { ...FIRST, mode: "space" }, n: 1 });
  assert.deepEqual(applied, [], "they agree");
  sync.receive({ view: FIRST, n: 1 });
  assert.deepEqual(applied, ["contour"], "an undo");
});

test("what is chosen between the last frame and the sending is sent, and stays once Python agrees", (t) => {
  const { shown, applied, told, sync } = fixture(t);
  sync.receive({ view: FIRST, n: 0 });
  applied.length = 0;
  Object.assign(shown, { pace: "evaluations", over: "evaluations" });
  sync.checkForChange();
  Object.assign(shown, { pace: "steps", over: "gradients" });
  t.mock.timers.tick(1000);
  assert.deepEqual(told, [{ ...FIRST, over: "gradients" }]);
  sync.checkForChange();
  sync.receive({ view: { ...FIRST, over: "gradients" }, n: 1 });
  assert.deepEqual(applied, []);
  t.mock.timers.tick(1000);
  assert.equal(told.length, 1);
  shown.mode = "space";
  sync.checkForChange();
  shown.mode = "contour";
  t.mock.timers.tick(1000);
  assert.equal(told.length, 1, "it came back before it was sent");
});

test("what is chosen between the last frame and Python's view stays, and is told", (t) => {
  const { shown, applied, told, sync } = fixture(t);
  sync.receive({ view: FIRST, n: 0 });
  applied.length = 0;
  shown.mode = "space";
  sync.checkForChange();
  t.mock.timers.tick(1000);
  shown.strip = "gradient_norm";
  sync.receive({ view: FIRST, n: 1 });
  assert.deepEqual(applied, []);
  t.mock.timers.tick(1000);
  assert.deepEqual(told.at(-1), { ...FIRST, mode: "space", strip: "gradient_norm" });
});

test("what is applied is not told back", (t) => {
  const { told, sync } = fixture(t);
  sync.receive({ view: { ...FIRST, mode: "space", step: 12 }, n: 0 });
  sync.checkForChange();
  t.mock.timers.tick(1000);
  assert.equal(told.length, 0);
});

test("a step that is set before Python has told the view of a new scene stays, and is told", (t) => {
  for (const step of [null, 12]) { // of the new scene
    const { shown, told, sync } = fixture(t);
    sync.receive({ view: FIRST, n: 0 });
    sync.reset();
    shown.step = null; // the new scene plays
    sync.checkForChange();
    shown.step = 47;
    sync.checkForChange();
    sync.receive({ view: { ...FIRST, mode: "space", step }, n: 0 });
    sync.checkForChange();
    t.mock.timers.tick(1000);
    assert.deepEqual(told, [{ ...FIRST, mode: "space", step: 47 }]);
    t.mock.timers.reset();
  }
});

test("a step at which a new scene is opened is none that the visitor has set", (t) => {
  const { shown, told, sync } = fixture(t);
  sync.receive({ view: { ...FIRST, step: 3 }, n: 0 });
  sync.reset();
  shown.step = 200; // where the clock stands by itself
  for (let frame = 0; frame < 2; frame++) sync.checkForChange();
  sync.receive({ view: { ...FIRST, step: 12 }, n: 0 });
  sync.checkForChange();
  t.mock.timers.tick(1000);
  assert.equal(shown.step, 12);
  assert.equal(told.length, 0);
});

test("what is chosen before Python has told the view of a scene stays, and is told", (t) => {
  const { shown, told, sync } = fixture(t);
  sync.checkForChange();
  Object.assign(shown, { pace: "evaluations", over: "evaluations", arrows: ["hessian"], x: [-1, 1] }); // a window may be the landscape's own
  sync.receive({ view: { ...FIRST, mode: "space", strip: "gradient_norm", x: [0, 2] }, n: 0 });
  const expected = { ...FIRST, mode: "space", strip: "gradient_norm", pace: "evaluations", over: "evaluations", arrows: ["hessian"], x: [0, 2] };
  assert.deepEqual(shown, expected);
  sync.checkForChange();
  t.mock.timers.tick(1000);
  assert.deepEqual(told, [expected]);
  sync.receive({ view: FIRST, n: 1 });
  assert.deepEqual(shown, { ...FIRST, x: [0, 2] }, "an undo");
});
