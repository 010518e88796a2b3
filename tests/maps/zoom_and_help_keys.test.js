import assert from "node:assert/strict";
import { test } from "node:test";
import { listKeys } from "../../app/maps/zoom_and_help_keys.js";

const list = (labels, view) => listKeys({ keys: "keys", key_cursor: "cursor", key_pick: "pick", key_start: "start", key_zoom: "zoom", key_reset: "reset", ...labels }, view).map(([, text]) => text);

test("a map lists the keys that it has", () => {
  assert.deepEqual(list({ point: "Point at a start" }, { zoom() {} }), ["cursor", "pick", "zoom", "reset", "keys"]);
  assert.deepEqual(list({ drag: "start: drag it" }, {}), ["start", "keys"]);
  assert.deepEqual(list({}, {}), ["keys"]);
});
