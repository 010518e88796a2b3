import assert from "node:assert/strict";
import { test } from "node:test";
import { MessagesToPython } from "../../app/race/messages_to_python.js";

// Wishes at a clock that stands still until it is told to go on; what was told of them.
function fixture(t) {
  t.mock.timers.enable({ apis: ["Date"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const told = [];
  const commands = new MessagesToPython();
  commands.send = (name, value) => told.push([name, value]);
  return { commands, told, pass: (milliseconds) => (now += milliseconds) };
}

test("no two commands have one number, however fast they come", (t) => {
  const { commands, told } = fixture(t);
  for (let i = 0; i < 5; i++) commands.toggleRun(0);
  commands.moveStart(1, 2, false);
  commands.reportMissing();
  const numbers = told.map(([, value]) => value.n ?? value);
  assert.equal(new Set(numbers).size, numbers.length);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
});

test("numbers of a page that is opened later are greater", (t) => {
  const { commands } = fixture(t);
  const last = commands.nextSerial();
  t.mock.timers.tick(50);
  assert.ok(new MessagesToPython().nextSerial() > last);
});

test("a start that is older than the one that was sent is waited out", (t) => {
  const { commands, pass } = fixture(t);
  assert.equal(commands.hasNewerStart([0, 0]), false);
  assert.equal(commands.isLastStart([0, 0]), false);
  commands.moveStart(1, 2, true);
  assert.equal(commands.hasNewerStart([0, 0]), true);
  assert.equal(commands.hasNewerStart([1, 2]), false);
  assert.equal(commands.isLastStart([1, 2]), true);
  pass(700);
  assert.equal(commands.hasNewerStart([0, 0]), false); // Python has had its time: what it says is how it is
});

test("an undo carries those before it, the last sixteen", (t) => {
  const { commands, told } = fixture(t);
  commands.sendUndo(-1);
  commands.sendUndo(1);
  assert.deepEqual(told.at(-1)[1].map(({ by }) => by), [-1, 1]);
  for (let i = 0; i < 30; i++) commands.sendUndo(-1);
  assert.equal(told.at(-1)[1].length, 16);
  assert.equal(told[1][1].length, 2); // what was told is not changed afterwards
});

test("columns are asked for when they are others, in any order and once each", (t) => {
  const { commands, told } = fixture(t);
  commands.requestColumns(["lr", "gradient"]);
  commands.requestColumns(["gradient", "lr", "lr"]);
  commands.requestColumns(["lr"]);
  assert.deepEqual(told, [["wanted", ["gradient", "lr"]], ["wanted", ["lr"]]]);
});

test("a view is told with its number, and the number is known", (t) => {
  const { commands, told } = fixture(t);
  const n = commands.sendView({ mode: "space" });
  assert.deepEqual(told, [["view", { mode: "space", n }]]);
});
