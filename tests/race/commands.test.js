import assert from "node:assert/strict";
import { test } from "node:test";
import { Commands } from "../../app/race/commands.js";

// Wishes at a clock that stands still until it is told to go on; what was told of them.
function fixture(t) {
  t.mock.timers.enable({ apis: ["Date"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const told = [];
  const wishes = new Commands();
  wishes.tell = (name, value) => told.push([name, value]);
  return { wishes, told, pass: (milliseconds) => (now += milliseconds) };
}

test("no two wishes have one number, however fast they come", (t) => {
  const { wishes, told } = fixture(t);
  for (let i = 0; i < 5; i++) wishes.turn(0);
  wishes.start(1, 2, false);
  wishes.reportMissing();
  const numbers = told.map(([, value]) => value.n ?? value);
  assert.equal(new Set(numbers).size, numbers.length);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
});

test("numbers of a page that is opened later are greater", (t) => {
  const { wishes } = fixture(t);
  const last = wishes.number();
  t.mock.timers.tick(50);
  assert.ok(new Commands().number() > last);
});

test("a start that is older than the one that was sent is waited out", (t) => {
  const { wishes, pass } = fixture(t);
  assert.equal(wishes.hasNewerStart([0, 0]), false);
  assert.equal(wishes.isLastStart([0, 0]), false);
  wishes.start(1, 2, true);
  assert.equal(wishes.hasNewerStart([0, 0]), true);
  assert.equal(wishes.hasNewerStart([1, 2]), false);
  assert.equal(wishes.isLastStart([1, 2]), true);
  pass(700);
  assert.equal(wishes.hasNewerStart([0, 0]), false); // Python has had its time: what it says is how it is
});

test("an undo carries those before it, the last sixteen", (t) => {
  const { wishes, told } = fixture(t);
  wishes.undo(-1);
  wishes.undo(1);
  assert.deepEqual(told.at(-1)[1].map(({ by }) => by), [-1, 1]);
  for (let i = 0; i < 30; i++) wishes.undo(-1);
  assert.equal(told.at(-1)[1].length, 16);
  assert.equal(told[1][1].length, 2); // what was told is not changed afterwards
});

test("columns are asked for when they are others, in any order and once each", (t) => {
  const { wishes, told } = fixture(t);
  wishes.columns(["lr", "gradient"]);
  wishes.columns(["gradient", "lr", "lr"]);
  wishes.columns(["lr"]);
  assert.deepEqual(told, [["wanted", ["gradient", "lr"]], ["wanted", ["lr"]]]);
});

test("a view is told with its number, and the number is known", (t) => {
  const { wishes, told } = fixture(t);
  const n = wishes.view({ mode: "space" });
  assert.deepEqual(told, [["view", { mode: "space", n }]]);
});
