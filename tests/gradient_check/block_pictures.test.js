import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockPictures } from "../../app/gradient_check/block_pictures.js";

test("an arrow key with Alt, Ctrl or ⌘ is the browser's", () => {
  const pictures = { row: { entries: [0, 1, 2] }, picked: 1, pick: () => {} };
  const press = (changes) => BlockPictures.prototype.onKey.call(pictures, { key: "ArrowLeft", preventDefault: () => (taken += 1), ...changes });
  let taken = 0;
  press({});
  assert.equal(taken, 1);
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) press({ [modifier]: true });
  assert.equal(taken, 1);
});
