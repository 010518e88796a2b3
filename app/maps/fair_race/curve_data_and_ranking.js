// Curves of a fair race on a common scale, and orders of its runs.

const MAX_DECADES = 14; // of the scale of the loss

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

// Whether a curve ends higher than it began, as does one that diverged and was cut at its last finite loss.
export const endsHigher = ({ y }) => y.length > 1 && y.at(-1) > y[0];

// The indices of curves that end visibly lower at the shared learning rate than tuned.
const VISIBLE_RATIO = 1.1;
export const findBetterShared = (tuned, shared) =>
  shared.flatMap(({ y }, i) => ((y.at(-1) ?? 0) * VISIBLE_RATIO < (tuned[i]?.y.at(-1) ?? 0) ? [i] : []));

// The common scale of all curves: those that diverge leave it at the top, those that become exact at the bottom.
export function findCommonRange(curves) {
  const begun = curves.map(({ y }) => y[0]).filter((v) => v > 0);
  const all = curves.flatMap(({ y }) => y).filter((v) => v > 0);
  const high = 10 * Math.max(...begun, Number.MIN_VALUE);
  const low = Math.max(Math.min(...all, high / 10), high * 10 ** -MAX_DECADES);
  const right = Math.max(1, ...curves.map(({ x }) => x.at(-1) ?? 0));
  return begun.length ? { right, low: low / 2, high } : { right, low: 1e-3, high: 1 };
}

// The runs by their median cost, the fastest first. Last come those whose median start never arrives, by mean rank.
export function sortByMedian(runs, unit) {
  const median = (i) => runs[i][unit].spread[2] ?? Infinity;
  const rank = (i) => runs[i][unit].rank[0];
  return runs.map((_, i) => i).sort((a, b) => (median(a) === median(b) ? rank(a) - rank(b) : median(a) - median(b)));
}

// The indices of the run with the lowest mean rank, and of those that differ from it by less than the errors; none where no
// run arrives from any start.
export function findLeaders(runs, unit) {
  if (runs.every((run) => !run[unit].arrived)) return [];
  const rank = (i) => runs[i][unit].rank[0], error = (i) => runs[i][unit].rank[1];
  const [best, ...others] = runs.map((_, i) => i).sort((a, b) => rank(a) - rank(b));
  return [best, ...others.filter((i) => rank(i) - error(i) <= rank(best) + error(best))];
}

// The index of the curve that ends visibly lowest of all, or null if none does. A curve whose last losses are gaps has
// become exact.
export function findLowestEnd(curves) {
  const ends = curves.map(({ y }) => (y.length ? (y.at(-1) ?? 0) : Infinity));
  const order = ends.map((_, i) => i).sort((a, b) => ends[a] - ends[b]);
  return order.length > 1 && ends[order[0]] * VISIBLE_RATIO < ends[order[1]] ? order[0] : null;
}

// The ends of the logarithmic axis of costs: those of the starts that arrive, with a margin; negative costs are never.
export function findCostRange(costs) {
  const known = costs.filter((cost) => cost >= 0);
  const least = Math.max(1, known.length ? Math.min(...known) : 1);
  return [least / 1.3, 1.15 * Math.max(2, ...known)];
}

// The indices of the markers on a curve of `count` points.
export function chooseMarkerIndices(count) {
  return [...new Set([0.25, 0.5, 0.75, 1].map((share) => Math.floor(share * (count - 1))))].filter((k) => k >= 0);
}
