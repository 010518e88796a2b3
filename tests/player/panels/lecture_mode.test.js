import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaylistNavigator } from "../../../app/player/panels/lecture_mode.js";

const at = (place, question = "") => ({ on: true, place, places: 4, question, shown: !question });

// An navigator at a place, what it sent, and how often it let the race run.
function fixture(told) {
  const sent = [];
  const navigator = new PlaylistNavigator((name, value) => sent.push([name, value]), () => sent.push(["start"]));
  navigator.set(told);
  return { navigator, sent };
}

test("next and previous go through the playlist, and stop at its ends", () => {
  const { navigator, sent } = fixture(at(0));
  navigator.requestMove(-1);
  assert.deepEqual(sent, []);
  navigator.requestMove(1);
  navigator.set(at(1));
  navigator.requestMove(-1);
  navigator.set(at(0));
  assert.deepEqual(sent.splice(0), [["place", 1], ["place", 0]]);
  navigator.set(at(3));
  navigator.requestMove(1);
  assert.deepEqual(sent, []);
});

test("a press while the page of the next scene is on its way counts there, and nothing is left over on the way back", () => {
  const sent = [];
  const pending = { expectedAnswer: null, since: 0, queuedMoves: [] };
  const [race, check] = [0, 1].map(() => new PlaylistNavigator((name, value) => sent.push([name, value]), () => {}, pending));
  race.set(at(0));
  race.requestMove(1);
  race.requestMove(1);
  assert.deepEqual(sent.splice(0), [["place", 1]]);
  check.set(at(1));
  check.set(at(2));
  assert.deepEqual(sent.splice(0), [["place", 2]]);
  check.requestMove(-1);
  check.set(at(1));
  check.requestMove(-1);
  race.set(at(0));
  race.requestMove(1);
  assert.deepEqual(sent, [["place", 1], ["place", 0], ["place", 1]]);
});

test("the first press on a scene that waits reveals it, the second goes on", () => {
  const { navigator, sent } = fixture(at(1, "Which?"));
  assert.equal(navigator.hasOpenQuestion, true);
  navigator.requestMove(1);
  navigator.set(at(1));
  navigator.requestMove(1);
  assert.deepEqual(sent, [["revealed", 1], ["place", 2]]);
});

test("the first press on a scene that nobody has seen lets it run, and that is said once", () => {
  const { navigator, sent } = fixture({ ...at(1), shown: false });
  navigator.requestMove(1);
  navigator.markShown();
  navigator.markShown();
  navigator.requestMove(1);
  assert.deepEqual(sent, [["start"], ["revealed", 1], ["place", 2]]);
  const waiting = fixture(at(1, "Which?"));
  waiting.navigator.markShown();
  assert.deepEqual(waiting.sent, [], "the question is still open");
});

test("the same state once more does not take back that a scene has been seen", () => {
  const unseen = { ...at(1), shown: false };
  const { navigator } = fixture(unseen);
  navigator.markShown();
  navigator.set(unseen);
  assert.ok(!navigator.isAwaited);
  navigator.set({ ...unseen });
  assert.ok(navigator.isAwaited, "another message");
});

test("back from a scene that waits is back", () => {
  const { navigator, sent } = fixture(at(1, "Which?"));
  navigator.requestMove(-1);
  assert.deepEqual(sent, [["place", 0]]);
});

test("keys that come before the answer wait for it, and mean what they mean there", () => {
  const { navigator, sent } = fixture(at(0));
  for (let press = 0; press < 4; press++) navigator.requestMove(1);
  assert.deepEqual(sent, [["place", 1]]);
  navigator.set(at(0));
  assert.deepEqual(sent, [["place", 1]], "the theme may have changed; this is no answer");
  navigator.set(at(1));
  navigator.set(at(2, "Which?"));
  navigator.set(at(2));
  assert.deepEqual(sent, [["place", 1], ["place", 2], ["revealed", 2], ["place", 3]]);
});

test("an answer that does not come is not waited for for ever", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const { navigator, sent } = fixture(at(0));
  navigator.requestMove(1);
  navigator.requestMove(1);
  now = 4000;
  navigator.requestMove(1);
  navigator.set(at(1));
  assert.deepEqual(sent, [["place", 1], ["place", 1]], "and what was pressed meanwhile is forgotten");
});

test("only what waits is revealed, and only where there is a lecture is it turned on", () => {
  const { navigator, sent } = fixture(at(0));
  navigator.reveal();
  assert.deepEqual(sent, []);
  navigator.toggleMode();
  navigator.set({ ...at(0), on: false });
  navigator.toggleMode();
  navigator.set(undefined);
  navigator.toggleMode();
  assert.deepEqual(sent, [["lecture", 0], ["lecture", 1]]);
});
