import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlaylist, writePlaylist } from "../../../app/player/net/playlist_storage.js";

function makeStorage() {
  const items = new Map();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value), removeItem: (key) => items.delete(key), items };
}

test("the text is there until another takes its place, or none", () => {
  const window = { sessionStorage: makeStorage() };
  assert.equal(readPlaylist(window), "");
  writePlaylist(window, "?surface=bowl()\n");
  assert.equal(readPlaylist(window), "?surface=bowl()\n");
  writePlaylist(window, "");
  assert.equal(window.sessionStorage.items.size, 0);
  writePlaylist(window, undefined);
  assert.equal(readPlaylist(window), "");
});

test("a browser that stores nothing does no harm", () => {
  const refuse = () => {
    throw new Error("SecurityError");
  };
  for (const window of [{}, { get sessionStorage() { return refuse(); } }, { sessionStorage: { getItem: refuse, setItem: refuse, removeItem: refuse } }]) {
    writePlaylist(window, "text");
    assert.equal(readPlaylist(window), "");
  }
});
