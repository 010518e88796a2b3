import assert from "node:assert/strict";
import { test } from "node:test";
import { LOST, SADDLE, STALLED, UNKNOWN, minimumColour, squareCentre, findStepRange, paintBasins, findSquare, stationaryColours, computeStrength } from "../../app/maps/basins/basin_colours.js";
import { parseHexColour } from "../../app/player/base/theme_and_run_styles.js";
import { decodeMap } from "../../app/maps/decode_map.js";

const THEME = { ground: "#ffffff", hairline: "#dddddd", muted: "#555555", runs: ["#b84300", "#0b5cad"] };

// What Python sends, written once more: everything padded to 8 bytes.
function parcel(header, arrays) {
  const listed = Object.entries(arrays).map(([name, values]) => [name, { Uint8Array: "u1", Uint16Array: "u2", Float64Array: "f8" }[values.constructor.name], values.length]);
  let text = JSON.stringify({ ...header, arrays: listed });
  while ((4 + text.length) % 8) text += " ";
  const blocks = Object.values(arrays).map((values) => [...new Uint8Array(values.buffer), ...new Array((8 - (values.byteLength % 8)) % 8).fill(0)]);
  const length = new Uint8Array(Uint32Array.of(text.length).buffer);
  return Uint8Array.from([...length, ...new TextEncoder().encode(text), ...blocks.flat()]);
}

test("a parcel is read", () => {
  const arrays = { code: Uint8Array.of(1, 2, 255), step: Uint16Array.of(7, 300, 1), minima: Float64Array.of(0.5, -1e9), none: Uint8Array.of() };
  assert.deepEqual(decodeMap(parcel({ id: "m" }, arrays)).arrays, arrays);
});

test("what is no parcel is refused", () => {
  const whole = parcel({}, { minima: Float64Array.of(1, 2) });
  for (const bytes of [null, "x", new Uint8Array(3), whole.slice(0, 12), whole.slice(0, -8)]) assert.throws(() => decodeMap(bytes));
  assert.throws(() => decodeMap(parcel({}, { x: { constructor: { name: "Float16Array" }, length: 0, buffer: new ArrayBuffer(0), byteLength: 0 } })));
});

test("each minimum has a hue of its own, and all differ for a while", () => {
  const seen = Array.from({ length: 10 }, (_, i) => minimumColour(i, THEME, false).join());
  assert.equal(new Set(seen).size, 10);
  assert.deepEqual(minimumColour(0, THEME, false), parseHexColour("#b84300"));
  for (const colour of Array.from({ length: 30 }, (_, i) => minimumColour(i, THEME, true))) assert.ok(colour.every((c) => c >= 0 && c <= 255));
});

test("strength falls from the fastest starts to the slowest, by equal factors", () => {
  const pace = { fast: 9, slow: 99 };
  assert.equal(computeStrength(9, pace), 1);
  assert.equal(computeStrength(3, pace), 1);
  assert.equal(computeStrength(99, pace), 0);
  assert.equal(computeStrength(500, pace), 0);
  assert.ok(Math.abs(computeStrength(Math.sqrt(1000) - 1, pace) - 0.5) < 1e-12);
  assert.equal(computeStrength(4, { fast: 4, slow: 4 }), 1); // all are as fast
});

test("the pace is that of starts which are led to a minimum, but for the outermost", () => {
  const count = 101;
  const step = Uint16Array.from({ length: count }, (_, i) => i);
  assert.deepEqual(findStepRange({ code: new Uint8Array(count), step }), { fast: 2, slow: 98 });
  assert.deepEqual(findStepRange({ code: Uint8Array.of(0, LOST, 1), step: Uint16Array.of(5, 999, 7) }), { fast: 5, slow: 5 });
  assert.equal(findStepRange({ code: Uint8Array.of(SADDLE, STALLED), step: Uint16Array.of(1, 2) }), null);
});

test("starts that are not computed yet are transparent and do not count", () => {
  const [code, step] = [Uint8Array.of(0, UNKNOWN), Uint16Array.of(5, 0)];
  assert.deepEqual(findStepRange({ code, step }), { fast: 5, slow: 5 });
  const pixels = paintBasins({ code: Uint8Array.of(0, UNKNOWN, UNKNOWN, UNKNOWN), step: new Uint16Array(4) }, 2, { fast: 0, slow: 9 }, THEME, false);
  assert.deepEqual([3, 7, 11, 15].map((i) => pixels[i]), [0, 0, 255, 0]);
});

test("the picture has its first row at the top, and a colour for each kind of end", () => {
  const code = Uint8Array.of(0, 1, SADDLE, STALLED); // the bottom row first
  const pixels = paintBasins({ code, step: new Uint16Array(4) }, 2, { fast: 0, slow: 9 }, THEME, false);
  const at = (i) => [...pixels.slice(4 * i, 4 * i + 4)];
  const { saddle, stalled } = stationaryColours(THEME);
  assert.deepEqual([at(0), at(1)], [[...saddle, 255], [...stalled, 255]]);
  assert.deepEqual([at(2), at(3)], [[...parseHexColour("#b84300"), 255], [...parseHexColour("#0b5cad"), 255]]);
  const lost = paintBasins({ code: new Uint8Array(36).fill(LOST), step: new Uint16Array(36) }, 6, null, THEME, false);
  assert.equal(new Set(Array.from({ length: 36 }, (_, i) => lost[4 * i])).size, 2); // hatched
});

test("a place lies in a square of the window, whose middle lies in it too; outside there is none", () => {
  const window = [[-2, 2], [0, 1]];
  assert.deepEqual(findSquare([-2, 1], window, 4), [0, 3]);
  assert.deepEqual(findSquare([0.99, 0.26], window, 4), [2, 1]);
  for (const place of [[-2.01, 0], [0, 1.01], [Number.NaN, 0]]) assert.equal(findSquare(place, window, 4), null);
  assert.deepEqual(squareCentre([2, 1], window, 4), [0.5, 0.375]);
  assert.deepEqual(findSquare(squareCentre([2, 1], window, 4), window, 4), [2, 1]);
});
