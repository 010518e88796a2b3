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
