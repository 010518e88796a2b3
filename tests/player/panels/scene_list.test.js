import assert from "node:assert/strict";
import { test } from "node:test";
import { findDropIndex, moveItem } from "../../../app/player/panels/scene_list.js";

test("an item is moved to a place, and nowhere beyond the ends", () => {
  const order = [0, 1, 2, 3];
  assert.deepEqual(moveItem(order, 0, 2), [1, 2, 0, 3]);
  assert.deepEqual(moveItem(order, 3, 1), [0, 3, 1, 2]);
  assert.equal(moveItem(order, 0, -1), order);
  assert.equal(moveItem(order, 3, 4), order);
});

test("a dragged row passes each row into which the pointer has come far enough", () => {
  const boxes = [0, 1, 2, 3].map((i) => ({ top: 100 * i, height: 90 }));
  assert.equal(findDropIndex(boxes, 1, 150), 1);
  assert.equal(findDropIndex(boxes, 1, 230), 1);
  assert.equal(findDropIndex(boxes, 1, 245), 2); // its middle
  assert.equal(findDropIndex(boxes, 2, 145), 1);
  assert.equal(findDropIndex(boxes, 2, 160), 2);
  assert.equal(findDropIndex(boxes, 1, 999), 3);
  assert.equal(findDropIndex(boxes, 2, 40), 0);
  assert.equal(findDropIndex(boxes, 0, -50), 0);
});
