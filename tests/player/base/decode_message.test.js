import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeRuns, decodeStage } from "../../../app/player/base/decode_message.js";
import { floats, message } from "../encode_message.js";

const XYL = ["x", "y", "loss"].map((name) => [name, "f4"]);

const head = (runs) => ({ id: "a", start: [0, 1], steps: 2, runs });

test("columns come back as sent, float32 and float64, wherever the message lies in memory", () => {
  const run = { name: "é", length: 2, columns: [...XYL.slice(0, 2), ["loss", "f8"]] };
  const sent = message(head([run]), floats(1, 2), floats(3, 4), Float64Array.from([1e60, 1e-60]));
  const shifted = new Uint8Array(sent.length + 3);
  shifted.set(sent, 3);
  for (const bytes of [sent, shifted.subarray(3)]) {
    const [{ name, columns }] = decodeRuns(bytes).runs;
    assert.equal(name, "é");
    assert.deepEqual([...columns.x, ...columns.y, ...columns.loss], [1, 2, 3, 4, 1e60, 1e-60]);
  }
});

const good = message(head([{ length: 2, columns: XYL }]), floats(1, 2), floats(3, 4), floats(5, 6));
const broken = {
  "nothing at all": null,
  "a string": "hello",
  "too short": good.slice(0, 6),
  "a header longer than the message": good.map((byte, i) => (i === 2 ? 255 : byte)),
  "a column cut short": good.slice(0, -4),
  "bytes left over": Uint8Array.from([...good, 0, 0, 0, 0]),
  "no path": message(head([{ length: 2, columns: XYL.slice(0, 2) }]), floats(1, 2), floats(3, 4)),
  "an unknown kind of column": message(head([{ length: 1, columns: [["x", "i9"]] }]), floats(1)),
  "no steps": message({ ...head([]), steps: null }),
  "a start that is no point": message({ ...head([]), start: [0, null] }),
  "no runs": message({ id: "a", start: [0, 1], steps: 2 }),
};
for (const [words, bytes] of Object.entries(broken)) test(`refused: ${words}`, () => assert.throws(() => decodeRuns(bytes)));

test("an empty list of runs is a message", () => assert.deepEqual(decodeRuns(message(head([]))).runs, []));

test("a stage needs a box with an inside", () => {
  const stage = (box) => new TextEncoder().encode(JSON.stringify({ id: "a", stage: { box } }));
  assert.equal(decodeStage(stage([[0, 1], [2, 3]])).id, "a");
  for (const box of [[[1, 0], [2, 3]], [[0, null], [2, 3]], [[0, 0], [0, 0]]]) assert.throws(() => decodeStage(stage(box)));
});
