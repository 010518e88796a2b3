import assert from "node:assert/strict";
import { test } from "node:test";
import RateSweep from "../../../app/maps/learning_rates/view.js";

test("an arrow key with Alt, Ctrl or ⌘ is the browser's", () => {
  const map = { rows: [{}], panel: { message: { arrays: { rates: [0.1, 0.2, 0.3] } } }, showCursor: () => {} };
  const press = (changes) => RateSweep.prototype.moveCursor.call(map, { key: "ArrowLeft", preventDefault: () => (taken += 1), ...changes });
  let taken = 0;
  press({});
  assert.equal(taken, 1);
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) press({ [modifier]: true });
  assert.equal(taken, 1);
});
