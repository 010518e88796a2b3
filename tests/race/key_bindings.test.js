import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyActions, helpRows } from "../../app/race/key_bindings.js";

const labels = new Proxy({}, { get: (_, name) => String(name) });
const listKeys = (fixed) => helpRows(labels, { fixed }).map(([, text]) => text);

// Everything that a key can reach, and what was done to it.
function fixture() {
  const done = [];
  const spied = (name, ...methods) => Object.fromEntries(methods.map((method) => [method, (...given) => done.push([`${name}.${method}`, ...given])]));
  const clock = { playing: false, loop: false, steps: 40, ...spied("clock", "play", "pause", "stepBy", "pauseAt") };
  const landscape = { mode: "contour", activeView: spied("activeView", "reset"), ...spied("landscape", "setMode") };
  const panels = { clock, landscape, playbackBar: spied("playbackBar", "changeSpeed"), help: spied("help", "toggle") };
  const actions = spied("actions", "toggleProjector", "toggleFullScreen", "toggleFuture", "toggleRun", "undo", "explainWait", "togglePlayback", "toggleRule");
  let drawn = 0;
  const acts = createKeyActions(panels, actions, () => drawn++);
  return { clock, landscape, done, acts, drawn: () => drawn };
}

test("each key does what the list of keys says, and what moves is drawn", () => {
  const expected = {
    " ": ["actions.togglePlayback"], ArrowLeft: ["clock.stepBy", -1], ArrowRight: ["clock.stepBy", 1], Home: ["clock.pauseAt", 0], End: ["clock.pauseAt", 40],
    "+": ["playbackBar.changeSpeed", 1], "=": ["playbackBar.changeSpeed", 1], "-": ["playbackBar.changeSpeed", -1], v: ["landscape.setMode", "space"], z: ["activeView.reset"],
  };
  for (const [key, act] of Object.entries(expected)) {
    const { acts, done, drawn } = fixture();
    acts[key]();
    const isMove = /^clock|togglePlayback/.test(act[0]);
    assert.deepEqual(done, isMove ? [act, ["actions.explainWait"]] : [act], key); // a race that waits says so
    assert.equal(drawn(), 1, key);
  }
});

test("what is no matter of the picture is handed on", () => {
  const { acts, done, drawn } = fixture();
  acts.p();
  acts.f();
  acts.a();
  acts.e();
  acts["?"]();
  acts.digit(3);
  acts.undo();
  acts.redo();
  assert.deepEqual(done, [["actions.toggleProjector"], ["actions.toggleFullScreen"], ["actions.toggleFuture"], ["actions.toggleRule"], ["help.toggle"], ["actions.toggleRun", 3], ["actions.undo", -1], ["actions.undo", 1]]);
  assert.equal(drawn(), 0);
});

test("v and l go back and forth", () => {
  const { acts, clock, landscape, done } = fixture();
  landscape.mode = "space";
  acts.v();
  acts.l();
  assert.equal(clock.loop, true);
  acts.l();
  assert.equal(clock.loop, false);
  assert.deepEqual(done, [["landscape.setMode", "contour"]]);
});

test("a race that cannot be changed lists no keys that change it", () => {
  assert.deepEqual(listKeys(false).filter((text) => !listKeys(true).includes(text)), ["key_digit", "key_undo", "key_start", "key_lecture"]);
  assert.ok(listKeys(true).includes("key_play"));
});
