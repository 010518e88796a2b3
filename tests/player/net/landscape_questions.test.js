import assert from "node:assert/strict";
import { test } from "node:test";
import { LandscapeQuestions } from "../../../app/player/net/landscape_questions.js";

// Questions, what was sent of them, and a way to answer the last.
function fixture(t, isConnected = true) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  const line = { isConnected };
  const questions = new LandscapeQuestions((text) => line.isConnected && sent.push(JSON.parse(text)) > 0);
  questions.setSurface("s");
  const answer = (content, n = sent.at(-1).n, surface = "s") => questions.receive(JSON.stringify({ n, surface, ...content }));
  return { questions, sent, line, answer };
}

test("one question of a kind is on its way, the newest waits, and those between are never asked", (t) => {
  const { questions, sent, answer } = fixture(t);
  const taken = [];
  for (const value of [1, 2, 3]) questions.ask("window", value, (piece) => taken.push(piece));
  questions.ask("place", "here", (value) => taken.push(value));
  assert.deepEqual(sent.map(({ window, place }) => window ?? place), [1, "here"]);
  answer({ place: "value" });
  answer({ window: "of 1" }, sent[0].n);
  assert.deepEqual(taken, ["value"], "a newer one was asked before this answer");
  assert.equal(sent.at(-1).window, 3);
  answer({ window: "of 3" });
  assert.deepEqual(taken, ["value", "of 3"]);
});

test("answers to another question, about another surface or to one that was withdrawn are dropped", (t) => {
  const { questions, sent, answer } = fixture(t);
  const taken = [];
  questions.ask("window", 1, (piece) => taken.push(piece));
  answer({ window: "old" }, 99);
  answer({ window: "of another surface" }, sent[0].n, "other");
  questions.ask("window", 2, (piece) => taken.push(piece));
  questions.cancel("window");
  answer({ window: "withdrawn" });
  questions.ask("window", 3, (piece) => taken.push(piece));
  questions.setSurface("other");
  answer({ window: "before the change" });
  assert.deepEqual(taken, []);
});

test("a question waits for a connection, and is not waited for without end", (t) => {
  const { questions, sent, line, answer } = fixture(t, false);
  const taken = [];
  questions.ask("window", 1, (piece) => taken.push(piece));
  assert.equal(sent.length, 0);
  line.isConnected = true;
  questions.reconnect();
  answer({ window: "piece" });
  questions.ask("window", 2, (piece) => taken.push(piece));
  t.mock.timers.tick(10_000);
  assert.deepEqual(taken, ["piece", null], "no answer is said, too");
  questions.ask("window", 3, (piece) => taken.push(piece));
  answer({ window: "again" });
  assert.equal(taken.at(-1), "again");
});

test("what the last connection has not answered is asked by the next one, unless it is not wanted or a newer question waits", (t) => {
  const { questions, sent, line, answer } = fixture(t);
  const taken = [];
  questions.ask("window", 1, (piece) => taken.push(piece));
  questions.ask("place", "here", (value) => taken.push(value));
  questions.cancel("place");
  line.isConnected = false;
  questions.reconnect(); // and it is gone again at once
  line.isConnected = true;
  questions.reconnect();
  assert.deepEqual(sent.map(({ window, place }) => window ?? place), [1, "here", 1]);
  questions.ask("window", 2, (piece) => taken.push(piece));
  questions.reconnect();
  assert.equal(sent.at(-1).window, 2);
  answer({ window: "of 2" });
  t.mock.timers.tick(10_000);
  assert.deepEqual(taken, ["of 2"]);
});
