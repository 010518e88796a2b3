import assert from "node:assert/strict";
import { test } from "node:test";
import { findNext } from "../../../app/player/panels/theme_switch.js";

test("the first press shows other colours than the system's, the next those of the system, the third leaves them to it", () => {
  assert.deepEqual(["system", "dark", "light"].map((choice) => findNext(choice, false)), ["dark", "light", "system"]);
  assert.deepEqual(["system", "light", "dark"].map((choice) => findNext(choice, true)), ["light", "dark", "system"]);
});
