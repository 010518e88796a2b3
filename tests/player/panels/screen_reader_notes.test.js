import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNoteName } from "../../../app/player/panels/screen_reader_notes.js";

test("a note belongs to the field of its widget, and one that only tells what was done refuses nothing", () => {
  assert.deepEqual(parseNoteName("steps"), { widget: "steps", field: "input, textarea", isRefused: true });
  assert.deepEqual(parseNoteName("0-lr-refused"), { widget: "0-lr", field: ".descent-typed-value", isRefused: true });
  assert.deepEqual(parseNoteName("0-lr-moved"), { widget: "0-lr", field: ".descent-typed-value", isRefused: false });
});
