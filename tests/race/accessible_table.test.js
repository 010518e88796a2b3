import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNumber } from "../../app/player/base/number_format.js";
import { AccessibleTable, listTableSteps, summarizeRace } from "../../app/race/accessible_table.js";
import { RaceCommentary } from "../../app/race/race_commentary.js";

const labels = {
  summary: "{surface}: step {k} of {n}; runs: {runs}.",
  summary_empty: "{surface}: {n} steps and no run.",
  summary_leader: "{leader} leads with loss {loss}.",
  summary_run: "{run}: loss {loss} at step {k}.",
  summary_ended: "{run}: {verdict}",
};

// Numbers between 0 and 1 from a seed (Park and Miller).
const chance = (seed) => () => (seed = (seed * 16807) % 2147483647) / 2147483647;

function scene(seed) {
  const next = chance(seed);
  const steps = 2 + Math.floor(40 * next());
  const runs = Array.from({ length: Math.floor(6 * next()) }, (_, i) => {
    const length = next() < 0.3 ? 1 + Math.floor(steps * next()) : steps + 1;
    const loss = Float32Array.from({ length }, () => 10 ** (6 * next() - 3));
    return { name: `run ${i}`, detail: `lr ${i}`, kind: length > steps ? "running" : "diverged", lost: length <= steps, verdict: `verdict ${i}.`, length, columns: { loss } };
  });
  return { scene: { surface: "Ravine", steps }, runs, places: runs.map(() => Math.floor((steps + 1) * next())) };
}

test("in fifty random scenes the summary says the numbers that are so", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { scene: shown, runs, places } = scene(seed);
    const text = summarizeRace(shown, runs, places, labels);
    if (!runs.length) {
      assert.equal(text, `Ravine: ${shown.steps} steps and no run.`);
      continue;
    }
    // The slow truth: who is still racing, and which of them is strictly lowest.
    const racing = runs.map((run, i) => ({ run, loss: run.columns.loss[places[i]] })).filter(({ run, loss }) => loss !== undefined && run.kind !== "diverged");
    const least = Math.min(...racing.map(({ loss }) => loss));
    const leaders = racing.filter(({ loss }) => loss === least);
    const said = /\. (run \d) leads with loss (\S+)\./.exec(text);
    if (leaders.length === 1 && runs.length > 1 && places.some(Boolean)) assert.deepEqual([said[1], said[2]], [leaders[0].run.name, formatNumber(least)]);
    else assert.equal(said, null);
    runs.forEach((run, i) => {
      const ended = places[i] >= run.length - 1;
      assert.ok(text.includes(ended ? `${run.name}: ${run.verdict}` : `${run.name}: loss ${formatNumber(run.columns.loss[places[i]])} at step ${places[i]}.`), text);
    });
    assert.ok(text.startsWith(`Ravine: step ${Math.max(...runs.map((run, i) => Math.min(places[i], run.length - 1)))} of ${shown.steps}; runs: ${runs.length}.`));
  }
});

test("between sentences in Chinese there is no space", () => {
  const run = (name, loss) => ({ name, detail: "lr 0.1", kind: "running", verdict: "", length: 3, columns: { loss: Float32Array.from([9, loss, loss]) } });
  const chinese = { summary: "{surface}。", summary_leader: "{leader}领先。", summary_run: "{run}。" };
  globalThis.document = { documentElement: { lang: "zh" } };
  const text = summarizeRace({ surface: "峡谷", steps: 2 }, [run("动量法", 4), run("SGD", 5)], [1, 1], chinese);
  delete globalThis.document;
  assert.equal(text, "峡谷。动量法领先。动量法。SGD。");
});

test("runs of one name are told apart by their settings", () => {
  const run = (detail, loss) => ({ name: "SGD", detail, kind: "running", verdict: "", length: 3, columns: { loss: Float32Array.from([9, loss, loss]) } });
  const text = summarizeRace({ surface: "Ravine", steps: 2 }, [run("lr 0.1", 4), run("lr 0.2", 5)], [1, 1], labels);
  assert.ok(text.includes("SGD, lr 0.1: loss 4.00 at step 1.") && text.includes("SGD, lr 0.2: loss 5.00 at step 1."), text);
});

test("the table of words has the last step, and in suspense none that was not shown", () => {
  assert.deepEqual(listTableSteps(48, [7.5], null).slice(-2), [46, 48]);
  assert.ok(listTableSteps(48, [7.5], null).includes(7));
  assert.deepEqual(listTableSteps(48, [7.5], [9.5]), [0, 2, 4, 6, 7, 8]);
  assert.deepEqual(listTableSteps(48, [0], [0]), [0]);
});

test("in suspense the summary of a race under way has no verdict", () => {
  const run = { name: "SGD", detail: "", kind: "global", verdict: "Reached it at step 1.", at: 1, length: 9, columns: { loss: Float32Array.from(Array(9).fill(1)) } };
  assert.ok(!summarizeRace({ surface: "Ravine", steps: 8 }, [run], [7], labels).includes("Reached"));
  assert.ok(summarizeRace({ surface: "Ravine", steps: 8 }, [run], [8], labels).includes("Reached"));
});

test("what is due to be said while the race becomes another one waits for the steps of its runs", () => {
  const run = (name) => ({ name, detail: "", kind: "running", verdict: "", length: 3, columns: { loss: Float32Array.from([9, 4, 2]) } });
  const four = ["a", "b", "c", "d"].map(run);
  const table = Object.create(AccessibleTable.prototype);
  Object.assign(table, { labels, details: { open: false }, liveRegion: { textContent: "" }, commentary: new RaceCommentary() });
  table.set({ surface: "Ravine", steps: 2 }, four);
  table.draw([1, 1, 1, 1], 0);
  const said = table.liveRegion.textContent;
  assert.ok(said.startsWith("Ravine: step 1 of 2; runs: 4."), said);
  table.announcedAt = -1e6; // long ago
  table.set({ surface: "Bowl", steps: 2 }, four.slice(0, 2));
  table.finishAnnouncing();
  assert.equal(table.liveRegion.textContent, said);
  table.draw([0, 0], 5000);
  assert.ok(table.liveRegion.textContent.startsWith("Bowl: step 0 of 2; runs: 2."), table.liveRegion.textContent);
});
