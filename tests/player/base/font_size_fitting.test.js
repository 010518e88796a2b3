import assert from "node:assert/strict";
import { test } from "node:test";
import { findFittingSize } from "../../../app/player/base/font_size_fitting.js";

test("type is as large as it fits, and never smaller than can be read", () => {
  assert.equal(findFittingSize(() => true), 1);
  assert.equal(findFittingSize((size) => size < 0.8), 0.78);
  assert.equal(findFittingSize(() => false), 0.6);
});
