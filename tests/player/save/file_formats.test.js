// Files that are made in the browser, read byte by byte.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { GifWriter, buildPalette } from "../../../app/player/save/gif_encoder.js";
import { MAX_VIDEO_SECONDS, planFrames, frameTime } from "../../../app/player/save/webm_and_gif_recorder.js";
import { computeCrc, addTextChunk } from "../../../app/player/save/png_metadata.js";
import { muxWebM } from "../../../app/player/save/webm_muxer.js";

const bytes = (parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

// ---- PNG

test("a PNG's word is a chunk of its own after the header, with its sum", () => {
  const letters = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  assert.equal(computeCrc(letters("IEND")), 0xae426082); // as every PNG ends
  const [head, rest] = [new Uint8Array(33).fill(7), deflateSync("rest")];
  const made = addTextChunk(bytes([head, rest]), "URL", "http://a/?b=c");
  const view = new DataView(made.buffer);
  const long = view.getUint32(33);
  assert.equal(long, "URL\0http://a/?b=c".length);
  assert.equal(String.fromCharCode(...made.subarray(37, 41 + long)), "tEXtURL\0http://a/?b=c");
  assert.deepEqual([made.subarray(0, 33), made.subarray(45 + long)], [head, new Uint8Array(rest)]);
  if (crc32) assert.equal(view.getUint32(41 + long), crc32(made.subarray(37, 41 + long)));
});

// ---- WebM

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
const file = bytes(muxWebM(frames, { width: 1280, height: 720, codec: "vp09.00.40.08", seconds: 130 / 30, title: "山谷" }));
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

// ---- GIF

const pixel = ([r, g, b]) => [r, g, b, 255];
const picture = (...colours) => Uint8ClampedArray.from(colours.flatMap(pixel));

test("a palette has the runs' colours and those of areas as they are", () => {
  const [run, sea, odd] = [[0xb8, 0x43, 0], [1, 2, 3], [200, 210, 220]];
  const many = picture(...Array(500).fill(sea), odd, ...Array.from({ length: 400 }, (_, i) => [i % 256, 90, i >> 1]));
  const palette = buildPalette(many, [run, run]);
  assert.deepEqual(palette.slice(0, 2), [run, sea]);
  assert.ok(palette.length <= 255);
  assert.equal(new Set(palette.slice(0, 100).map(String)).size, 100);
});

test("of a frame only what has changed is written, and each is seen as long as it was said", () => {
  const [one, two] = [[10, 20, 30], [200, 100, 50]];
  const gif = new GifWriter(2, 2, [one, two]);
  gif.addFrame(picture(one, one, one, two), 8);
  const first = gif.previousFrame;
  gif.addFrame(picture(one, one, two, two), 9);
  assert.deepEqual([[...first], [...gif.previousFrame]], [[0, 0, 0, 1], [0, 0, 1, 1]]);
  const made = bytes(gif.finish());
  assert.equal(String.fromCharCode(...made.subarray(0, 6)), "GIF89a");
  assert.equal(made.at(-1), 0x3b);
  const controls = [...made.keys()].filter((i) => made[i] === 0x21 && made[i + 1] === 0xf9).map((i) => [made[i + 3] & 1, made[i + 4], made[i + 6]]);
  assert.deepEqual(controls, [[0, 8, 2], [1, 9, 2]], "see-through from the second on, in the colour that no pixel has");
});

// ---- films

test("a film runs from the start to the end at the speed that is shown, and stays there", () => {
  const { positions, seconds } = planFrames(150, 1, 30);
  assert.equal(seconds, 9);
  assert.equal(positions.length, 270);
  assert.deepEqual([positions[0], positions[120], positions[240], positions.at(-1)], [0, 75, 150, 150]);
  assert.ok(positions.every((position, i) => i === 0 || position >= positions[i - 1]));
  assert.equal(planFrames(150, 8, 30).seconds, 2);
});

test("no film is longer than it may be, and a race of no steps is a film too", () => {
  const slow = planFrames(2000, 0.1, 12);
  assert.equal(slow.seconds, MAX_VIDEO_SECONDS);
  assert.equal(slow.positions.at(-1), 2000);
  assert.deepEqual([...new Set(planFrames(0, 32, 12).positions)], [0]);
});

test("the times of frames are whole, and their sum is not off", () => {
  const shown = Array.from({ length: 12 }, (_, i) => frameTime(i + 1, 12, 100) - frameTime(i, 12, 100));
  assert.deepEqual([...new Set(shown)].sort(), [8, 9]);
  assert.equal(shown.reduce((a, b) => a + b), 100);
});
