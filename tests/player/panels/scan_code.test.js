import assert from "node:assert/strict";
import { test } from "node:test";
import { drawModules, nextState } from "../../../app/player/panels/scan_code.js";

test("a code is drawn as one rectangle for each run of dark modules", () => {
  assert.equal(drawModules(["1101", "0000", "0010"]), "M0 0h2v1h-2zM3 0h1v1h-1zM2 2h1v1h-1z");
  assert.equal(drawModules([]), "");
});

test("the key goes from large to the corner and off", () => {
  assert.deepEqual(["off", "large", "corner"].map(nextState), ["large", "corner", "off"]);
});
