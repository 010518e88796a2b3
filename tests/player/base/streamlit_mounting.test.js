import assert from "node:assert/strict";
import { test } from "node:test";
import { MountedPanels, createMount, subscribe, discard, deliver } from "../../../app/player/base/streamlit_mounting.js";
import { message } from "../encode_message.js";

// Panels that write down their removal, and a place for them.
function fixture(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const removed = [];
  const panels = new MountedPanels((urls, name) => ({ root: { parentElement: null }, remove: () => removed.push(name) }));
  const makePlace = () => ({ append(root) { root.parentElement = this; } });
  return { panels, removed, makePlace };
}

test("a panel that has lost its place is removed, unless it gets another within three seconds", (t) => {
  const { panels, removed, makePlace } = fixture(t);
  const [first, second] = [makePlace(), makePlace()];
  panels.mount("race", first);
  panels.unmount(first);
  t.mock.timers.tick(2900);
  const { panel, isMoved } = panels.mount("race", second);
  assert.equal(isMoved, true);
  assert.equal(panel.root.parentElement, second);
  panels.unmount(first); // it is there no longer
  t.mock.timers.tick(10_000);
  assert.deepEqual(removed, []);
  panels.unmount(second);
  t.mock.timers.tick(3000);
  assert.deepEqual(removed, ["race"]);
  assert.notEqual(panels.mount("race", first).panel, panel);
});

test("a place that is left twice takes nothing from the panel's next place", (t) => {
  const { panels, removed, makePlace } = fixture(t);
  const [first, second] = [makePlace(), makePlace()];
  panels.mount("race", first);
  panels.unmount(first);
  panels.unmount(first);
  panels.mount("race", second);
  t.mock.timers.tick(10_000);
  assert.deepEqual(removed, []);
});

test("a panel of a laboratory gets each message with its way back, and is told when it is shown in another place", (t) => {
  const { makePlace } = fixture(t);
  const log = [];
  const polling = { arrive: () => log.push("arrived") };
  const mount = createMount(() => ({
    root: { parentElement: null }, polling, remove() {}, receive: ({ n }, tell) => (log.push(n), tell("asked", n)),
  }));
  const [first, second] = [makePlace(), makePlace()];
  const send = (parentElement, n) =>
    mount({ parentElement, data: message({ id: "map", n }, {}), setStateValue: (name, value) => log.push([name, value]) });
  send(first, 1);
  const leave = send(first, 2);
  leave();
  send(second, 3);
  assert.deepEqual(log, ["arrived", 1, ["asked", 1], 2, ["asked", 2], "arrived", 3, ["asked", 3]]);
});

test("stage and player meet whichever comes first, and a player that left is not called", () => {
  const seen = [];
  deliver("stage", "p", 1);
  const leave = subscribe("stage", "p", (stage) => seen.push(stage));
  deliver("stage", "p", 2);
  leave();
  deliver("stage", "p", 3);
  discard("stage", "p");
  subscribe("stage", "p", (stage) => seen.push(stage))();
  assert.deepEqual(seen, [1, 2]);
});
