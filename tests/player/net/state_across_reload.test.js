import assert from "node:assert/strict";
import { test } from "node:test";
import { clearSavedState, saveState, takeSavedState } from "../../../app/player/net/state_across_reload.js";

// A window with one entry of the history; `reload` gives the page that comes after it there.
function page(state = {}, href = "https://lab.example/?surface=bowl()", document = {}) {
  const history = {
    state,
    replaceState: (next) => (history.state = structuredClone(next)),
  };
  return { history, location: { href }, document, reload: (other) => page(history.state, other ?? href, document) };
}

test("what was kept is there after a reload, once, and only at the same address", () => {
  const before = page({ streamlit: 1 });
  assert.ok(saveState(before, { player: { step: 3 } }, "lost"));
  const elsewhere = before.reload("https://lab.example/about");
  assert.equal(takeSavedState(elsewhere), null);
  const after = before.reload();
  assert.deepEqual(takeSavedState(after).player, { step: 3 });
  assert.deepEqual(after.history.state, { streamlit: 1 });
  assert.equal(takeSavedState(after), null);
});

test("what was kept while the page was hidden is gone on with only if the browser has discarded it", () => {
  const hidden = page();
  saveState(hidden, { tries: 1 }, "hidden");
  assert.equal(takeSavedState(hidden.reload()), null);
  const discarded = page({}, undefined, { wasDiscarded: true });
  saveState(discarded, { tries: 1 }, "hidden");
  assert.equal(takeSavedState(discarded.reload()).tries, 1);
});

test("what is too large, too old, or refused by the browser is not kept", (t) => {
  const full = page();
  assert.equal(saveState(full, { kept: "x".repeat(1e6) }, "lost"), false);
  assert.equal(takeSavedState(full.reload()), null);
  const strict = page();
  strict.history.replaceState = () => {
    throw new Error("SecurityError");
  };
  assert.equal(saveState(strict, {}, "lost"), false);
  clearSavedState(strict);
  t.mock.timers.enable({ apis: ["Date"], now: 1e12 });
  const old = page();
  saveState(old, {}, "lost");
  t.mock.timers.setTime(1e12 + 25 * 3600_000);
  assert.equal(takeSavedState(old.reload()), null);
});

test("nonsense in the history is nothing", () => {
  for (const descent of [null, 5, "x", [], {}, { why: "lost" }, { why: "lost", url: "https://lab.example/?surface=bowl()" }]) {
    assert.equal(takeSavedState(page({ descent })), null);
  }
  assert.equal(takeSavedState(page(null)), null);
});
