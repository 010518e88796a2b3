// Which point of which path the visitor points at.

const NEAR = 18; // pixels from a path at which it is pointed at

// `paths`: pixels x0, y0, x1, y1, ... of every iterate; `sees(run, k)` says whether one is in sight.
export function nearest(paths, x, y, sees = () => true) {
  let best = null;
  let least = NEAR * NEAR;
  paths.forEach((pixels, run) => {
    for (let k = 0; 2 * k < pixels.length; k++) {
      const away = (pixels[2 * k] - x) ** 2 + (pixels[2 * k + 1] - y) ** 2;
      if (away < least && sees(run, k)) [best, least] = [{ run, k }, away];
    }
  });
  return best;
}
