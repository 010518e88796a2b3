import assert from "node:assert/strict";
import { test } from "node:test";
import { elementUsesKey } from "../../../app/player/base/keyboard.js";

// An element that is matched by selectors that hold one of `words`.
const element = (...words) => ({ closest: (selectors) => (words.some((word) => selectors.includes(word)) ? {} : null) });

test("no key is taken from someone who types, and no arrow from a slider", () => {
  for (const key of [" ", "f", "1", "ArrowLeft"]) assert.equal(elementUsesKey(element("textarea"), key), true);
  assert.equal(elementUsesKey(element("[role='slider']"), "ArrowLeft"), true);
  assert.equal(elementUsesKey(element("[role='slider']"), " "), false);
  assert.equal(elementUsesKey(element("button"), " "), true);
  assert.equal(elementUsesKey(element("button"), "f"), false);
  assert.equal(elementUsesKey(element("section"), "ArrowLeft"), false);
  assert.equal(elementUsesKey(null, "f"), false);
});
