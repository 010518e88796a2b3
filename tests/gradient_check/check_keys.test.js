import assert from "node:assert/strict";
import { test } from "node:test";
import { makeCheckKeys } from "../../app/gradient_check/check_keys.js";

test("minus, which goes on elsewhere while it is held, switches its trap once", () => {
  const toggled = [];
  const panel = { traps: { toggle: (i) => toggled.push(i) } };
  const { keys } = makeCheckKeys(panel, {});
  for (const repeat of [false, true, true]) keys["-"]({ repeat });
  assert.deepEqual(toggled, [10]);
});
