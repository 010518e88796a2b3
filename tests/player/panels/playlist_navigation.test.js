import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaylistNavigator } from "../../../app/player/panels/playlist_navigation.js";

const at = (place, question = "") => ({ on: true, place, places: 4, question });

// An agenda at a place, and what it wished.
function fixture(told) {
  const wished = [];
  const agenda = new PlaylistNavigator((name, value) => wished.push([name, value]));
  agenda.set(told);
  return { agenda, wished };
}

test("next and previous go through the playlist, and stop at its ends", () => {
  const { agenda, wished } = fixture(at(0));
  agenda.press(-1);
  assert.deepEqual(wished, []);
  agenda.press(1);
  agenda.set(at(1));
  agenda.press(-1);
  agenda.set(at(0));
  assert.deepEqual(wished.splice(0), [["place", 1], ["place", 0]]);
  agenda.set(at(3));
  agenda.press(1);
  assert.deepEqual(wished, []);
});

test("the first press on a scene that waits reveals it, the second goes on", () => {
  const { agenda, wished } = fixture(at(1, "Which?"));
  assert.equal(agenda.waiting, true);
  agenda.press(1);
  agenda.set(at(1));
  agenda.press(1);
  assert.deepEqual(wished, [["revealed", 1], ["place", 2]]);
});

test("back from a scene that waits is back", () => {
  const { agenda, wished } = fixture(at(1, "Which?"));
  agenda.press(-1);
  assert.deepEqual(wished, [["place", 0]]);
});

test("keys that come before the answer wait for it, and mean what they mean there", () => {
  const { agenda, wished } = fixture(at(0));
  for (let press = 0; press < 4; press++) agenda.press(1);
  assert.deepEqual(wished, [["place", 1]]);
  agenda.set(at(0));
  assert.deepEqual(wished, [["place", 1]], "the theme may have changed; this is no answer");
  agenda.set(at(1));
  agenda.set(at(2, "Which?"));
  agenda.set(at(2));
  assert.deepEqual(wished, [["place", 1], ["place", 2], ["revealed", 2], ["place", 3]]);
});

test("an answer that does not come is not waited for for ever", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const { agenda, wished } = fixture(at(0));
  agenda.press(1);
  agenda.press(1);
  now = 4000;
  agenda.press(1);
  agenda.set(at(1));
  assert.deepEqual(wished, [["place", 1], ["place", 1]], "and what was pressed meanwhile is forgotten");
});

test("only what waits is revealed, and only where there is a lecture is it turned on", () => {
  const { agenda, wished } = fixture(at(0));
  agenda.reveal();
  assert.deepEqual(wished, []);
  agenda.turn();
  agenda.set({ ...at(0), on: false });
  agenda.turn();
  agenda.set(undefined);
  agenda.turn();
  assert.deepEqual(wished, [["lecture", 0], ["lecture", 1]]);
});
