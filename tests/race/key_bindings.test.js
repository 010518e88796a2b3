import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyActions } from "../../app/race/key_bindings.js";

// Everything that a key can reach, and what was done to it.
function fixture() {
  const done = [];
  const spied = (name, ...methods) => Object.fromEntries(methods.map((method) => [method, (...given) => done.push([`${name}.${method}`, ...given])]));
  const clock = { playing: false, loop: false, steps: 40, ...spied("clock", "play", "pause", "stepBy", "stand") };
  const views = { mode: "contour", shown: spied("shown", "reset"), ...spied("views", "choose") };
  const parts = { clock, views, transport: spied("transport", "changeSpeed"), help: spied("help", "toggle") };
  const player = spied("player", "project", "fill", "turn", "undo");
  let drawn = 0;
  const acts = createKeyActions(parts, player, () => drawn++);
  return { clock, views, done, acts, drawn: () => drawn };
}

test("each key does what the list of keys says, and what moves is drawn", () => {
  const expected = {
    " ": ["clock.play"], ArrowLeft: ["clock.stepBy", -1], ArrowRight: ["clock.stepBy", 1], Home: ["clock.stand", 0], End: ["clock.stand", 40],
    "+": ["transport.changeSpeed", 1], "=": ["transport.changeSpeed", 1], "-": ["transport.changeSpeed", -1], v: ["views.choose", "space"], z: ["shown.reset"],
  };
  for (const [key, act] of Object.entries(expected)) {
    const { acts, done, drawn } = fixture();
    acts[key]();
    assert.deepEqual(done, [act], key);
    assert.equal(drawn(), 1, key);
  }
});

test("what is no matter of the picture is handed on", () => {
  const { acts, done, drawn } = fixture();
  acts.p();
  acts.f();
  acts["?"]();
  acts.digit(3);
  acts.undo();
  acts.redo();
  assert.deepEqual(done, [["player.project"], ["player.fill"], ["help.toggle"], ["player.turn", 3], ["player.undo", -1], ["player.undo", 1]]);
  assert.equal(drawn(), 0);
});

test("space, v and l go back and forth", () => {
  const { acts, clock, views, done } = fixture();
  clock.playing = true;
  views.mode = "space";
  acts[" "]();
  acts.v();
  acts.l();
  assert.equal(clock.loop, true);
  acts.l();
  assert.equal(clock.loop, false);
  assert.deepEqual(done, [["clock.pause"], ["views.choose", "contour"]]);
});
