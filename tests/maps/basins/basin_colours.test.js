import assert from "node:assert/strict";
import { test } from "node:test";
import { minimumColour, squareCentre, findStepRange, joinRanges, listScaleTicks, paintBasins, findSquare, stationaryColours, computeStrength } from "../../../app/maps/basins/basin_colours.js";
import { parseHexColour } from "../../../app/player/base/theme_and_run_styles.js";

const ENDINGS = { 252: "unknown", 253: "saddle", 254: "stalled", 255: "lost" };
const [UNKNOWN, SADDLE, STALLED, LOST] = [252, 253, 254, 255];
const THEME = { ground: "#ffffff", hairline: "#dddddd", muted: "#555555", runs: ["#b84300", "#0b5cad"] };

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
  assert.deepEqual(findStepRange({ code: new Uint8Array(count), step }, ENDINGS), { fast: 2, slow: 98 });
  assert.deepEqual(findStepRange({ code: Uint8Array.of(0, LOST, 1), step: Uint16Array.of(5, 999, 7) }, ENDINGS), { fast: 5, slow: 5 });
  assert.equal(findStepRange({ code: Uint8Array.of(SADDLE, STALLED), step: Uint16Array.of(1, 2) }, ENDINGS), null);
});

test("maps side by side have one scale, which holds the steps of both", () => {
  assert.deepEqual(joinRanges([{ fast: 24, slow: 90 }, null, { fast: 86, slow: 300 }]), { fast: 24, slow: 300 });
  assert.equal(joinRanges([null, null]), null);
});

test("the scale says its ends, and round numbers of steps where the colour has that strength", () => {
  const range = { fast: 24, slow: 300 };
  const ticks = listScaleTicks(range);
  assert.deepEqual([ticks[0], ticks.at(-1)], [{ at: 0, text: "≤ 24" }, { at: 1, text: "≥ 300" }]);
  assert.ok(ticks.length > 2);
  for (const { at, text } of ticks.slice(1, -1)) assert.ok(Math.abs(computeStrength(Number(text), range) - (1 - at)) < 1e-12);
  for (let i = 1; i < ticks.length; i++) assert.ok(ticks[i].at - ticks[i - 1].at >= 0.19);
  assert.deepEqual(listScaleTicks({ fast: 3, slow: 3 }), [{ at: 0, text: "≤ 3" }]);
});

test("starts that are not computed yet are transparent and do not count", () => {
  assert.deepEqual(findStepRange({ code: Uint8Array.of(0, UNKNOWN), step: Uint16Array.of(5, 0) }, ENDINGS), { fast: 5, slow: 5 });
  const code = Uint8Array.of(0, UNKNOWN, UNKNOWN, UNKNOWN);
  const pixels = paintBasins({ code, step: new Uint16Array(4) }, ENDINGS, 2, { fast: 0, slow: 9 }, THEME, false);
  assert.deepEqual([3, 7, 11, 15].map((i) => pixels[i]), [0, 0, 255, 0]);
});

test("the picture has its first row at the top, and a colour for each kind of end", () => {
  const code = Uint8Array.of(0, 1, SADDLE, STALLED); // the bottom row first
  const pixels = paintBasins({ code, step: new Uint16Array(4) }, ENDINGS, 2, { fast: 0, slow: 9 }, THEME, false);
  const at = (i) => [...pixels.slice(4 * i, 4 * i + 4)];
  const { saddle, stalled } = stationaryColours(THEME);
  assert.deepEqual([at(0), at(1)], [[...saddle, 255], [...stalled, 255]]);
  assert.deepEqual([at(2), at(3)], [[...parseHexColour("#b84300"), 255], [...parseHexColour("#0b5cad"), 255]]);
  const lost = paintBasins({ code: new Uint8Array(36).fill(LOST), step: new Uint16Array(36) }, ENDINGS, 6, null, THEME, false);
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
