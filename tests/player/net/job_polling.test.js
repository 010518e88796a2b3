// When a page asks for news of a job: at once until there is something to show, then a few times in a second.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { JobPolling } from "../../../app/player/net/job_polling.js";

const realTimers = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
let timers, asked, polling, listeners;

beforeEach(() => {
  [timers, asked] = [new Map(), []];
  listeners = {};
  globalThis.document = globalThis.window = { addEventListener: (type, listener) => (listeners[type] = listener), removeEventListener() {} };
  globalThis.location = { origin: "http://here.example", pathname: "/training" };
  globalThis.setTimeout = (call, delay) => (timers.set(timers.size + 1, { call, delay }), timers.size);
  globalThis.clearTimeout = (timer) => timers.delete(timer);
  polling = new JobPolling();
});

afterEach(() => {
  polling.remove();
  Object.assign(globalThis, realTimers);
  delete globalThis.document;
  delete globalThis.window;
  delete globalThis.location;
});

const receive = (message) => polling.receive((name, { seen }) => asked.push([name, seen]), { job_id: "job", ...message });
const listDelays = () => [...timers.values()].map(({ delay }) => delay);

test("until something is shown the next news are asked for at once", () => {
  receive({ state: "idle", number: 0, fraction: 0 });
  receive({ state: "working", number: 1, fraction: 0 });
  assert.deepEqual(asked, [["asked", 0], ["asked", 1]]);
});

test("after news that are shown the page has a rest before it asks for more", () => {
  receive({ state: "working", number: 2, fraction: 0.1 });
  assert.deepEqual(asked, []);
  const [[timer, { call, delay }]] = timers;
  assert.ok(delay >= 100 && delay <= 200, delay);
  timers.delete(timer);
  call();
  assert.deepEqual(asked, [["asked", 2]]);
  assert.ok(listDelays()[0] > delay, "what is not answered is asked for again, later");
});

test("a question names the job and the newest version that is shown", () => {
  const sent = [];
  polling.receive((name, message) => sent.push(message), { job_id: "abc", state: "idle", number: 7, fraction: 0 });
  const [{ n, ...message }] = sent;
  assert.deepEqual(message, { job_id: "abc", seen: 7 });
});

test("a job that has ended is asked for nothing", () => {
  receive({ state: "working", number: 2, fraction: 0.1 });
  receive({ state: "done", number: 3, fraction: 1 });
  assert.deepEqual([listDelays(), asked], [[], []]);
});

const link = (address, target = "") => {
  const { origin, pathname } = new URL(address, "http://here.example/training");
  return { origin, pathname, target };
};
const click = (anchor, keys = {}) => listeners.click({ target: { closest: () => anchor }, button: 0, ...keys });

// Whether what the visitor does now is sent.
function isSent() {
  const sent = [];
  polling.receive((name) => sent.push(name), { state: "done" });
  polling.say("changed", {});
  return sent.length === 1;
}

test("on the way to another page nothing is sent, until the page is shown again", () => {
  click(link("/maps?map=basins()"));
  assert.equal(isSent(), false);
  polling.arrive();
  assert.equal(isSent(), true);
  location.pathname = "/maps";
  listeners.popstate({ type: "popstate" });
  assert.equal(isSent(), false);
});

test("a click that leaves this page open, and Back within it, keep nothing from being sent", () => {
  click(null);
  click(link("/training/?train=network()"));
  click(link("https://elsewhere.example/maps"));
  click(link("/maps", "_blank"));
  for (const key of ["ctrlKey", "metaKey", "shiftKey"]) click(link("/maps"), { [key]: true });
  click(link("/maps"), { button: 1 });
  listeners.popstate({ type: "popstate" });
  assert.equal(isSent(), true);
});
