import assert from "node:assert/strict";
import { test } from "node:test";
import { ImagePlot } from "../../../app/maps/basins/basin_plot.js";

globalThis.window = { Plotly: { restyle: () => {} } };

test("an arrow key with Alt, Ctrl or ⌘ is the browser's", () => {
  const map = { plot: { isDrawn: true }, view: [[0, 1], [0, 1]], point: () => {} };
  const press = (changes) => ImagePlot.prototype.moveCross.call(map, { key: "ArrowLeft", preventDefault: () => (taken += 1), ...changes });
  let taken = 0;
  press({});
  assert.equal(taken, 1);
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) press({ [modifier]: true });
  assert.equal(taken, 1);
});
