import assert from "node:assert/strict";
import { test } from "node:test";
import { LOST, SADDLE, STALLED, hueOf, middleOf, paceOf, paint, rgb, squareAt, stillnesses, strength } from "../../app/maps/basins/basin_colours.js";
import { decodeParcel } from "../../app/maps/decode_map.js";

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
  assert.deepEqual(decodeParcel(parcel({ id: "m" }, arrays)).arrays, arrays);
});

test("what is no parcel is refused", () => {
  const whole = parcel({}, { minima: Float64Array.of(1, 2) });
  for (const bytes of [null, "x", new Uint8Array(3), whole.slice(0, 12), whole.slice(0, -8)]) assert.throws(() => decodeParcel(bytes));
  assert.throws(() => decodeParcel(parcel({}, { x: { constructor: { name: "Float16Array" }, length: 0, buffer: new ArrayBuffer(0), byteLength: 0 } })));
});

test("each minimum has a hue of its own, and all differ for a while", () => {
  const seen = Array.from({ length: 10 }, (_, i) => hueOf(i, THEME, false).join());
  assert.equal(new Set(seen).size, 10);
  assert.deepEqual(hueOf(0, THEME, false), rgb("#b84300"));
  for (const colour of Array.from({ length: 30 }, (_, i) => hueOf(i, THEME, true))) assert.ok(colour.every((c) => c >= 0 && c <= 255));
});

test("strength falls from the fastest starts to the slowest, by equal factors", () => {
  const pace = { fast: 9, slow: 99 };
  assert.equal(strength(9, pace), 1);
  assert.equal(strength(3, pace), 1);
  assert.equal(strength(99, pace), 0);
  assert.equal(strength(500, pace), 0);
  assert.ok(Math.abs(strength(Math.sqrt(1000) - 1, pace) - 0.5) < 1e-12);
  assert.equal(strength(4, { fast: 4, slow: 4 }), 1); // all are as fast
});

test("the pace is that of starts which are led to a minimum, but for the outermost", () => {
  const count = 101;
  const step = Uint16Array.from({ length: count }, (_, i) => i);
  assert.deepEqual(paceOf({ code: new Uint8Array(count), step }), { fast: 2, slow: 98 });
  assert.deepEqual(paceOf({ code: Uint8Array.of(0, LOST, 1), step: Uint16Array.of(5, 999, 7) }), { fast: 5, slow: 5 });
  assert.equal(paceOf({ code: Uint8Array.of(SADDLE, STALLED), step: Uint16Array.of(1, 2) }), null);
});

test("the picture has its first row at the top, and a colour for each kind of end", () => {
  const code = Uint8Array.of(0, 1, SADDLE, STALLED); // the bottom row first
  const pixels = paint({ code, step: new Uint16Array(4) }, 2, { fast: 0, slow: 9 }, THEME, false);
  const at = (i) => [...pixels.slice(4 * i, 4 * i + 4)];
  const { saddle, stalled } = stillnesses(THEME);
  assert.deepEqual([at(0), at(1)], [[...saddle, 255], [...stalled, 255]]);
  assert.deepEqual([at(2), at(3)], [[...rgb("#b84300"), 255], [...rgb("#0b5cad"), 255]]);
  const lost = paint({ code: new Uint8Array(36).fill(LOST), step: new Uint16Array(36) }, 6, null, THEME, false);
  assert.equal(new Set(Array.from({ length: 36 }, (_, i) => lost[4 * i])).size, 2); // hatched
});

test("a place lies in a square of the window, whose middle lies in it too; outside there is none", () => {
  const window = [[-2, 2], [0, 1]];
  assert.deepEqual(squareAt([-2, 1], window, 4), [0, 3]);
  assert.deepEqual(squareAt([0.99, 0.26], window, 4), [2, 1]);
  for (const place of [[-2.01, 0], [0, 1.01], [Number.NaN, 0]]) assert.equal(squareAt(place, window, 4), null);
  assert.deepEqual(middleOf([2, 1], window, 4), [0.5, 0.375]);
  assert.deepEqual(squareAt(middleOf([2, 1], window, 4), window, 4), [2, 1]);
});
