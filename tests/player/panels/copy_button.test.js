import assert from "node:assert/strict";
import { test } from "node:test";
import { CopyButton } from "../../../app/player/panels/copy_button.js";

// As much of a document as the button needs.
function fakeHost() {
  const make = () => ({ attributes: {}, setAttribute() {}, addEventListener(_, act) { this.click = act; }, select() { this.isSelected = true; }, textContent: "" });
  globalThis.document = { createElement: make };
  return { appendChild: (node) => node };
}
const words = { text: "<iframe>", label: "Copy", done: "Copied", byHand: "By hand" };

test("the text is copied, and that is said", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const copied = [];
  const button = new CopyButton(fakeHost(), { writeText: async (text) => copied.push(text) });
  button.set(words);
  await button.copy();
  assert.deepEqual([copied, button.status.textContent, button.field.hidden], [["<iframe>"], "Copied", true]);
  t.mock.timers.tick(5000);
  assert.equal(button.status.textContent, "");
});

test("a link is handed to another app where fingers are used and the browser can", (t) => {
  const shared = [];
  const phone = { share: async (what) => shared.push(what.url) };
  t.after(() => delete globalThis.matchMedia);
  for (const [matches, sharing, share, isHidden] of [[true, phone, "Send", false], [true, phone, "", true], [true, {}, "Send", true], [false, phone, "Send", true]]) {
    globalThis.matchMedia = () => ({ matches });
    const button = new CopyButton(fakeHost(), null, sharing);
    button.set({ ...words, text: "https://there.example/", share });
    assert.equal(button.shareButton.hidden, isHidden);
    if (!isHidden) button.shareButton.click();
  }
  assert.deepEqual(shared, ["https://there.example/"]);
});

test("where that is not allowed the text is shown and selected", async () => {
  for (const clipboard of [undefined, { writeText: async () => Promise.reject(new Error("no")) }]) {
    const button = new CopyButton(fakeHost(), clipboard ?? null);
    button.set(words);
    await button.copy();
    assert.deepEqual([button.field.hidden, button.field.isSelected, button.field.value, button.status.textContent], [false, true, "<iframe>", "By hand"]);
    button.set({ ...words, text: "other" });
    assert.deepEqual([button.field.hidden, button.status.textContent], [true, ""], "nothing is said of a text that is not there");
  }
});
