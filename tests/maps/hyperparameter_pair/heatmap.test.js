import assert from "node:assert/strict";
import { test } from "node:test";
import { Heatmap } from "../../../app/maps/hyperparameter_pair/heatmap.js";

test("an arrow key with Alt, Ctrl or ⌘ is the browser's", () => {
  const map = { plot: { isDrawn: true }, message: { columns: 9, rows: 9, across: { own: 4 }, up: { own: 4 } }, setCell: () => {} };
  const press = (changes) => Heatmap.prototype.moveByKey.call(map, { key: "ArrowLeft", preventDefault: () => (taken += 1), ...changes });
  let taken = 0;
  press({});
  assert.equal(taken, 1);
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) press({ [modifier]: true });
  assert.equal(taken, 1);
});
