import assert from "node:assert/strict";
import { test } from "node:test";
import { isFurther, keepBugs, keepHunt, recallBugs, recallHunt } from "../../app/bug_hunt/hunt_storage.js";

function makeStorage() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

const OPEN = { over: false, found: false, spent: 100 };
const FOUND = { over: true, found: true, spent: 150 };
const GIVEN_UP = { over: true, found: false, spent: 0 };

test("a hunt is kept by its number, and recalled", () => {
  const storage = makeStorage();
  const get = () => storage;
  assert.equal(recallHunt(get, 7), null);
  keepHunt(get, 7, OPEN);
  keepHunt(get, 8, FOUND);
  assert.deepEqual([recallHunt(get, 7), recallHunt(get, 8)], [OPEN, FOUND]);
  keepHunt(get, 7, { ...OPEN, spent: 300 });
  assert.equal(recallHunt(get, 7).spent, 300);
});

test("another tab that knows less does not make a score better", () => {
  const get = ((storage) => () => storage)(makeStorage());
  keepHunt(get, 7, OPEN);
  keepHunt(get, 7, { ...OPEN, spent: 50 });
  assert.equal(recallHunt(get, 7).spent, 100);
  keepHunt(get, 7, GIVEN_UP); // elsewhere, and the answer is known
  keepHunt(get, 7, FOUND);
  keepHunt(get, 7, { ...OPEN, spent: 900 });
  assert.deepEqual(recallHunt(get, 7), GIVEN_UP);
});

test("a check after the end is kept, since it is free", () => {
  assert.equal(isFurther(FOUND, { ...FOUND, checks: 5 }), false);
  assert.equal(isFurther("nonsense", OPEN), false);
});

test("bugs that were found add up", () => {
  const get = ((storage) => () => storage)(makeStorage());
  assert.deepEqual(recallBugs(get), []);
  keepBugs(get, ["cut_leak"]);
  keepBugs(get, ["next_class", "cut_leak"]);
  assert.deepEqual(recallBugs(get), ["cut_leak", "next_class"]);
});

test("where there is no storage, or what is in it is damaged, nothing is kept and nothing fails", () => {
  const refuse = () => {
    throw new Error("SecurityError");
  };
  keepHunt(refuse, 1, OPEN);
  assert.equal(recallHunt(refuse, 1), null);
  keepBugs(refuse, ["cut_leak"]);
  assert.deepEqual(recallBugs(refuse), []);
  assert.equal(recallHunt(() => ({ getItem: () => "{" }), 1), null);
});
