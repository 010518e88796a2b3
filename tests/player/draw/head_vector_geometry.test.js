import assert from "node:assert/strict";
import { test } from "node:test";
import { ARROW_COLUMNS, buildArrowMarks, buildModelEllipse, scaleLogarithmically, chooseMagnification } from "../../../app/player/draw/head_vector_geometry.js";

const at = (columns) => ({ columns: Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, [value]])) });

test("displacements are magnified by the first power of ten that lets them be seen", () => {
  for (const [longest, factor] of [[100, 1], [26, 1], [25, 10], [2.6, 10], [0.3, 100], [1e-30, 1e9], [0, 1], [NaN, 1]]) assert.equal(chooseMagnification(longest), factor);
});

test("the length of a slope is the logarithm of its size, between its extremes", () => {
  assert.equal(scaleLogarithmically(1e3, 1e-3, 1e3), 64);
  assert.equal(scaleLogarithmically(1e-3, 1e-3, 1e3), 16);
  assert.equal(scaleLogarithmically(1, 1e-3, 1e3), 40);
  assert.equal(scaleLogarithmically(0, 1e-3, 1e3), 0);
  assert.equal(scaleLogarithmically(1e-9, 1e-3, 1e3), 16);
  assert.equal(scaleLogarithmically(Infinity, 1, 2), 0);
});

test("the ellipse is the level of the model that goes through the iterate", () => {
  const [g, h] = [[3, -1], [4, 1.5, 2]];
  const run = at({ x: 0.5, y: -2, slope_x: g[0], slope_y: g[1], hess_xx: h[0], hess_xy: h[1], hess_yy: h[2] });
  const { points, centre } = buildModelEllipse(run, 0);
  const model = ([x, y]) => {
    const [dx, dy] = [x - 0.5, y + 2];
    return g[0] * dx + g[1] * dy + 0.5 * (h[0] * dx * dx + 2 * h[1] * dx * dy + h[2] * dy * dy);
  };
  for (const point of points) assert.ok(Math.abs(model(point)) < 1e-12); // the model is 0 at the iterate; rounding of numbers of size 10
  const slope = [g[0] + h[0] * (centre[0] - 0.5) + h[1] * (centre[1] + 2), g[1] + h[1] * (centre[0] - 0.5) + h[2] * (centre[1] + 2)];
  assert.ok(Math.hypot(...slope) < 1e-12);
});

test("a model without a minimum has no ellipse", () => {
  for (const h of [[-1, 0, 1], [1, 2, 1], [0, 0, 0], [NaN, 0, 1]])
    assert.equal(buildModelEllipse(at({ x: 0, y: 0, slope_x: 1, slope_y: 1, hess_xx: h[0], hess_xy: h[1], hess_yy: h[2] }), 0), null);
});

test("every arrow names the columns that it takes", () => {
  for (const names of Object.values(ARROW_COLUMNS)) assert.ok(names.every((name) => /^[a-z]+(_[xy]{1,2})?$/.test(name)));
});

const run = (columns, more = {}) => ({ columns, length: columns.x.length, has: Object.keys(columns), ...more });

test("the update ends at the next iterate, as many times as is said, whatever the pixels", () => {
  const moving = run({ x: [1, 1.5], y: [2, 1.8] });
  const arrows = (scale) => buildArrowMarks([moving], [0], new Set(["update"]), scale);
  for (const [scale, factor] of [[[100, -100], 1], [[10, -10], 10], [[0.3, -0.3], 1000]]) {
    const { marks, factor: said } = arrows(scale);
    assert.equal(said, factor);
    const [[, tip]] = marks.map(({ points }) => points);
    [1 + 0.5 * factor, 2 - 0.2 * factor].forEach((value, i) => assert.ok(Math.abs(tip[i] - value) < 1e-9 * factor));
  }
  assert.deepEqual(buildArrowMarks([moving], [1], new Set(["update"]), [10, 10]).marks, []);
});

test("the look-ahead point is ahead of a ball, and the ball behind an iterate that is the look-ahead point itself", () => {
  for (const [more, tip] of [[{}, [3, -1]], [{ iterates_ahead: true }, [-1, 3]]]) {
    const rolling = run({ x: [1, 2], y: [1, 2], pull_x: [4, 4], pull_y: [-4, -4], ahead_x: [2, 2], ahead_y: [-2, -2] }, more);
    const [{ points }] = buildArrowMarks([rolling], [0], new Set(["ahead"]), [10, -10]).marks;
    assert.deepEqual(points.at(-1), tip);
  }
});

test("the slope points downhill, as long in pixels as its size says", () => {
  const sloping = run({ x: [0, 0], y: [0, 0], slope_x: [3, 0.3], slope_y: [-4, -0.4] });
  const [{ points: [from, to] }] = buildArrowMarks([sloping], [0], new Set(["slope"]), [2, 5]).marks;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  assert.ok(Math.abs(dx / dy + 3 / 4) < 1e-12 && dx < 0);
  assert.ok(Math.abs(Math.hypot(2 * dx, 5 * dy) - 64) < 1e-9);
});

test("what is no number is not drawn, and a model without a minimum is told of", () => {
  const lost = run({ x: [0], y: [0], slope_x: [NaN], slope_y: [1], hess_xx: [-1], hess_xy: [0], hess_yy: [1], radius: [NaN] });
  assert.deepEqual(buildArrowMarks([lost], [0], new Set(["slope", "model", "radius"]), [1, 1]), { marks: [], factor: 1, saddle: true });
});
