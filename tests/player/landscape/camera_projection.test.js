import assert from "node:assert/strict";
import { test } from "node:test";
import { invertMatrix, multiplyMatrices } from "../../../app/player/landscape/camera_projection.js";
import { lens, near } from "./surface_fixtures.js";

test("a matrix times its inverse is one", () => {
  const m = [2, 1, 0, 3, 0, 0, 1, 5, 1, 4, 0, 0, 7, 0, 2, 1];
  near(multiplyMatrices(m, invertMatrix(m)), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
});

test("the middle is in the middle, up is up, and what is twice as far is half as far from it", () => {
  near(lens().toPixel(0, 0, 0), [100, 50]);
  near(lens().toPixel(0, 1, 0), [100, 40]);
  near(lens().toPixel(2, 0, 0), [120, 50]);
  near(lens().toPixel(2, 0, -5), [110, 50]);
  assert.ok(Number.isNaN(lens().toPixel(0, 0, 6)[0]), "nothing behind the eye is in the picture");
});

test("the line behind a pixel projects to that pixel", () => {
  const [from, to] = lens().unproject(33, 71);
  near(lens().toPixel(...from), [33, 71], 1e-4);
  near(lens().toPixel(...to), [33, 71], 1e-4);
  assert.ok(from[2] > to[2]);
});

test("all lines meet in the eye", () => {
  near(lens(7).eye, [0, 0, 7], 1e-3);
  for (const pixel of [[33, 71], [180, 5]]) {
    const [from, to] = lens(7).unproject(...pixel);
    const way = (7 - from[2]) / (to[2] - from[2]);
    near(from.map((value, i) => value + way * (to[i] - value)), [0, 0, 7], 1e-3);
  }
});
