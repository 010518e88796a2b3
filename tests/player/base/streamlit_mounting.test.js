import assert from "node:assert/strict";
import { test } from "node:test";
import { MountedPanels, subscribe, discard, deliver } from "../../../app/player/base/streamlit_mounting.js";

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
