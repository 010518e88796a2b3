// The vertex of a path that the visitor points at.

const HIT_RADIUS_PIXELS = 18; // pixels

// `paths`: pixels x0, y0, x1, y1, ... of every iterate; `isVisible(run, k)` says whether one is in sight.
export function findNearestVertex(paths, x, y, isVisible = () => true) {
  let best = null;
  let least = HIT_RADIUS_PIXELS * HIT_RADIUS_PIXELS;
  paths.forEach((pixels, run) => {
    for (let k = 0; 2 * k < pixels.length; k++) {
      const away = (pixels[2 * k] - x) ** 2 + (pixels[2 * k + 1] - y) ** 2;
      if (away < least && isVisible(run, k)) [best, least] = [{ run, k }, away];
    }
  });
  return best;
}
