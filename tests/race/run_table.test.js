import assert from "node:assert/strict";
import { test } from "node:test";
import { findLeader } from "../../app/race/run_table.js";

test("the leader has the lowest loss now; nobody leads a tie, and no run that is over", () => {
  const run = (...loss) => ({ columns: { loss } });
  const [a, b] = [run(3, 2, 1), run(3, 1)];
  assert.equal(findLeader([a, b], [0, 0]), null);
  assert.equal(findLeader([a, b], [1, 1]), b);
  assert.equal(findLeader([a, b], [2, 2]), a);
  assert.equal(findLeader([a, run(4, 3, 2)], [0, 0]), null, "before the start");
  assert.equal(findLeader([a], [1]), null, "alone");
  assert.equal(findLeader([], []), null);
});

const STEPS = 80;

const makeRun = (colour, name, lossAt, detail = "") => ({ colour, name, detail, lost: false, length: STEPS + 1, columns: { loss: Float32Array.from({ length: STEPS + 1 }, (_, k) => lossAt(k)) } });

test("nobody leads before the start, nor alone", () => {
  const [adam, newton] = [makeRun(0, "Adam", () => 1), makeRun(1, "Newton", () => 2)];
  assert.equal(findLeader([adam, newton], [0, 0]), null);
  assert.equal(findLeader([adam], [5]), null);
  assert.equal(findLeader([adam, newton], [5, 5]), adam);
});
