import assert from "node:assert/strict";
import { test } from "node:test";
import { GifWriter, buildPalette } from "../../../app/player/save/gif_encoder.js";
import { joinBytes } from "./join_bytes.js";

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
  const made = joinBytes(gif.finish());
  assert.equal(String.fromCharCode(...made.subarray(0, 6)), "GIF89a");
  assert.equal(made.at(-1), 0x3b);
  const controls = [...made.keys()].filter((i) => made[i] === 0x21 && made[i + 1] === 0xf9).map((i) => [made[i + 3] & 1, made[i + 4], made[i + 6]]);
  assert.deepEqual(controls, [[0, 8, 2], [1, 9, 2]], "see-through from the second on, in the colour that no pixel has");
});
