import assert from "node:assert/strict";
import { test } from "node:test";
import { linearTicks, logTicks } from "../../../app/player/base/axis_ticks.js";

const texts = (ticks) => ticks.map(({ text }) => text);

const tables = [
  ["linear, of steps", linearTicks(0, 300, 3), ["0", "100", "200", "300"]],
  ["linear, with decimals and a true minus", linearTicks(-1, 1, 4), ["−1.0", "−0.5", "0", "0.5", "1.0"]],
  ["linear, large numbers as powers of ten", linearTicks(0, 4e6, 4), ["0", "10⁶", "2·10⁶", "3·10⁶", "4·10⁶"]],
  ["linear, without an interval", linearTicks(2, 2), ["2.00"]],
  ["log, powers of ten", logTicks(0.005, 200, 8), ["10⁻²", "10⁻¹", "1", "10", "10²"]],
  ["log, every few powers over a long way", logTicks(1e-30, 1, 4), ["10⁻²⁴", "10⁻¹⁶", "10⁻⁸", "1"]],
  ["log, within one power", logTicks(1.5, 7), ["2", "5"]],
  ["log, over a little more than a power", logTicks(0.002, 0.07), ["0.002", "0.005", "0.01", "0.02", "0.05"]],
  ["log, small, within one power", logTicks(1.5e-7, 7e-7), ["2·10⁻⁷", "5·10⁻⁷"]],
  ["log, between 2 and 5: as on a linear axis", logTicks(2.5, 3), ["2.5", "2.6", "2.7", "2.8", "2.9", "3.0"]],
];
for (const [words, ticks, expected] of tables) test(words, () => assert.deepEqual(texts(ticks), expected));

test("log ticks at every power lie inside the axis", () => {
  for (let n = -300; n < 290; n += 7)
    for (const { value } of logTicks(10 ** n, 10 ** (n + 9.5), 5)) assert.ok(value >= 0.999999 * 10 ** n && value <= 10 ** (n + 9.6));
});
