import assert from "node:assert/strict";
import { test } from "node:test";
import { RunSocket } from "../../../app/player/net/run_socket.js";

const DIGESTED = (digest, text) => new TextEncoder().encode(digest.padEnd(16, "0") + text).buffer;
const digest = (name) => name.padEnd(16, "0");

// A feed with a socket to speak through; what it took and how often it asked.
function fixture(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const sockets = [];
  globalThis.WebSocket = class {
    constructor(url) {
      this.url = String(url);
      sockets.push(this);
    }
    close() {
      this.closed = true;
      this.onclose?.();
    }
  };
  const taken = [];
  const asked = [];
  const feed = new RunSocket("https://lab.example/base/", (bytes) => (taken.push(new TextDecoder().decode(bytes)), !taken.at(-1).startsWith("nonsense")), () => asked.push(1));
  return { feed, sockets, taken, asked };
}

test("runs are taken without their digest, from a secure socket where the page is secure", (t) => {
  const { feed, sockets, taken } = fixture(t);
  feed.open("player/feed/abc");
  feed.open("player/feed/abc");
  assert.deepEqual(sockets.map(({ url }) => url), ["wss://lab.example/base/player/feed/abc"]);
  sockets[0].onmessage({ data: DIGESTED("m1", "runs") });
  sockets[0].onmessage({ data: "text" });
  sockets[0].onmessage({ data: new ArrayBuffer(3) });
  assert.deepEqual(taken, ["runs"]);
});

test("runs that do not come are asked for once, those that came are not", (t) => {
  const { feed, sockets, asked } = fixture(t);
  feed.open("player/feed/abc");
  sockets[0].onmessage({ data: DIGESTED("m1", "runs") });
  feed.expect(digest("m1"));
  t.mock.timers.tick(5000);
  assert.equal(asked.length, 0, "they were there before");
  feed.expect(digest("m2"));
  sockets[0].onmessage({ data: DIGESTED("m2", "runs") });
  t.mock.timers.tick(5000);
  assert.equal(asked.length, 0, "they came after");
  feed.expect(digest("m3"));
  t.mock.timers.tick(5000);
  assert.equal(asked.length, 1);
  sockets[0].onmessage({ data: DIGESTED("m4", "nonsense") });
  feed.expect(digest("m4"));
  t.mock.timers.tick(5000);
  assert.equal(asked.length, 2, "they could not be read");
  feed.expect(digest("m5"));
  feed.cancelExpected();
  t.mock.timers.tick(5000);
  assert.equal(asked.length, 2, "Streamlit brought them");
});

test("a player that has no feed yet asks at once", (t) => {
  const { feed, asked } = fixture(t);
  feed.expect(digest("m1"));
  t.mock.timers.tick(0);
  assert.equal(asked.length, 1);
});

test("a lost connection is tried again, less and less often, a closed one is not", (t) => {
  const { feed, sockets } = fixture(t);
  feed.open("player/feed/abc");
  sockets[0].onclose();
  t.mock.timers.tick(999);
  assert.equal(sockets.length, 1);
  t.mock.timers.tick(1);
  assert.equal(sockets.length, 2);
  sockets[1].onclose();
  t.mock.timers.tick(1999);
  assert.equal(sockets.length, 2);
  t.mock.timers.tick(1);
  assert.equal(sockets.length, 3);
  sockets[2].onopen();
  sockets[2].onclose();
  t.mock.timers.tick(1000);
  assert.equal(sockets.length, 4, "it was open: patience begins anew");
  feed.close();
  t.mock.timers.tick(60_000);
  assert.equal(sockets.length, 4);
});

test("another token is another connection, and the old one says nothing any more", (t) => {
  const { feed, sockets, taken } = fixture(t);
  feed.open("player/feed/old");
  feed.open("player/feed/new");
  assert.ok(sockets[0].closed);
  sockets[0].onmessage({ data: DIGESTED("m1", "old") });
  sockets[1].onmessage({ data: DIGESTED("m2", "new") });
  assert.deepEqual(taken, ["new"]);
  t.mock.timers.tick(60_000);
  assert.equal(sockets.length, 2);
});

test("a text is an answer; one is sent while there is a connection, and whoever waits is told of a new one", (t) => {
  const { feed, sockets } = fixture(t);
  globalThis.WebSocket.CONNECTING = 0;
  globalThis.WebSocket.OPEN = 1;
  const heard = [];
  Object.assign(feed, { onText: (text) => heard.push(text), onOpen: () => heard.push("open") });
  assert.ok(!feed.sendText("early") && !feed.isExpectedToAnswer);
  feed.open("player/feed/abc");
  const sent = [];
  Object.assign(sockets[0], { readyState: 0, send: (text) => sent.push(text) });
  assert.ok(!feed.sendText("early") && feed.isExpectedToAnswer);
  sockets[0].readyState = 1;
  sockets[0].onopen();
  assert.ok(feed.sendText("question"));
  sockets[0].onmessage({ data: "answer" });
  assert.deepEqual([heard, sent], [["open", "answer"], ["question"]]);
  sockets[0].readyState = 3;
  assert.ok(!feed.sendText("late") && !feed.isExpectedToAnswer);
});
