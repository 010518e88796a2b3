import assert from "node:assert/strict";
import { test } from "node:test";
import { buildCurves, sortByMedian, findLeaders, findBetterShared, findCommonRange, findCostRange, findLowestEnd, endsHigher, chooseMarkerIndices } from "../../../app/maps/fair_race/curve_data_and_ranking.js";

const ARRAYS = {
  tuned0_loss: Float32Array.of(8, 2, 0), tuned0_evaluations: Float32Array.of(0, 3, 9),
  tuned2_loss: Float32Array.of(8, 1e30), tuned2_evaluations: Float32Array.of(0, 1),
};

test("curves are by steps or evaluations, with gaps where a log scale has no place", () => {
  assert.deepEqual(buildCurves(ARRAYS, 3, "tuned", "steps"), [{ x: [0, 1, 2], y: [8, 2, null] }, { x: [0, 1], y: [8, Math.fround(1e30)] }]);
  assert.deepEqual(buildCurves(ARRAYS, 3, "tuned", "evaluations").map(({ x }) => x), [[0, 3, 9], [0, 1]]);
  assert.deepEqual(buildCurves(ARRAYS, 3, "shared", "steps"), []);
});

test("the scale holds all that did not diverge, and stays finite", () => {
  const curves = buildCurves(ARRAYS, 3, "tuned", "evaluations");
  assert.deepEqual(findCommonRange(curves), { right: 9, low: 1, high: 80 });
  assert.ok(Object.values(findCommonRange([])).every(Number.isFinite));
  assert.equal(findCommonRange([{ x: [0, 1], y: [1, 1e-300] }]).low, 1e-13 / 2);
  assert.deepEqual(curves.map(endsHigher), [false, true]);
});

test("runs are in the order of their medians; those that never arrive last, by rank", () => {
  const run = (median, rank) => ({ steps: { spread: [0, 0, median, 0, 0], rank: [rank, 0] } });
  assert.deepEqual(sortByMedian([run(null, 3.5), run(20, 2), run(null, 3), run(5, 1)], "steps"), [3, 1, 2, 0]);
});

test("markers stand on the curve", () => {
  assert.deepEqual(chooseMarkerIndices(101), [25, 50, 75, 100]);
  assert.deepEqual(chooseMarkerIndices(1), [0]);
  assert.deepEqual(chooseMarkerIndices(0), []);
});

test("first is who is first by more than the errors of the ranks", () => {
  const ranked = (...ranks) => ranks.map((rank) => ({ steps: { rank, arrived: 7 } }));
  assert.deepEqual(findLeaders(ranked([2, 0.1], [1.2, 0.1], [2.8, 0.1]), "steps"), [1]);
  assert.deepEqual(findLeaders(ranked([1.5, 0.1], [1.35, 0.1], [3, 0.1]), "steps"), [1, 0]);
  assert.deepEqual(findLeaders(ranked([1, 0]), "steps"), [0]);
  const unarrived = ranked([1.5, 0], [1.5, 0]).map(({ steps }) => ({ steps: { ...steps, arrived: 0 } }));
  assert.deepEqual(findLeaders(unarrived, "steps"), []);
});

test("who ends lower at one learning rate than tuned is found, but not who ends as low", () => {
  const ends = (...y) => y.map((v) => ({ x: [0, 1], y: [5, v] }));
  assert.deepEqual(findBetterShared(ends(1, 1, 1, null, 1e-3), ends(0.5, 0.95, 2, 1, null)), [0, 4]);
  assert.deepEqual(findBetterShared(ends(1), []), []);
});

test("the axis of costs holds the starts that arrive, not those that never do", () => {
  const [low, high] = findCostRange([10, 20, -1]);
  assert.ok(low < 10 && low > 5 && high > 20 && high < 40);
  assert.ok(findCostRange([-1, -1]).every((end) => end > 0 && end < 10));
});

test("one run may end visibly lowest; of two at the same loss none does", () => {
  const curve = (...y) => ({ x: y.map((_, i) => i), y });
  assert.equal(findLowestEnd([curve(8, 1), curve(8, 1e-6), curve(8, 2)]), 1);
  assert.equal(findLowestEnd([curve(8, 1e-9), curve(8, null)]), 1); // exact
  assert.equal(findLowestEnd([curve(8, 1), curve(8, 1.01)]), null);
  assert.equal(findLowestEnd([curve(8, 1)]), null);
});
