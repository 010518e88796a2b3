import assert from "node:assert/strict";
import { test } from "node:test";

import { helpRows } from "../../../app/player/base/keyboard.js";

const labels = new Proxy({}, { get: (_, name) => String(name) });
const said = (fixed) => helpRows(labels, { fixed }).map(([, words]) => words);

test("a race that cannot be changed lists no keys that change it", () => {
  assert.deepEqual(said(false).filter((words) => !said(true).includes(words)), ["key_digit", "key_undo", "key_lecture"]);
  assert.ok(said(true).includes("key_play"));
});
