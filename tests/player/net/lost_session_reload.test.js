import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionWatcher } from "../../../app/player/net/lost_session_reload.js";

const TOLD = { token: "t", path: "player/session/t", kept: { now: [[0]] } };

// A visit whose server says what `server.says`: true, false, or an error; and what becomes of it.
function fixture(t, { state = {}, age = 120_000 } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let now = age;
  t.mock.method(performance, "now", () => now);
  const server = { says: true, asked: 0 };
  globalThis.fetch = async (url) => {
    server.asked += 1;
    server.url = url;
    if (server.says instanceof Error) throw server.says;
    return { json: async () => server.says };
  };
  const reloads = [];
  const history = { state, replaceState: (next) => (history.state = structuredClone(next)) };
  const words = { away: "away", gone: "gone", again: "again" };
  const window = { __descentLoad: { words }, history, document: { querySelector: () => null }, location: { href: "https://lab.example/", reload: () => reloads.push(history.state.descent) } };
  const visit = new SessionWatcher(window);
  visit.loadedAt = 0;
  visit.addListeners = () => {};
  const said = [];
  const banner = { show: (words, button, act) => said.push(Object.assign({ words }, act && { act })), hide: () => said.push({ words: "" }) };
  const take = (told) => {
    const first = visit.token === null;
    if (first) {
      Object.assign(visit, told, { base: "https://lab.example/", banner });
    } else visit.take(told, "https://lab.example/", () => {});
  };
  take(TOLD);
  const pass = async (ms) => {
    for (let left = ms; left > 0; left -= 100) {
      now += 100;
      t.mock.timers.tick(100);
      for (let i = 0; i < 8; i += 1) await null;
    }
  };
  return { visit, server, reloads, said, take, pass, window };
}

test("a cut that is short costs nothing, one that is longer is said until it is over", async (t) => {
  const { visit, server, reloads, said, pass } = fixture(t);
  server.says = new Error("refused");
  visit.onConnectionChange(true);
  await pass(300);
  assert.deepEqual(said, []);
  await pass(3000);
  assert.equal(said.at(-1).words, "away");
  server.says = { session: true };
  await pass(2000);
  assert.equal(said.at(-1).words, "away", "the server is back, Streamlit is not connected yet");
  visit.onConnectionChange(false);
  await pass(100);
  assert.equal(said.at(-1).words, "");
  const { asked } = server;
  await pass(60_000);
  assert.equal(server.asked, asked, "nobody is asked without need");
  assert.equal(reloads.length, 0);
  assert.equal(server.url, "https://lab.example/player/session/t");
});

test("a server that does not know the visit any more is noticed within about a second, with all that is kept", async (t) => {
  const { visit, server, reloads, pass } = fixture(t);
  let flushed = 0;
  visit.setPlaybackHooks({ measure: () => ({ position: 4.5 }), flush: () => (flushed += 1) });
  server.says = new Error("refused");
  visit.onConnectionChange(true);
  await pass(60_000);
  assert.equal(reloads.length, 0);
  server.says = { session: false };
  await pass(1100);
  assert.equal(reloads.length, 1);
  assert.deepEqual(reloads[0].player, { position: 4.5 });
  assert.deepEqual(reloads[0].kept, TOLD.kept);
  assert.equal(flushed, 1);
  await pass(10_000);
  assert.equal(reloads.length, 1);
});

test("what something else answers in the server's place is no answer", async (t) => {
  const { visit, server, reloads, pass } = fixture(t);
  visit.onConnectionChange(true);
  for (const nonsense of [{}, { session: "no" }, null, [], { detail: "Not Found" }, { session: 0 }]) {
    server.says = nonsense;
    await pass(2000);
  }
  assert.equal(reloads.length, 0);
});

test("another session in the place of the first: the page goes on with what it had when it was connected", async (t) => {
  const { visit, server, reloads, take, pass } = fixture(t);
  let position = 7;
  visit.setPlaybackHooks({ measure: () => ({ position }), flush: () => {} });
  server.says = new Error("late");
  visit.onConnectionChange(true);
  visit.onConnectionChange(false);
  position = 0; // the new session's scene has begun anew
  take({ ...TOLD, token: "other", kept: { now: [[1]] } });
  await pass(100);
  assert.deepEqual(reloads.map(({ player, kept }) => [player.position, kept]), [[7, TOLD.kept]]);
});

test("a page that was loaded again in vain waits longer each time, and can be told to go on", async (t) => {
  const before = { descent: { why: "lost", url: "https://lab.example/", at: 0, tries: 3 } };
  const { visit, server, reloads, said, pass } = fixture(t, { state: before, age: 100 });
  server.says = { session: false };
  visit.onConnectionChange(true);
  await pass(1000);
  assert.equal(reloads.length, 0);
  assert.equal(said.at(-1).words, "gone");
  said.at(-1).act();
  assert.equal(reloads[0].tries, 4);
});

test("what a reload left is told until the server has heard it, and is not overwritten before", async (t) => {
  const { visit, window, pass } = fixture(t);
  const stored = { "descent-playlist": "?surface=bowl()" };
  window.sessionStorage = { getItem: (key) => stored[key] ?? null, setItem: (key, text) => (stored[key] = text), removeItem: (key) => delete stored[key] };
  const said = [];
  const tell = (page, isResumed, playlist) => visit.take({ ...TOLD, kept: { playlist }, isResumed }, "", (kept) => said.push(`${page}: ${kept.playlist}`));
  visit.unheard = { playlist: stored["descent-playlist"] };
  tell("about", false, "");
  await pass(300);
  assert.deepEqual(said, ["about: ?surface=bowl()"]);
  const press = (pathname) => visit.notePress({ type: "click", target: { closest: () => (pathname ? { pathname } : null) } });
  Object.assign(window.location, { pathname: "/about" });
  press("/maps"); // a link to another page, which is not here yet
  await pass(15_000);
  assert.equal(said.length, 1, "the server is slow");
  Object.assign(window.location, { pathname: "/maps" });
  tell("maps", false, "");
  await pass(500);
  assert.deepEqual(said.slice(1), ["maps: ?surface=bowl()"]);
  assert.equal(stored["descent-playlist"], "?surface=bowl()");
  assert.equal(visit.collectState().kept.playlist, "?surface=bowl()", "nor does a second reload lose it");
  press("/about"); // which never comes
  await pass(30_000);
  press(null);
  await pass(2500);
  assert.deepEqual(said.slice(2).map((line) => line.slice(0, 4)), Array(said.length - 2).fill("maps"));
  const { length } = said;
  assert.ok(length > 4, "it is told again in the end");
  tell("maps", true, "?surface=bowl()");
  tell("maps", true, "");
  await pass(60_000);
  assert.equal(said.length, length);
  assert.deepEqual(stored, {});
});
