import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.navigator ??= { platform: "" }; // Node 18 and 20 have none
const { ContourView } = await import("../../../app/player/landscape/contour_view.js");

test("what the server could not be asked while it was away is asked once it is there", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  let isThere = false;
  const questions = { isExpectedToAnswer: () => isThere, cancel() {}, ask: (kind, window, take) => asked.push({ kind, window, take }) };
  const box = [[-10, 10], [-4, 4]];
  const view = Object.assign(Object.create(ContourView.prototype), { questions, box, stage: { box }, view: box, isListening: true, reproject() {} });
  const reconnect = () => {
    view.reconnect();
    t.mock.timers.tick(0);
  };
  isThere = true;
  reconnect();
  assert.deepEqual(asked, [], "the whole landscape is there");
  isThere = false;
  view.view = [[-1, 1], [-1, 1]];
  view.requestPiece();
  t.mock.timers.tick(1000);
  assert.deepEqual(asked, []);
  isThere = true;
  reconnect();
  assert.deepEqual(asked.map(({ kind, window }) => [kind, window]), [["window", view.view]]);
  reconnect();
  assert.equal(asked.length, 1, "it is on its way");
  asked[0].take(null);
  reconnect();
  assert.equal(asked.length, 2, "an answer that never came is asked for again");
});

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
