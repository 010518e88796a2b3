import assert from "node:assert/strict";
import { test } from "node:test";
import { findNext, mountThemeSwitch } from "../../../app/player/panels/theme_switch.js";

test("the first press shows other colours than the system's, the next those of the system, the third leaves them to it", () => {
  assert.deepEqual(["system", "dark", "light"].map((choice) => findNext(choice, false)), ["dark", "light", "system"]);
  assert.deepEqual(["system", "light", "dark"].map((choice) => findNext(choice, true)), ["light", "dark", "system"]);
});

test("the button says the choice, also one made in another tab, as long as it is on the page", (t) => {
  t.after(() => ["window", "document"].forEach((name) => delete globalThis[name]));
  const button = Object.assign(new EventTarget(), { setAttribute() {}, querySelector: () => button });
  globalThis.document = { createElement: () => button };
  globalThis.window = Object.assign(new EventTarget(), { __descentTheme: { choice: "system", isSystemDark: false, choose() {} } });
  const choose = (choice) => {
    window.__descentTheme.choice = choice;
    window.dispatchEvent(new Event("descent-theme"));
  };
  const labels = { label: "{now}, then {next}", system: "as the system", light: "light", dark: "dark" };
  const parentElement = { appendChild: (node) => node };
  const ends = [mountThemeSwitch({ parentElement, data: { labels } })];
  assert.equal(button.title, "as the system, then dark");
  ends.push(mountThemeSwitch({ parentElement, data: { labels } })); // the next message
  ends[0]();
  choose("dark");
  assert.equal(button.title, "dark, then light");
  ends[1]();
  choose("light");
  assert.equal(button.title, "dark, then light");
});
