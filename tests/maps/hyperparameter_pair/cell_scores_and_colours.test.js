import assert from "node:assert/strict";
import { test } from "node:test";
import { NEVER_REACHES, DIVERGES, CELL_PIXELS, findBestCell, strongestColour, formatFactor, scoreCells, normalizeScore, paintCells, scoreColour, neverColour } from "../../../app/maps/hyperparameter_pair/cell_scores_and_colours.js";

const THEME = { ground: "#ffffff", muted: "#555555", accent: "#1f5fa8", landscape: ["#a8c4d8"] };
const MINIMUM = 0;
const LOST = 3;
const ENDINGS = ["minimum", "saddle", "stalled", "lost"];

function message(shown, { kind, loss, reached, rate }, rest = {}) {
  const count = loss.length;
  const arrays = { kind: Uint8Array.from(kind ?? loss.map(() => MINIMUM)), loss: Float64Array.from(loss), reached: Uint16Array.from(reached ?? loss.map(() => 1)), rate: Float64Array.from(rate ?? loss.map(() => NaN)) };
  return { shown, arrays, endings: ENDINGS, bottom: 0, steps: 100, columns: count, rows: 1, ...rest };
}

test("what is shown decides what a cell is, and which is best", () => {
  const cells = { kind: [0, 2, LOST], loss: [1, 0.1, 0.01], reached: [50, 101, 3], rate: [0.9, 0.5, 1.2] };
  const [loss, steps, rate] = ["loss", "steps", "rate"].map((shown) => message(shown, cells));
  assert.deepEqual([...scoreCells(loss).values], [1, 0.1, DIVERGES]);
  assert.deepEqual([...scoreCells(steps).values], [50, NEVER_REACHES, DIVERGES]);
  assert.deepEqual([...scoreCells(rate).values], [0.9, 0.5, DIVERGES]);
  assert.deepEqual([loss, steps, rate].map((said) => findBestCell(said, scoreCells(said))), [1, 0, 1]);
});

test("of cells as good the one that is there first is best, and there may be none", () => {
  const equal = message("loss", { loss: [0, 0, 5], reached: [9, 4, 1] });
  assert.equal(findBestCell(equal, scoreCells(equal)), 1);
  const none = message("loss", { loss: [1, 2], kind: [LOST, LOST] });
  assert.equal(findBestCell(none, scoreCells(none)), -1);
  assert.equal(scoreCells(none).ends, null);
});

test("what has no rate or diverges is hatched, a loss is that above the lowest known", () => {
  assert.deepEqual([...scoreCells(message("rate", { loss: [1, 1], rate: [NaN, 1] })).values], [DIVERGES, DIVERGES]);
  assert.deepEqual([...scoreCells(message("loss", { loss: [3, 1.5] }, { bottom: 2 })).values], [1, 0]);
});

test("merit falls by equal factors, from the good end to the bad one", () => {
  const ends = { good: 1e-6, bad: 1 };
  assert.deepEqual([0, 1e-9, 1e-6, 1, 7].map((value) => normalizeScore(value, ends, "loss")), [1, 1, 1, 0, 0]);
  assert.ok(Math.abs(normalizeScore(1e-3, ends, "loss") - 0.5) < 1e-12);
  const rates = { good: 0.9, bad: 0.9 ** (1 / 100) };
  assert.ok(Math.abs(normalizeScore(0.9 ** (1 / 10), rates, "rate") - 0.5) < 1e-12); // ten times the steps for a digit
  assert.equal(normalizeScore(4, { good: 4, bad: 4 }, "steps"), 1);
});

test("the ends leave out a few cells, and losses that are rounding", () => {
  const loss = Array.from({ length: 101 }, (_, i) => 10 ** (i - 60));
  const { ends } = scoreCells(message("loss", { loss }));
  assert.equal(ends.bad, 1e38);
  assert.ok(Math.abs(ends.good / 1e24 - 1) < 1e-9);
});

test("the picture has its first row at the top; strong is good, and the rest has colours of its own", () => {
  const said = message("steps", { loss: [1, 1, 1, 1], kind: [0, 0, 0, LOST], reached: [5, 60, 101, 1] }, { columns: 2, rows: 2 });
  const pixels = paintCells(said, scoreCells(said), THEME);
  const at = (column, row) => [...pixels.slice(4 * (row * 2 * CELL_PIXELS + column), 4 * (row * 2 * CELL_PIXELS + column) + 3)];
  assert.deepEqual(at(0, CELL_PIXELS), strongestColour(THEME));
  assert.deepEqual(at(CELL_PIXELS, CELL_PIXELS), scoreColour(0, THEME));
  assert.deepEqual(at(0, 0), neverColour(THEME));
  const hatched = new Set(Array.from({ length: CELL_PIXELS }, (_, i) => at(CELL_PIXELS + i, 0).join()));
  assert.equal(hatched.size, 2);
});

test("a factor has the digits that tell it from 1", () => {
  assert.deepEqual([0.5, 0.912, 0.9874, 0.99972, 1, 1.0034].map(formatFactor), ["0.500", "0.912", "0.987", "0.99972", "1.00", "1.0034"]);
});
