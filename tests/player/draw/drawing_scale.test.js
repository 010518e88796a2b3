// Everything that the back row must see grows with the type: lines, dashes, heads, stars, crosses, arrows and rings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Trail } from "../../../app/player/draw/path_trail.js";
import { getDrawingScale, getSmallFont, scaleOfFont } from "../../../app/player/draw/drawing_scale.js";
import { drawCross, drawEdgeArrow, drawRing, drawStar, drawSwatch } from "../../../app/player/draw/markers.js";
import { SvgContext } from "../../../app/player/draw/svg_context.js";

const numbers = (markup) => markup.replace(/#\w+/g, "").match(/-?\d+(\.\d+)?/g).map(Number);
const drawn = (draw) => {
  const context = new SvgContext(() => 40);
  draw(context);
  return numbers(context.markup);
};

test("marks and labels have the scale of the type around them", () => {
  globalThis.getComputedStyle = () => ({ fontSize: "22.4px", fontFamily: "Sans" });
  assert.ok(Math.abs(getDrawingScale({}) - 1.6) < 1e-9);
  assert.match(getSmallFont({}), /^19\.26\d*px Sans$/);
  assert.ok(Math.abs(scaleOfFont(getSmallFont({})) - 1.6) < 1e-9);
});

test("a path has wider lines, halo and dashes", () => {
  const trail = (scale) => new Trail([0, 0, 9, 9], { colour: "#000", halo: "#fff", dash: [9, 3], width: 2, scale }).style;
  assert.deepEqual(trail(2), { ...trail(1), width: 4, haloWidth: 2 * trail(1).haloWidth, dash: [18, 6], scale: 2 });
});

test("each mark is the usual one, magnified about its place", () => {
  const marks = {
    star: (c, scale) => drawStar(c, 0, 0, "#111111", "#ffffff", scale),
    cross: (c, scale) => drawCross(c, 0, 0, "#111111", "#ffffff", scale),
    arrow: (c, scale) => drawEdgeArrow(c, 0, 0, 0, "#111111", "#ffffff", scale),
    ring: (c, scale) => drawRing(c, 0, 0, "#111111", "#ffffff", 6, scale),
    swatch: (c, scale) => drawSwatch(c, 0, 0, { colour: "#111111", dash: [9, 3], marker: "square" }, "#ffffff", scale),
  };
  for (const [name, draw] of Object.entries(marks)) {
    const [usual, large] = [1, 2].map((scale) => drawn((context) => draw(context, scale)));
    const flags = large.length === usual.length && usual.every((value, i) => Math.abs(large[i] - 2 * value) < 0.021 || large[i] === value);
    assert.ok(flags, name);
    assert.ok(Math.max(...large) >= 1.99 * Math.max(...usual), name);
  }
});
