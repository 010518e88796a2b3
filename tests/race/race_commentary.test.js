import assert from "node:assert/strict";
import { test } from "node:test";
import { RaceCommentary } from "../../app/race/race_commentary.js";

const labels = { summary_begins: "The race begins: {surface}, {n} steps, with {runs}.", summary_leader: "{leader} leads with loss {loss}." };
const STEPS = 80;

const makeRun = (colour, name, lossAt, detail = "") => ({ colour, name, detail, lost: false, length: STEPS + 1, columns: { loss: Float32Array.from({ length: STEPS + 1 }, (_, k) => lossAt(k)) } });

// All that is said while a race plays in `seconds`, 50 frames a second.
function listen(runs, seconds) {
  const commentary = new RaceCommentary();
  const said = [];
  for (let frame = 0; frame <= 50 * seconds; frame++) {
    const k = Math.floor((STEPS * frame) / (50 * seconds));
    const sentence = commentary.next({ scene: { surface: "Ravine", steps: STEPS }, runs, labels }, runs.map(() => k), true, 20 * frame);
    if (sentence) said.push([frame / 50, sentence]);
  }
  return said;
}

test("a race that plays is announced at its start and where another run leads", () => {
  const runs = [makeRun(0, "Adam", (k) => 9 - k / 10), makeRun(1, "Newton", (k) => (k < 60 ? 10 : 0.5))];
  const said = listen(runs, 8);
  assert.deepEqual(said.map(([, sentence]) => sentence), ["The race begins: Ravine, 80 steps, with Adam and Newton.", "Adam leads with loss 5.00.", "Newton leads with loss 0.500."]);
});

test("a race without runs is not announced", () => assert.deepEqual(listen([], 2), []));

test("runs that lead in turn are not named oftener than every few seconds", () => {
  const runs = [makeRun(0, "Adam", (k) => 2 + (k % 2)), makeRun(1, "Newton", (k) => 3 - (k % 2))];
  const times = listen(runs, 20).map(([time]) => time);
  assert.ok(times.length > 2 && times.length <= 6, String(times));
  times.slice(1).forEach((time, i) => assert.ok(time - times[i] >= 3, String(times))); // seconds: time to hear a sentence
});

test("nothing is said where the race stands, and a race that goes on does not begin again", () => {
  const commentary = new RaceCommentary();
  const race = { scene: { surface: "Ravine", steps: STEPS }, runs: [makeRun(0, "Adam", () => 1)], labels };
  assert.equal(commentary.next(race, [0], false, 0), null);
  assert.match(commentary.next(race, [0], true, 10), /begins/);
  assert.equal(commentary.next(race, [5], false, 20), null);
  assert.equal(commentary.next(race, [5], true, 30), null);
});

test("a race begins also where its first picture comes steps later, and where it is sent back from its end", () => {
  const race = { scene: { surface: "Ravine", steps: STEPS }, runs: [makeRun(0, "Adam", () => 1)], labels };
  const commentary = new RaceCommentary();
  assert.equal(commentary.next(race, [0], false, 0), null);
  assert.match(commentary.next(race, [3], true, 120), /begins/);
  assert.equal(commentary.next(race, [STEPS], false, 5000), null);
  assert.match(commentary.next(race, [2], true, 5100), /begins/);
});
