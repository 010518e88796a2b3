import assert from "node:assert/strict";
import { test } from "node:test";
import { leaveLesson, markLesson } from "../../../app/player/base/explanation_after_playback.js";

test("a lesson is told from the end of its picture on, also beside its other scenes, and what it hides comes back with it", () => {
  const classes = new Set();
  const classList = { toggle: (name, isOn) => (isOn ? classes.add(name) : classes.delete(name)), remove: (name) => classes.delete(name) };
  globalThis.document = { documentElement: { classList } };
  const isUntold = () => classes.has("descent-untold");
  markLesson("heart", true, true);
  assert.ok(isUntold(), "it waits for the prediction");
  markLesson("heart", false, false);
  assert.ok(isUntold());
  markLesson("heart", false, true);
  markLesson("heart", false, false); // another of its scenes
  assert.ok(!isUntold());
  markLesson("other", false, false);
  leaveLesson("heart");
  assert.ok(isUntold(), "another lesson is on the page");
  leaveLesson("other");
  assert.ok(!isUntold(), "no other page is hidden by it");
  delete globalThis.document;
});
