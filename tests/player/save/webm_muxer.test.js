import assert from "node:assert/strict";
import { test } from "node:test";
import { frameTime } from "../../../app/player/save/webm_and_gif_recorder.js";
import { muxWebM } from "../../../app/player/save/webm_muxer.js";
import { joinBytes } from "./join_bytes.js";

const WHOLE = new Set([0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0xe0, 0x1c53bb6b, 0xbb, 0xb7, 0x1f43b675, 0x1a45dfa3]);

// EBML read by its own rules: [name, where it stands, what is inside].
function read(data, from = 0, until = data.length) {
  const found = [];
  for (let at = from; at < until; ) {
    const start = at;
    const wide = Math.clz32(data[at]) - 23;
    const name = Number(`0x${[...data.subarray(at, at + wide)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`);
    at += wide;
    const size = Number(new DataView(data.buffer, at, 8).getBigUint64(0) & ((1n << 56n) - 1n));
    at += 8;
    assert.ok(at + size <= until, "an element ends within the one that it is in");
    found.push([name, start, WHOLE.has(name) ? read(data, at, at + size) : data.subarray(at, at + size)]);
    at += size;
  }
  return found;
}

const only = (tree, name) => tree.find(([found]) => found === name)[2];
const number = (data) => [...data].reduce((sum, byte) => 256 * sum + byte, 0);
const frames = Array.from({ length: 130 }, (_, i) => ({ time: frameTime(i, 30, 1000), key: i % 60 === 0, data: new Uint8Array(i + 1).fill(i) }));
const file = joinBytes(muxWebM(frames, { width: 1280, height: 720, codec: "vp09.00.40.08", seconds: 130 / 30, title: "山谷" }));
const [[ebml, , header], [segment, , inside]] = read(file);

test("a WebM says what it is, how large and how long", () => {
  assert.deepEqual([ebml, segment], [0x1a45dfa3, 0x18538067]);
  assert.equal(new TextDecoder().decode(only(header, 0x4282)), "webm");
  const info = only(inside, 0x1549a966);
  assert.equal(new DataView(Uint8Array.from(only(info, 0x4489)).buffer).getFloat64(0), 130000 / 30);
  assert.equal(new TextDecoder().decode(only(info, 0x7ba9)), "山谷");
  const track = only(only(inside, 0x1654ae6b), 0xae);
  assert.equal(new TextDecoder().decode(only(track, 0x86)), "V_VP9");
  assert.deepEqual([0xb0, 0xba].map((name) => number(only(only(track, 0xe0), name))), [1280, 720]);
});

test("every frame is in it at its time, each cluster from a key frame on", () => {
  const clusters = inside.filter(([name]) => name === 0x1f43b675).map(([, , cluster]) => cluster);
  assert.equal(clusters.length, 3);
  const found = clusters.flatMap((cluster) =>
    cluster.slice(1).map(([, , block], i) => ({ time: number(only(cluster, 0xe7)) + 256 * block[1] + block[2], key: block[3] === 0x80, first: i === 0, data: block.slice(4) })),
  );
  assert.ok(found.every(({ key, first }) => key === first));
  assert.deepEqual(found.map(({ first, ...frame }) => frame), frames);
});

test("the cues point at the clusters", () => {
  const start = inside[0][1];
  const clusters = inside.filter(([name]) => name === 0x1f43b675).map(([, at]) => at - start);
  const cues = only(inside, 0x1c53bb6b).map(([, , point]) => [number(only(point, 0xb3)), number(only(only(point, 0xb7), 0xf1))]);
  assert.deepEqual(cues, clusters.map((at, i) => [2000 * i, at]));
});
