import assert from "node:assert/strict";
import { test } from "node:test";

import { computeLeftMargin } from "../../../app/player/draw/line_chart.js";

test("the axis stands where it does in every chart, and farther from the edge where a label is wider", () => {
  assert.equal(computeLeftMargin([10, 20, 30], 15), 50);
  assert.equal(computeLeftMargin([], 15), 50);
  const widest = 70.2;
  assert.ok(computeLeftMargin([10, widest], 15) >= widest + 7, "no label begins outside the chart");
});
