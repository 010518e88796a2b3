import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeEquations } from "../../app/player/base/decode_message.js";
import { readSlot, toLatex, formatNumeral } from "../../app/race/equation_view.js";
import { floats, message } from "../player/encode_message.js";

const always = { pick: null, when: null };
const head = (changed = {}) => ({
  note: "",
  styles: "fef",
  length: 3,
  lines: [{ ...always, latex: ["x_{t}", "=", "\\mu\\,v_{t-1}", ["9100001\\,9100000"], "=", "9000002"] }],
  ...changed,
});
const columns = [floats(NaN, -0.5, 2), floats(0.9), Float64Array.from([NaN, -1.8e60, 1.8])];

test("columns come back as sent, and one number stands for a column that never changes", () => {
  const rule = decodeEquations(message(head(), columns));
  assert.equal(readSlot(rule, 0, 1), -0.5);
  assert.equal(readSlot(rule, 2, 1), -1.8e60);
  assert.equal(readSlot(rule, 1, 1), readSlot(rule, 1, 2));
  assert.ok(Number.isNaN(readSlot(rule, 0, 0)));
});

const good = message(head(), columns);
const broken = {
  "nothing at all": null,
  "a message cut short": good.slice(0, good.length - 1),
  "bytes left over": new Uint8Array([...good, 0]),
  "a column of another length": message(head(), { ...columns, 0: floats(NaN, 1) }),
  "a column of integers": message(head(), { ...columns, 0: Int32Array.of(0, 1, 2) }),
  "a style without a column": message(head({ styles: "fefe" }), columns),
  "no lines": message(head({ lines: null }), columns),
};
for (const [what, bytes] of Object.entries(broken)) test(`${what} throws`, () => assert.throws(() => decodeEquations(bytes)));

for (const [value, style, place, text] of [
  [0.123456, "f", 0, "0.1235"],
  [-0.5, "f", 0, "−0.5000"],
  [-0.5, "f", 1, "(−0.5000)"],
  [0.5, "f", 2, "0.5000"],
  [180000, "f", 1, "1.800·10⁵"],
  [180000, "f", 2, "(1.800·10⁵)"],
  [0, "f", 0, "0"],
  [-0, "f", 1, "0"],
  [NaN, "f", 0, "NaN"],
  [-Infinity, "f", 1, "(−∞)"],
  [Math.fround(0.9), "e", 0, "0.9"],
  [Math.fround(0.9999), "e", 0, "0.9999"],
  [Math.fround(1e-8), "e", 2, "10⁻⁸"],
  [Math.fround(2.5e-8), "e", 0, "2.5·10⁻⁸"],
  [1e8, "e", 0, "10⁸"],
  [137, "e", 0, "137"],
  [-4, "e", 0, "−4"],
  [Infinity, "e", 0, "∞"],
  [1, "b", 0, "true"],
  [0, "b", 1, "false"],
])
  test(`${value} as ${style} in place ${place} is ${text}`, () => assert.equal(formatNumeral(value, style, place), text));

test("a rule copied as LaTeX has the numbers of its step", () => {
  const rule = decodeEquations(good);
  assert.equal(
    toLatex(rule, 1),
    "\\begin{aligned}\nx_{t} &= \\mu\\,v_{t-1} = 0.9\\,(-0.5000) = -1.800 \\cdot 10^{60}\n\\end{aligned}",
  );
});

test("a line is left out where its step did not come to it, and of two ways the one taken is copied", () => {
  const line = { pick: 1, when: 0, latex: ["p", "\\leftarrow", "", ["", "-9100001"], "=", "9000001"] };
  const rule = decodeEquations(message(head({ lines: [line], styles: "eee" }), [floats(NaN, 0, 1), floats(1), columns[2]]));
  assert.equal(toLatex(rule, 1), "\\begin{aligned}\n\n\\end{aligned}");
  assert.equal(toLatex(rule, 2), "\\begin{aligned}\np &= -1 = 1\n\\end{aligned}");
});
