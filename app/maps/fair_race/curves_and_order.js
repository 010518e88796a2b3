// What a fair race's pictures are made of: curves on a common scale, an order of the runs.

const MAX_DECADES = 14; // that the scale of the loss has at most

// The curves of `which` runs, tuned or shared, by steps or by evaluations; a loss of 0 ends a curve on a log scale.
export function buildCurves(arrays, count, which, unit) {
  const found = [];
  for (let i = 0; i < count; i++) {
    const loss = arrays[`${which}${i}_loss`];
    if (!loss) continue;
    const spent = arrays[`${which}${i}_evaluations`];
    found.push({ x: unit === "steps" ? Array.from(loss, (_, k) => k) : [...spent], y: Array.from(loss, (v) => (v > 0 ? v : null)) });
  }
  return found;
}

// Does a curve end higher than it began? So does one that diverged and was cut where it left the numbers.
export const endsHigher = ({ y }) => y.length > 1 && y.at(-1) > y[0];

// Which curves end so much lower at one learning rate than tuned that it is seen, by their place.
const VISIBLE_RATIO = 1.1;
export const findBetterShared = (tuned, shared) =>
  shared.flatMap(({ y }, i) => ((y.at(-1) ?? 0) * VISIBLE_RATIO < (tuned[i]?.y.at(-1) ?? 0) ? [i] : []));

// The scale that all curves share: what diverges leaves it at the top, what is exact at the bottom.
export function findCommonRange(curves) {
  const begun = curves.map(({ y }) => y[0]).filter((v) => v > 0);
  const all = curves.flatMap(({ y }) => y).filter((v) => v > 0);
  const high = 10 * Math.max(...begun, Number.MIN_VALUE);
  const low = Math.max(Math.min(...all, high / 10), high * 10 ** -MAX_DECADES);
  const right = Math.max(1, ...curves.map(({ x }) => x.at(-1) ?? 0));
  return begun.length ? { right, low: low / 2, high } : { right, low: 1e-3, high: 1 };
}

// The runs by their median, the fastest first; those whose median start never arrives last, by their mean rank.
export function sortByMedian(runs, unit) {
  const median = (i) => runs[i][unit].spread[2] ?? Infinity;
  const rank = (i) => runs[i][unit].rank[0];
  return runs.map((_, i) => i).sort((a, b) => (median(a) === median(b) ? rank(a) - rank(b) : median(a) - median(b)));
}

// The run of the lowest mean rank, and those whose ranks their errors do not part from it, by their place.
export function findLeaders(runs, unit) {
  const rank = (i) => runs[i][unit].rank[0], error = (i) => runs[i][unit].rank[1];
  const [best, ...others] = runs.map((_, i) => i).sort((a, b) => rank(a) - rank(b));
  return [best, ...others.filter((i) => rank(i) - error(i) <= rank(best) + error(best))];
}

// Where on a curve of so many points markers stand.
export function chooseMarkerIndices(count) {
  return [...new Set([0.25, 0.5, 0.75, 1].map((share) => Math.floor(share * (count - 1))))].filter((k) => k >= 0);
}
