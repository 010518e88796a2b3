import assert from "node:assert/strict";
import { test } from "node:test";
import { splitAtGaps } from "../../../app/player/draw/error_curve_thumbnail.js";
import { placePoint } from "../../../app/player/draw/loss_curve_thumbnail.js";
import { mixShade } from "../../../app/player/draw/scene_thumbnail.js";
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

test("shades run from the first colour to the last", () => {
  const colours = [[0, 0, 0], [100, 50, 0], [200, 200, 200]];
  assert.deepEqual(mixShade(0, colours), [0, 0, 0]);
  assert.deepEqual(mixShade(127, colours), [100, 50, 0]);
  assert.deepEqual(mixShade(254, colours), [200, 200, 200]);
});

test("a curve is drawn in parts where an error is not a number", () => {
  assert.deepEqual(splitAtGaps([null, [0, 1], [2, 3], null, null, [4, 5]]), [[[0, 1], [2, 3]], [[4, 5]]]);
  assert.deepEqual(splitAtGaps([]), []);
});

test("a loss is placed inside of the picture's axes", () => {
  assert.deepEqual(placePoint([0, 0], 168, 112), [9, 103]);
  assert.deepEqual(placePoint([1000, 1000], 168, 112), [159, 9]);
  assert.deepEqual(placePoint([500, 500], 168, 112), [84, 56]);
});
