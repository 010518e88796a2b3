import assert from "node:assert/strict";
import { test } from "node:test";
import { findNext } from "../../../app/player/panels/theme_switch.js";

test("the choices come one after the other, and after the last the first", () => {
  const choices = ["system", "light", "dark"];
  assert.deepEqual(choices.map((choice) => findNext(choices, choice)), ["light", "dark", "system"]);
});
