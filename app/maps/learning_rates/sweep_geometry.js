// The geometry of a sweep over learning rates: heights on the axes, stretches of one zone, the nearest rate and run.

import { linearTicks, logTicks } from "../../player/base/axis_ticks.js";
import { formatNumber } from "../../player/base/number_format.js";

const ROUNDING_FRACTION = 1e-16; // of the way down: smaller differences from the lowest loss are drawn as this one
const DECADES_ABOVE_START = 1; // of the axis above the initial loss
const MAX_DECADES = 20; // of the axis: a loss may fall without end
const LINEAR_FRACTION = 1e-2; // of the initial loss: without a known lowest loss, smaller ones are on a linear scale

const LINE_GAP = 5; // pixels from a line to a name beside it
const MIN_NAME_GAP = 30; // pixels between two lines that leave room for a name between them

// The rows of each run, from arrays with one row after the other; `zones` names the numbers in `zone`.
export function splitRuns({ rates, final, lowest, reached, zone }, zones) {
  const row = (values, i) => values.subarray(i * rates.length, (i + 1) * rates.length);
  return Array.from({ length: final.length / rates.length }, (_, i) => ({
    final: row(final, i),
    lowest: row(lowest, i),
    reached: row(reached, i),
    zone: Array.from(row(zone, i), (number) => zones[number]),
  }));
}

// The axis of losses: `at(loss)` is a height, null for NaN; an infinite loss is above the top.
export function createLossScale({ floor, initial_loss: initialLoss }, losses) {
  const known = floor !== null && floor !== undefined;
  const finite = losses.filter(Number.isFinite);
  const start = initialLoss ?? Math.max(...finite, 1);
  const unit = LINEAR_FRACTION * (Math.abs(start) || 1);
  const fall = start - floor > 0 ? start - floor : 1;
  const signed = (v) => Math.sign(v) * Math.log10(1 + Math.min(Math.abs(v) / unit, Number.MAX_VALUE));
  const height = known ? (v) => Math.log10(Math.max(v - floor, ROUNDING_FRACTION * fall)) : signed;
  const top = known ? Math.log10(fall) + DECADES_ABOVE_START : signed(start) + DECADES_ABOVE_START;
  const seen = finite.map(height);
  const low = Math.max(Math.min(...seen, top - 2) - 0.3, top - MAX_DECADES);
  const at = (loss) => (Number.isNaN(loss) ? null : loss === Infinity ? top + 1 : height(Math.max(loss, -Number.MAX_VALUE)));
  const ticks = known ? logTicks(10 ** low, 10 ** top, 6).map(({ value, text }) => ({ value: Math.log10(value), text })) : buildSignedTicks(low, top, unit, signed);
  return { at, range: [low, top], ticks, start: height(start) };
}

function buildSignedTicks(low, top, unit, signed) {
  const powers = linearTicks(low, top, 6).map(({ value }) => Math.round(value));
  return [...new Set(powers)].map((power) => {
    const value = Math.sign(power) * unit * 10 ** Math.abs(power);
    return { value: signed(value), text: formatNumber(value, 1) };
  });
}

// Stretches of rates with one zone, as [zone, from, to]: the border is in the middle between two rates, on a log axis.
export function findZoneStretches(rates, zone) {
  const found = [];
  for (let i = 0; i < rates.length; i++) {
    const from = i ? Math.sqrt(rates[i - 1] * rates[i]) : rates[0];
    if (found.length && found.at(-1)[0] === zone[i]) continue;
    if (found.length) found.at(-1)[2] = from;
    found.push([zone[i], from, rates.at(-1)]);
  }
  return found;
}

// The corners of all stretches of one zone, as rectangles between two heights, with a gap after each.
export function buildZoneBoxes(stretched, zone, bottom, top) {
  const [x, y] = [[], []];
  for (const [kind, from, to] of stretched) {
    if (kind !== zone) continue;
    x.push(from, to, to, from, from, null);
    y.push(bottom, bottom, top, top, bottom, null);
  }
  return { x, y };
}

// The largest rate up to which all are stable; null if the first is not.
export function findStableLimit(rates, zone) {
  const first = zone.findIndex((name) => name !== "stable");
  return first === 0 ? null : rates[(first < 0 ? rates.length : first) - 1];
}

// The index of the rate that is nearest on a log axis.
export function findNearestRate(rates, lr) {
  let best = 0;
  rates.forEach((rate, i) => {
    if (Math.abs(Math.log(rate / lr)) < Math.abs(Math.log(rates[best] / lr))) best = i;
  });
  return best;
}

// The index of the height that is nearest to `y`; null is no height.
export function findNearestHeight(heights, y) {
  let best = 0;
  const away = (i) => (heights[i] === null ? Infinity : Math.abs(heights[i] - y));
  heights.forEach((_, i) => {
    if (away(i) < away(best)) best = i;
  });
  return best;
}

// A window moved into the full one, with its width if that is possible.
export function clampWindow([low, high], [least, most]) {
  const width = Math.min(high / low, most / least);
  const from = Math.min(Math.max(low, least), most / width);
  return [from, from * width];
}

// Names beside lines, which come from left to right as [x, width]: `shift` from a line to the left edge of its name, and
// the first `level` where it overlaps no other. A name is beyond the lines next to its own; where it would not fit at the
// right, it is at the left.
export function stackLabels(names, room) {
  const ends = [];
  // The last of the lines in this direction that stand too close for a name between them.
  const findEdge = (i, step) => (Math.abs(names[i + step]?.[0] - names[i][0]) < MIN_NAME_GAP ? findEdge(i + step, step) : names[i][0]);
  return names.map(([x, width], i) => {
    const right = findEdge(i, 1) + LINE_GAP;
    const from = right + width > room ? findEdge(i, -1) - LINE_GAP - width : right;
    let level = ends.findIndex((end) => end < from);
    if (level < 0) level = ends.length;
    ends[level] = Math.max(from + width, x) + LINE_GAP;
    return { level, shift: from - x };
  });
}
