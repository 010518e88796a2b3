import assert from "node:assert/strict";
import { test } from "node:test";
import { shortenText, wrapText, wrapPieces } from "../../../app/player/draw/text_wrapping.js";

test("pieces stand beside each other as long as there is room", () => {
  const pieces = [40, 40, 40, 200, 10].map((width) => ({ width, gap: 10 }));
  const { places, height } = wrapPieces([...pieces, { width: 5, gap: 0, needs: 81 }, { width: 5, gap: 0 }], 100, 20);
  assert.deepEqual(places.map(({ x, y }) => [x, y]), [[0, 0], [50, 0], [0, 20], [0, 40], [0, 60], [0, 80], [5, 80]]);
  assert.equal(height, 100);
  assert.deepEqual(wrapPieces([], 100, 20), { places: [], height: 0 });
});

test("a long text is cut where it may be, and nothing of it is lost", () => {
  const measure = (text) => text.length;
  const text = "run = adam(lr=0.1,beta1=0.9,beta2=0.999)";
  const parts = wrapText(text, 20, measure);
  assert.equal(parts.join(""), text);
  assert.ok(parts.every((part) => part.length <= 20) && parts[0].endsWith(","));
  assert.deepEqual(wrapText("x".repeat(45), 20, measure).map(measure), [20, 20, 5]);
  assert.deepEqual(wrapText("short", 20, measure), ["short"]);
});

test("a long text is shortened at its end, as little as need be", () => {
  const measure = (words) => words.length;
  assert.equal(shortenText("f(x, y) = x + y", 15, measure), "f(x, y) = x + y");
  assert.equal(shortenText("f(x, y) = x + y", 12, measure), "f(x, y) = x…");
});
