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

test("the map is not zoomed beyond what the server maps", () => {
  const seen = [];
  window.Plotly.relayout = (_, change) => seen.push(change["xaxis.range"]);
  const map = { message: { box: [[-1, 1], [-1, 1]], window_limits: [1e-6, 1e3] }, view: [[-1, 1], [-1, 1]], look: (view) => (map.view = view) };
  Object.setPrototypeOf(map, { zoom: ImagePlot.prototype.zoom, limitZoom: ImagePlot.prototype.limitZoom });
  for (let press = 0; press < 50; press++) map.zoom(0.5);
  const [low, high] = seen.at(-1);
  assert.ok(high - low >= 2e-6 && high - low < 2.1e-6 && seen.length < 50, `${high - low}`);
});
