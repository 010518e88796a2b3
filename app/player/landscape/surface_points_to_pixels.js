// Project points and lines on the surface to pixels, with what is hidden, and pixels back to points.

import { BOX_HEIGHT } from "./plotly_surface.js";

const MIN_VERTEX_GAP_PIXELS = 0.5; // pixels: vertices closer than this to the one before are left out
const OUTLINE_VERTICES = 64; // vertices of an arrow or an outline

export class SurfaceProjection {
  constructor(cameraProjection, terrain) {
    Object.assign(this, { lens: cameraProjection, terrain });
    this.pixelsPerUnit = measurePixelsPerUnit(cameraProjection, terrain);
  }

  // The pixel of a point on the surface; of a point outside, one at the box's edge.
  projectPoint(x, y) {
    const { lens, terrain } = this;
    const [[left, right], [bottom, top]] = terrain.box;
    const at = [Math.min(right, Math.max(left, x)), Math.min(top, Math.max(bottom, y))];
    const height = terrain.heightAt(...at);
    const point = [...at, Number.isFinite(height) ? height : terrain.high];
    const [px, py] = lens.toPixel(...point);
    const outside = at[0] !== x || at[1] !== y;
    const visible = terrain.isVisibleFrom(point, lens.eye);
    if (!outside) return { x: px, y: py, outside, visible, angle: 0 };
    const away = lens.toPixel(at[0] + 0.1 * Math.sign(x - at[0]) * (right - left), at[1] + 0.1 * Math.sign(y - at[1]) * (top - bottom), point[2]);
    return { x: px, y: py, outside, visible, angle: Math.atan2(away[1] - py, away[0] - px) };
  }

  // The point of the surface at a pixel, or null.
  dataAt(px, py) {
    return this.terrain.intersect(...this.lens.unproject(px, py));
  }

  // Pixels x0, y0, ... of a line through points of data that is laid on the surface; NaN where it is not seen.
  projectLine(points) {
    const draped = this.terrain.drape(points.map(([x]) => x), points.map(([, y]) => y), OUTLINE_VERTICES);
    return projectVisiblePath(draped, this.lens, this.terrain).pixels;
  }

  // Pixels of points, hidden or not.
  projectPoints(xs, ys) {
    const pixels = new Float64Array(2 * xs.length);
    for (let k = 0; k < xs.length; k++) pixels.set(this.lens.toPixel(xs[k], ys[k], this.terrain.heightAt(xs[k], ys[k])), 2 * k);
    return pixels;
  }
}

// Pixels that a unit of x and of y has in the middle of the box where nothing is foreshortened.
function measurePixelsPerUnit(lens, { box: [[left, right], [bottom, top]], low, high }) {
  const middle = [(left + right) / 2, (bottom + top) / 2, (low + high) / 2];
  const widths = [right - left, top - bottom, (high - low) / BOX_HEIGHT];
  const step = 1e-3;
  const lengths = widths.map((width, i) => {
    const [from, to] = [-step, step].map((part) => lens.toPixel(...middle.map((value, j) => (j === i ? value + part * width : value))));
    return Math.hypot(to[0] - from[0], to[1] - from[1]) / (2 * step);
  });
  const unit = Math.hypot(...lengths) / Math.SQRT2; // of three lengths at right angles, whichever side they are seen from
  return [unit / widths[0], unit / widths[1]];
}

// Pixels and times of the vertices of a path; NaN where it is hidden or outside. Where it goes behind a hill it ends
// at the hill's edge.
export function projectVisiblePath({ points, times }, lens, terrain) {
  const [pixels, kept] = [[], []];
  let before = null;
  for (let i = 0; i < times.length; i++) {
    const point = [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
    const [px, py] = lens.toPixel(...point);
    if (before && Math.hypot(px - before.px, py - before.py) < MIN_VERTEX_GAP_PIXELS) continue;
    const visible = px === px && terrain.isVisibleFrom(point, lens.eye);
    if (before && visible !== before.visible && px === px && before.px === before.px) {
      const edge = visible ? findVisibilityEdge(point, before.point, lens, terrain) : findVisibilityEdge(before.point, point, lens, terrain);
      pixels.push(...edge);
      kept.push((before.time + times[i]) / 2);
    }
    pixels.push(...(visible ? [px, py] : [NaN, NaN]));
    kept.push(times[i]);
    before = { point, px, py, visible, time: times[i] };
  }
  return { pixels: Float64Array.from(pixels), times: Float64Array.from(kept) };
}

// The pixel between a vertex that is seen and one that is not where the surface begins to hide.
function findVisibilityEdge(shown, hidden, lens, terrain) {
  for (let round = 0; round < 4; round++) {
    const middle = shown.map((value, i) => (value + hidden[i]) / 2);
    if (terrain.isVisibleFrom(middle, lens.eye)) shown = middle;
    else hidden = middle;
  }
  return lens.toPixel(...shown);
}
