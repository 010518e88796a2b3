// The vectors and regions at an optimizer's iterate, in data coordinates: slope, velocity, update, look-ahead point,
// quadratic model, trust region.

// The columns that each kind needs.
export const ARROW_COLUMNS = {
  slope: ["slope_x", "slope_y"],
  pull: ["pull_x", "pull_y"],
  update: [],
  ahead: ["ahead_x", "ahead_y"],
  model: ["slope_x", "slope_y", "hess_xx", "hess_xy", "hess_yy"],
  radius: ["radius"],
};
const MAX_ARROW_PIXELS = 64; // pixels
const MIN_LONGEST_PIXELS = 26; // pixels: the longest displacement is magnified to this at least
const CIRCLE_SEGMENTS = 72;

// Everything to draw at the iterates `ks` of `runs`: marks {run, shape, points, dash}, the magnification of
// displacements, and whether a model has no ellipse. `scale`: pixels of a unit of x and of y.
export function buildArrowMarks(runs, ks, shown, scale) {
  const moves = runs.map((run, i) => findDisplacements(run, ks[i], shown));
  const factor = chooseMagnification(Math.max(...moves.flat().map(({ way }) => pixelLength(way, scale)), 0));
  const marks = [];
  let saddle = false;
  runs.forEach((run, i) => {
    const k = ks[i];
    const { columns } = run;
    const iterate = [columns.x[k], columns.y[k]];
    const add = (shape, points, dash = []) => points.flat().every(Number.isFinite) && marks.push({ run, shape, points, dash });
    const point = (way, times, dash) => add("arrow", [iterate, pointAlong(iterate, way, times)], dash);
    if (shown.has("radius") && columns.radius) add("line", buildTrustRegionCircle(run, k), [6, 3]);
    if (shown.has("model") && columns.hess_xx) {
      const curve = buildModelEllipse(run, k);
      if (curve) {
        add("line", curve.points);
        add("cross", [curve.centre]);
      } else saddle = true;
    }
    if (shown.has("slope") && columns.slope_x) {
      const way = [-columns.slope_x[k], -columns.slope_y[k]];
      point(way, logArrowLength(run, "slope", k) / pixelLength(way, scale), [2, 3]);
    }
    if (shown.has("pull") && columns.pull_x && !pullIsVelocity(run)) {
      const way = [columns.pull_x[k], columns.pull_y[k]];
      point(way, logArrowLength(run, "pull", k) / pixelLength(way, scale));
    }
    for (const { kind, way } of moves[i]) {
      if (kind === "ahead") add("ring", [pointAlong(iterate, way, 1)]);
      else point(way, factor, kind === "update" ? [7, 3] : []);
    }
  });
  return { marks, factor, saddle };
}

const pixelLength = ([dx, dy], [sx, sy]) => Math.hypot(dx * sx, dy * sy);
const pointAlong = ([x, y], [dx, dy], times) => [x + times * dx, y + times * dy];

// Arrows that are displacements of the point itself.
function findDisplacements(run, k, shown) {
  const { x, y, pull_x: vx, pull_y: vy, ahead_x: ax, ahead_y: ay } = run.columns;
  const displacements = [];
  const add = (kind, ...way) => way.every(Number.isFinite) && displacements.push({ kind, way });
  if (shown.has("update") && k + 1 < run.length) add("update", x[k + 1] - x[k], y[k + 1] - y[k]);
  if (shown.has("pull") && vx && pullIsVelocity(run)) add("pull", vx[k], vy[k]);
  if (shown.has("ahead") && ax) add("ahead", lookAheadSign(run) * ax[k], lookAheadSign(run) * ay[k]);
  return displacements;
}

const pullIsVelocity = (run) => run.has.includes("ahead_x");
// After the change of variables the iterate is the look-ahead point itself: then the ball lies μv behind it.
const lookAheadSign = (run) => (run.iterates_ahead ? -1 : 1);

// 1, 10, 100, ...: the first that lets the longest displacement be seen.
export function chooseMagnification(longest) {
  if (!(longest > 0)) return 1;
  return 10 ** Math.min(9, Math.max(0, Math.ceil(Math.log10(MIN_LONGEST_PIXELS / longest) - 1e-9)));
}

// Pixels for an arrow whose size says the logarithm of |v|: from its least to its greatest over the run.
function logArrowLength(run, name, k) {
  const extent = (run.extents ??= {});
  extent[name] ??= magnitudeRange(run.columns[`${name}_x`], run.columns[`${name}_y`]);
  const [low, high] = extent[name];
  const size = Math.hypot(run.columns[`${name}_x`][k], run.columns[`${name}_y`][k]);
  return scaleLogarithmically(size, low, high);
}

export function scaleLogarithmically(size, low, high) {
  if (!(size > 0) || !Number.isFinite(size)) return 0;
  if (!(high > low)) return MAX_ARROW_PIXELS;
  return MAX_ARROW_PIXELS * (0.25 + (0.75 * Math.max(0, Math.log(size / low))) / Math.log(high / low));
}

function magnitudeRange(xs, ys) {
  let [low, high] = [Infinity, 0];
  for (let i = 0; i < xs.length; i++) {
    const size = Math.hypot(xs[i], ys[i]);
    if (size > 0 && Number.isFinite(size)) [low, high] = [Math.min(low, size), Math.max(high, size)];
  }
  return [Math.max(low, 1e-12 * high), high];
}

// Points of the level of Newton's model that goes through the iterate, around its minimum; null where it has none.
export function buildModelEllipse(run, k) {
  const [gx, gy, a, b, d] = ["slope_x", "slope_y", "hess_xx", "hess_xy", "hess_yy"].map((name) => run.columns[name][k]);
  const det = a * d - b * b;
  if (!(a > 0 && det > 0)) return null;
  const [nx, ny] = [(d * gx - b * gy) / det, (a * gy - b * gx) / det]; // H⁻¹g
  const [cx, cy] = [run.columns.x[k] - nx, run.columns.y[k] - ny];
  const level = Math.sqrt(gx * nx + gy * ny); // (p − c)ᵀH(p − c) at the iterate
  const root = Math.sqrt(a);
  const rest = Math.sqrt(det / a); // Cholesky: H = LLᵀ, L = [[root, 0], [b / root, rest]]; p = c + level L⁻ᵀu
  const points = buildCircle((u, v) => {
    const y = (level * v) / rest;
    return [cx + ((level * u) - (b / root) * y) / root, cy + y];
  });
  return points.flat().every(Number.isFinite) ? { points, centre: [cx, cy] } : null;
}

function buildTrustRegionCircle(run, k) {
  const { x, y, radius } = run.columns;
  return buildCircle((u, v) => [x[k] + radius[k] * u, y[k] + radius[k] * v]);
}

const buildCircle = (place) => Array.from({ length: CIRCLE_SEGMENTS + 1 }, (_, i) => place(Math.cos((2 * Math.PI * i) / CIRCLE_SEGMENTS), Math.sin((2 * Math.PI * i) / CIRCLE_SEGMENTS)));
