import assert from "node:assert/strict";
import test from "node:test";
import { DrawingScheduler } from "../../app/training/drawing_scheduler.js";

// Parts that keep the epochs they were drawn at; the last one has three pieces.
function makeParts() {
  const drawn = { table: [], tiles: [], regions: [] };
  let left = 3;
  const drawPiece = (epoch) => {
    drawn.regions.push(epoch);
    left = left === 1 ? 3 : left - 1;
    return left < 3;
  };
  const spread = new DrawingScheduler([(epoch) => void drawn.table.push(epoch), (epoch) => void drawn.tiles.push(epoch), drawPiece]);
  return { drawn, spread };
}

test("while the clock plays a frame draws one part, until all are at the epoch", () => {
  const { drawn, spread } = makeParts();
  const counts = Array.from({ length: 7 }, () => (spread.draw(1, true), Object.values(drawn).flat().length));
  assert.deepEqual(counts, [1, 2, 3, 4, 5, 5, 5]);
  assert.deepEqual(drawn, { table: [1], tiles: [1], regions: [1, 1, 1] });
});

test("where the clock stands all parts are drawn at once, and only those that are not at the epoch", () => {
  const { drawn, spread } = makeParts();
  spread.draw(1, true);
  spread.draw(1, false);
  assert.deepEqual(drawn, { table: [1], tiles: [1], regions: [1, 1, 1] });
  spread.draw(1, false);
  assert.deepEqual(drawn, { table: [1], tiles: [1], regions: [1, 1, 1] });
});

test("parts take turns if every frame is of another epoch", () => {
  const { drawn, spread } = makeParts();
  for (let epoch = 1; epoch <= 6; epoch++) spread.draw(epoch, true);
  assert.deepEqual(drawn, { table: [1, 4], tiles: [2, 5], regions: [3, 6] });
});

test("what is new is drawn as a whole, though the clock plays", () => {
  const { drawn, spread } = makeParts();
  spread.draw(2, false);
  spread.invalidate();
  spread.draw(2, true);
  assert.deepEqual(drawn, { table: [2, 2], tiles: [2, 2], regions: [2, 2, 2, 2, 2, 2] });
  spread.draw(3, true);
  assert.equal(Object.values(drawn).flat().length, 11);
});
