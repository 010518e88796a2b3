// The numbers of a gradient check: errors of entries at one h, their order, their names and the steps of the colour scale.

import { formatNumber } from "../player/base/number_format.js";

// The notes' limits, and one below them; an error above the last is wrong.
export const ERROR_STEPS = [1e-9, 1e-7, 1e-4, 1e-2];

// |a - n| / max(|a|, |n|); 0 where both are 0.
export function relativeError(a, n) {
  const size = Math.max(Math.abs(a), Math.abs(n));
  return size === 0 ? 0 : Math.abs(a - n) / size;
}

// The position in rising step sizes of the one that is nearest to `h` by its ratio; -1 if there is none.
export function findNearestStep(steps, h) {
  let best = -1;
  for (let i = 0; i < steps.length; i++) if (best < 0 || Math.abs(Math.log(steps[i] / h)) < Math.abs(Math.log(steps[best] / h))) best = i;
  return best;
}

// The index of the step size whose results are shown at `h`, the nearest one. While results may still come (`isGrowing`) only
// those at `h` itself, else -1: a verdict at another h does not hold for this one.
export function findShownStep(steps, h, isGrowing) {
  const k = findNearestStep(steps, h);
  return k >= 0 && (!isGrowing || Math.abs(Math.log(steps[k] / h)) < 1e-9) ? k : -1;
}

// The step of the colour scale: 0 for the smallest errors, 4 for wrong ones and for NaN.
export function findErrorStep(error) {
  const step = ERROR_STEPS.findIndex((limit) => error <= limit);
  return step < 0 ? ERROR_STEPS.length : step;
}

// The checked entries at row `k` of a scan: arrays of equal length.
export function takeScanRow({ entries, analytic, numeric, kinks, suspected }, k) {
  const many = entries.length;
  const part = (array) => array.subarray(k * many, (k + 1) * many);
  return measureEntries(entries, analytic, part(numeric), part(suspected), part(kinks));
}

export function takeFullCheck({ full_entries, full_analytic, full_numeric, full_suspected }) {
  return measureEntries(full_entries, full_analytic, full_numeric, full_suspected, null);
}

function measureEntries(entries, analytic, numeric, kinked, kinks) {
  const errors = Float64Array.from(entries, (_, i) => relativeError(analytic[i], numeric[i]));
  return { entries, analytic, numeric, kinked, kinks, errors };
}

// Positions of the `count` largest errors, the worst first; what is not a number is the worst.
export function findWorst({ errors }, count) {
  const rank = (i) => (Number.isNaN(errors[i]) ? Infinity : errors[i]);
  return Array.from(errors.keys())
    .sort((i, j) => (rank(i) === rank(j) ? i - j : rank(j) > rank(i) ? 1 : -1))
    .slice(0, count);
}

// How many steps cross a kink, and how many kinks they cross in all.
export function countKinks({ kinks }) {
  let [crossed, all] = [0, 0];
  for (const many of kinks) {
    if (many > 0) crossed += 1;
    all += many;
  }
  return { crossed, all };
}

// W1[3, 17], b2[0], or x: blocks are [name, shape, start, stop].
export function nameEntry(blocks, i) {
  const [name, shape, start] = blocks.find(([, , from, until]) => i >= from && i < until);
  const index = findIndices(shape, i - start);
  return index.length ? `${name}[${index.join(", ")}]` : name;
}

// The indices of a place in an array of this shape, row by row.
export function findIndices(shape, place) {
  const index = [];
  for (const length of [...shape].reverse()) {
    index.unshift(place % length);
    place = Math.floor(place / length);
  }
  return index;
}

// Rows and columns of the picture of a block: a vector is one row.
export const shapeOfPicture = (shape) => (shape.length === 2 ? shape : [1, shape[0] ?? 1]);

// A round number as it is said: 10⁻⁵, 2.5·10⁻⁶, 0.01.
export const formatRound = (h) => formatNumber(h, h >= 1e-3 ? 2 : 3).replace(/\.?0+(?=·|$)/, "").replace(/^1·/, "");

export const isTiny = (a, n) => Math.max(Math.abs(a), Math.abs(n)) < 1e-10 && Math.max(Math.abs(a), Math.abs(n)) > 0;
