// From numbers to pixels: axes, clipping to the frame, and where an arrow at the frame's edge belongs.

import { wholeStep } from "../base/clock.js";

// An axis maps [low, high] to pixels [from, to]; `log` axes map log10 of the value.
export function createAxis(low, high, from, to, log = false) {
  const warp = log ? Math.log10 : (v) => v;
  const a = warp(low);
  const scale = (to - from) / (warp(high) - a);
  const project = (value) => from + (warp(value) - a) * scale;
  project.inverse = (pixel) => {
    const v = a + (pixel - from) / scale;
    return log ? 10 ** v : v;
  };
  return Object.assign(project, { low, high, from, to, log, scale });
}

// Pixels of all points, as floats x0, y0, x1, y1, ...; a gap (no number, or not on a log axis) is NaN.
export function projectAll(xs, ys, toX, toY) {
  const n = Math.min(xs.length, ys.length);
  const pixels = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const px = toX(xs[i]);
    const py = toY(ys[i]);
    const whole = Number.isFinite(px) && Number.isFinite(py);
    pixels[2 * i] = whole ? px : NaN;
    pixels[2 * i + 1] = whole ? py : NaN;
  }
  return pixels;
}

// The part of a segment inside a rectangle {left, top, right, bottom}, or null (Liang and Barsky).
export function clipSegment(x0, y0, x1, y1, { left, top, right, bottom }) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  let enter = 0;
  let leave = 1;
  for (const [p, q] of [[-dx, x0 - left], [dx, right - x0], [-dy, y0 - top], [dy, bottom - y0]]) {
    if (p === 0) {
      if (q < 0) return null;
    } else if (p < 0) enter = Math.max(enter, q / p);
    else leave = Math.min(leave, q / p);
  }
  if (enter > leave) return null;
  // sums with 1e99 are coarse: they may lie outside
  const x = (part) => Math.min(right, Math.max(left, x0 + part * dx));
  const y = (part) => Math.min(bottom, Math.max(top, y0 + part * dy));
  return [x(enter), y(enter), x(leave), y(leave)];
}

// For a point outside the frame: where the way to it from the frame's middle leaves the frame (drawn in by
// `inset`), and the direction of that way.
export function findEdgePoint(px, py, { left, top, right, bottom }, inset = 0) {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const inner = { left: left + inset, top: top + inset, right: right - inset, bottom: bottom - inset };
  const way = clipSegment(x, y, px, py, inner) ?? [x, y, x, y]; // a frame without room inside
  return { x: way[2], y: way[3], angle: Math.atan2(py - y, px - x) };
}

export const isInside = (px, py, { left, top, right, bottom }) => px >= left && px <= right && py >= top && py <= bottom;

// Distance, in data units, from the iterate that a run has reached at a position of the clock to the nearest point of a
// view. Between two iterates there is no run, and no distance that the table could confirm.
export function distanceOfIterate({ columns: { x, y } }, position, view) {
  const k = Math.min(x.length - 1, wholeStep(position));
  return distanceToView(x[k], y[k], view);
}

// Distance, in data units, from a point to the nearest point of a view [[xl, xh], [yl, yh]].
export function distanceToView(x, y, [[xl, xh], [yl, yh]]) {
  return Math.hypot(Math.max(xl - x, 0, x - xh), Math.max(yl - y, 0, y - yh));
}
