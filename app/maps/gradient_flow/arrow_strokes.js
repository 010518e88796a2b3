// The arrows of the slope as strokes, and the choice of marks that are far enough apart to be drawn.

const ARROW_HALF_LENGTH = 0.42; // of the longest arrow, in distances between arrows
const BARB_PIXELS = 3.5;

// Strokes [x0, y0, x1, y1] in pixels of arrows; the five rows of `field` are x, y, a unit vector, and a length from 0 to 1.
export function buildArrowStrokes(field, toX, toY) {
  const n = field.length / 5;
  const at = (row, i) => field[row * n + i];
  const apart = measureGridSpacing(field, n, toX, toY);
  const strokes = [];
  for (let i = 0; i < n; i++) {
    const [x, y] = [toX(at(0, i)), toY(at(1, i))];
    const [wx, wy] = [at(2, i) * toX.scale, at(3, i) * toY.scale]; // the axes may have different scales
    const size = Math.hypot(wx, wy);
    if (!(size > 0)) continue;
    const reach = ARROW_HALF_LENGTH * apart * (0.35 + 0.65 * at(4, i));
    const [ux, uy] = [wx / size, wy / size];
    const tip = [x + reach * ux, y + reach * uy];
    strokes.push([x - reach * ux, y - reach * uy, ...tip]);
    for (const side of [-1, 1]) strokes.push([tip[0] - BARB_PIXELS * (ux - side * 0.6 * uy), tip[1] - BARB_PIXELS * (uy + side * 0.6 * ux), ...tip]);
  }
  return strokes;
}

// The smaller spacing of the grid, across or up, in pixels.
function measureGridSpacing(field, n, toX, toY) {
  const gap = (values, scale) => {
    const known = [...new Set(values)].sort((a, b) => a - b);
    const gaps = known.slice(1).map((v, i) => Math.abs((v - known[i]) * scale));
    return gaps.length ? Math.min(...gaps.filter((g) => g > 1e-3)) : 30;
  };
  return Math.min(gap(field.slice(0, n), toX.scale), gap(field.slice(n, 2 * n), toY.scale), 60);
}

// The indices k at which one of two lines of pixels is at least `least` away from where it was at the last one.
export function selectSpaced(one, other, least) {
  const kept = [];
  let last = null;
  const far = (pixels, k) => Math.hypot(pixels[2 * k] - pixels[2 * last], pixels[2 * k + 1] - pixels[2 * last + 1]) >= least;
  for (let k = 0; 2 * k < Math.min(one.length, other.length); k++) {
    if (Number.isNaN(one[2 * k]) || Number.isNaN(other[2 * k])) continue;
    if (last !== null && !far(one, k) && !far(other, k)) continue;
    kept.push(k);
    last = k;
  }
  return kept;
}
