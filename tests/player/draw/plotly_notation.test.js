import assert from "node:assert/strict";
import { test } from "node:test";
import { toPlotlyPowers } from "../../../app/player/draw/plotly_notation.js";
import { linearTicks, logTicks } from "../../../app/player/base/axis_ticks.js";

test("exponents on an axis of powers have the size that is asked for", () => {
  const { tickvals, ticktext } = toPlotlyPowers(logTicks(1e-12, 1e3, 5), 12.04);
  assert.deepEqual(tickvals.map((value) => Math.round(Math.log10(value))), [-12, -9, -6, -3, 0, 3]);
  assert.equal(ticktext[0], '10<sup><span style="font-size:12px">−12</span></sup>');
  assert.deepEqual(ticktext.slice(-2), ["1", '10<sup><span style="font-size:12px">3</span></sup>']);
  assert.deepEqual(toPlotlyPowers(linearTicks(0, 10, 2), 12).ticktext, ["0", "5", "10"], "plain numbers stay");
  assert.equal(toPlotlyPowers([{ value: 5e-7, text: "5·10⁻⁷" }], 20).ticktext[0], '5·10<sup><span style="font-size:20px">−7</span></sup>');
});
