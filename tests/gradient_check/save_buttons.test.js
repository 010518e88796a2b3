import assert from "node:assert/strict";
import { test } from "node:test";
import { writeCsv } from "../../app/gradient_check/save_buttons.js";

test("the table of entries has a line each, with names that commas do not cut", () => {
  const row = { entries: Float64Array.of(0, 3), analytic: Float64Array.of(1, 2), numeric: Float64Array.of(1, 1), errors: Float64Array.of(0, 0.5), kinked: Uint8Array.of(0, 1) };
  const text = writeCsv(row, [["W1", [1, 2], 0, 2], ["b1", [2], 2, 4]], 1e-5);
  assert.deepEqual(text.split("\r\n"), ["entry,h,analytic,numerical,relative_error,crosses_kink", '"W1[0, 0]",0.00001,1,1,0,false', '"b1[1]",0.00001,2,1,0.5,true', ""]);
});
