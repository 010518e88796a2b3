import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.navigator ??= { platform: "" };
const { ContourView } = await import("../../../app/player/landscape/contour_view.js");

// A view of [-1, 1] along both axes.
function makeView() {
  const view = Object.create(ContourView.prototype);
  const box = [[-1, 1], [-1, 1]];
  return Object.assign(view, { box, view: box, stage: { window_limits: [1e-6, 1e3] }, changes: 0, setView: (to) => (view.changes++, (view.view = to)) });
}

test("the view is not zoomed beyond what the server computes", () => {
  for (const [factor, width] of [[0.5, 2e-6], [2, 2e3]]) {
    const view = makeView();
    for (let turn = 0; turn < 50; turn++) view.zoom(factor);
    const [low, high] = view.view[0];
    assert.ok(Math.abs((high - low) / width - 1) < 1e-5 && view.changes < 50, `${high - low}`); // a margin of 1e-6, and roundings
  }
});

test("a turn of the wheel by nothing changes nothing", () => {
  const view = makeView();
  view.zoom(1);
  assert.equal(view.changes, 0);
});
