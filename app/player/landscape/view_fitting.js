// The view with which a scene opens: the surface's own, grown as far as the paths go, if that is not far.

const MAX_GROWTH = 2; // times the surface's own view, along each axis
const MARGIN_FRACTION = 0.04; // of the view, beyond a path that grew it
const ROUNDING = 1e-6; // of a limit: a view is not beyond it by a rounding error of its ends

// `box`: [[left, right], [bottom, top]]. A run that was lost is not followed.
export function fitToPaths(box, runs) {
  const reaches = runs.filter(({ lost }) => !lost).map(({ columns }) => [findExtent(columns.x), findExtent(columns.y)]);
  const near = reaches.filter((reach) => reach.every(([low, high], i) => widthOf(unite(box[i], [low, high])) <= MAX_GROWTH * widthOf(box[i])));
  return box.map((own, i) => {
    const [low, high] = near.reduce((sides, reach) => unite(sides, reach[i]), own);
    const margin = MARGIN_FRACTION * (high - low);
    return [low < own[0] ? low - margin : low, high > own[1] ? high + margin : high];
  });
}

// Whether two views differ by nothing that is seen.
export const isSameView = (one, other) =>
  one.every((ends, i) => ends.every((end, j) => Math.abs(end - other[i][j]) <= 1e-3 * widthOf(other[i])));

// How much wider a view may become where `factor` is asked for: its sides stay between the two `limits`, in sides of `box`. A
// view beyond them may go back.
export function limitZoom(factor, view, box, [least, most]) {
  const parts = view.map((ends, i) => widthOf(ends) / widthOf(box[i]));
  if (factor < 1) return Math.max(factor, Math.min(1, ((1 + ROUNDING) * least) / Math.min(...parts)));
  return Math.min(factor, Math.max(1, ((1 - ROUNDING) * most) / Math.max(...parts)));
}

// The ends with a ten-thousandth of their distance as the last digit.
export function roundInterval([low, high]) {
  const digits = Math.min(100, Math.max(0, 4 - Math.floor(Math.log10(high - low))));
  return [low, high].map((end) => Number(end.toFixed(digits)));
}

// Paths have finite numbers alone.
function findExtent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

const unite = ([a, b], [c, d]) => [Math.min(a, c), Math.max(b, d)];
const widthOf = ([low, high]) => high - low;
