import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, decodeRuns, decodeStage } from "../../../app/player/base/decode_message.js";
import { floats, message } from "../encode_message.js";

const XYL = { "0/x": floats(1, 2), "0/y": floats(3, 4), "0/loss": floats(5, 6) };
const RUN = { length: 2, columns: ["x", "y", "loss"], ramps: [] };

const head = (runs) => ({ id: "a", start: [0, 1], steps: 2, runs });

test("arrays come back as sent, of every kind, wherever the message lies in memory", () => {
  const arrays = { code: Uint8Array.of(1, 2, 255), step: Uint16Array.of(7, 300, 1), minima: Float64Array.of(0.5, -1e9), none: floats() };
  const sent = message({ id: "é" }, arrays);
  const shifted = new Uint8Array(sent.length + 3);
  shifted.set(sent, 3);
  for (const bytes of [sent, shifted.subarray(3)]) {
    const found = decodeMessage(bytes);
    assert.equal(found.id, "é");
    assert.deepEqual(found.arrays, arrays);
  }
});

test("columns come back as sent, float32 and float64, and what rises evenly is filled in", () => {
  const run = { ...RUN, name: "é", length: 3, ramps: ["y"] };
  const sent = { "0/x": floats(1, 2, 3), "0/y": Float64Array.of(2, 5), "0/loss": Float64Array.of(1e60, 1e-60, 0) };
  const [{ name, columns }] = decodeRuns(message(head([run]), sent)).runs;
  assert.equal(name, "é");
  assert.deepEqual([...columns.x, ...columns.y, ...columns.loss], [1, 2, 3, 2, 7, 12, 1e60, 1e-60, 0]);
});

const good = message(head([RUN]), XYL);
const broken = {
  "nothing at all": null,
  "a string": "hello",
  "too short": good.slice(0, 3),
  "a header longer than the message": good.map((byte, i) => (i === 2 ? 255 : byte)),
  "a column cut short": good.slice(0, -4),
  "bytes left over": Uint8Array.from([...good, 0, 0, 0, 0]),
  "no path": message(head([{ ...RUN, columns: ["x", "y"] }]), XYL),
  "a column without an array": message(head([{ ...RUN, columns: ["x", "y", "loss", "lr"] }]), XYL),
  "a column of another length": message(head([{ ...RUN, length: 3 }]), XYL),
  "an unknown kind of column": message(head([RUN]), { ...XYL, "0/x": Int32Array.of(1, 2) }),
  "no steps": message({ ...head([]), steps: null }),
  "a start that is no point": message({ ...head([]), start: [0, null] }),
  "no runs": message({ id: "a", start: [0, 1], steps: 2 }),
};
test("the unbroken message is read", () => assert.deepEqual([...decodeRuns(good).runs[0].columns.loss], [5, 6]));
for (const [words, bytes] of Object.entries(broken)) test(`refused: ${words}`, () => assert.throws(() => decodeRuns(bytes)));

test("an empty list of runs is a message", () => assert.deepEqual(decodeRuns(message(head([]))).runs, []));

test("a stage needs a box with an inside; its heights are as Plotly reads them", () => {
  const heights = Float32Array.from({ length: 161 ** 2 }, (_, i) => i);
  const stage = (box) => message({ id: "a", stage: { box, figure: { data: [{ z: { dtype: "f4", shape: "161, 161" } }] } } }, { heights });
  const { id, stage: { figure: { data: [{ z }] } } } = decodeStage(stage([[0, 1], [2, 3]]));
  assert.equal(id, "a");
  assert.deepEqual(z, { dtype: "f4", shape: "161, 161", bdata: Buffer.from(heights.buffer).toString("base64") });
  for (const box of [[[1, 0], [2, 3]], [[0, null], [2, 3]], [[0, 0], [0, 0]]]) assert.throws(() => decodeStage(stage(box)));
});
