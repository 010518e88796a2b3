import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFailure, describeOutside, describeVerdict } from "../../../app/player/base/run_descriptions.js";

const labels = {
  diverged: "diverged at step {k}",
  diverged_on: "diverged from step {k} on",
  outside: "left at step {k}",
  unbounded: "fell from step {k}",
  unbounded_on: "fell from step {k} on",
  cut: "no numbers after {k}",
  drawn_on: "Drawn to {k}.",
  drawn_cut: "Drawn to {k}, the last.",
};

// kind, the step that the verdict names, iterates, whether the race goes on after them: words on the map, words added to the verdict
const table = [
  ["diverged", 37, 37, true, "SGD: diverged at step 37", ""],
  ["diverged", 37, 61, false, "SGD: diverged from step 37 on", " Drawn to 60."],
  ["diverged", 37, 49, true, "SGD: diverged from step 37 on, no numbers after 48", " Drawn to 48, the last."],
  ["unbounded", 9, 12, true, "SGD: fell from step 9 on, no numbers after 11", " Drawn to 11, the last."],
  ["outside", 9, 9, true, "SGD: left at step 9", ""],
  ["unbounded", 9, 9, true, "SGD: fell from step 9", ""],
  ["diverging", 60, 61, false, "", ""],
  ["global", 5, 61, false, "", ""],
];

for (const [kind, at, length, cut, map, added] of table)
  test(`of a run that is ${kind} from step ${at} and has ${length} iterates, map and verdict say both`, () => {
    const run = { name: "SGD", kind, lost: kind !== "global", at, length, cut, verdict: "Reason." };
    assert.equal(describeFailure(run, length - 1, length - 1, labels), map);
    assert.equal(describeFailure(run, length - 1, length - 2, labels), "");
    assert.equal(describeVerdict(run, labels), `Reason.${added}`);
  });

test("how far a head is outside is said, but never that it is 0 away", () => {
  const describe = (distance, failure = "") => describeOutside({ name: "SGD" }, failure, distance, { away: "{name}: {d} outside", away_lost: "{words}, {d} outside" });
  assert.equal(describe(12.34), "SGD: 12 outside");
  assert.equal(describe(0.00012), "SGD: 1.2·10⁻⁴ outside");
  assert.equal(describe(0), "SGD");
  assert.equal(describe(0, "diverged"), "× diverged");
  assert.equal(describe(3, "diverged"), "× diverged, 3.0 outside");
});
