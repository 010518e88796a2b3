// The surface as Plotly draws it: heights on a grid, two triangles a cell; paths draped over it, and what it hides.

import { clipSegment } from "../draw/axes_and_clipping.js";

const MAX_DRAPED_VERTICES = 20000; // vertices of a path laid on the surface
const CLEARANCE = 0.006; // of the surface's height: a point this little below the surface still counts as visible

export class HeightField {
  // `heights` row by row from the lowest y, over the box [[left, right], [bottom, top]]; NaN is a hole.
  constructor(heights, columns, rows, box) {
    Object.assign(this, { heights, columns, rows, box });
    [this.low, this.high] = [Infinity, -Infinity];
    for (const height of heights) {
      if (height < this.low) this.low = height;
      if (height > this.high) this.high = height;
    }
    if (!(this.low <= this.high)) [this.low, this.high] = [0, 1];
    if (this.low === this.high) this.high = this.low + 1;
    this.clearance = CLEARANCE * (this.high - this.low);
    this.frame = { left: 0, top: 0, right: columns - 1, bottom: rows - 1 }; // in cells
  }

  // From data to cells and back; heights stay as they are.
  toCells([x, y, z]) {
    const [[left, right], [bottom, top]] = this.box;
    return [((x - left) / (right - left)) * this.frame.right, ((y - bottom) / (top - bottom)) * this.frame.bottom, z];
  }

  toData([u, v]) {
    const [[left, right], [bottom, top]] = this.box;
    return [left + (u / this.frame.right) * (right - left), bottom + (v / this.frame.bottom) * (top - bottom)];
  }

  heightAt(x, y) {
    const [u, v] = this.toCells([x, y, 0]);
    return this.heightAtCell(u, v);
  }

  // Height at a place in cells; NaN outside.
  heightAtCell(u, v) {
    const { heights, columns, rows } = this;
    return u >= 0 && v >= 0 && u <= columns - 1 && v <= rows - 1 ? interpolateHeight(heights, columns, rows, u, v) : NaN;
  }

  // A path laid on the surface: vertices x, y, z in data and their times in steps. Long steps are divided, into about
  // `most` vertices in all; what is outside the box or over a hole is NaN.
  drape(xs, ys, most = MAX_DRAPED_VERTICES) {
    const n = xs.length;
    const cells = Array.from({ length: n }, (_, k) => this.toCells([xs[k], ys[k], 0]));
    const parts = [];
    let length = 0;
    for (let k = 0; k + 1 < n; k++) {
      const part = clipSegment(cells[k][0], cells[k][1], cells[k + 1][0], cells[k + 1][1], this.frame);
      parts.push(part);
      if (part) length += chebyshevLength(part);
    }
    const pace = Math.max(1, length / (most - Math.min(most / 2, n)));
    const [points, times] = [[], []];
    const add = (u, v, time) => {
      points.push(...this.toData([u, v]), this.heightAtCell(u, v));
      times.push(time);
    };
    for (let k = 0; k < n; k++) {
      add(...cells[k].slice(0, 2), k);
      const part = parts[k];
      if (!part) continue;
      const [from, to] = [fractionAlong(cells[k], cells[k + 1], part[0], part[1]), fractionAlong(cells[k], cells[k + 1], part[2], part[3])];
      const pieces = Math.max(1, Math.ceil(chebyshevLength(part) / pace));
      for (let i = from > 0 ? 0 : 1; i < pieces + (to < 1 ? 1 : 0); i++) {
        const way = i / pieces;
        add(part[0] + way * (part[2] - part[0]), part[1] + way * (part[3] - part[1]), k + from + way * (to - from));
      }
    }
    return { points: Float64Array.from(points), times: Float64Array.from(times) };
  }

  // Whether a point on the surface is visible from an eye, both in data coordinates.
  isVisibleFrom(point, eye) {
    const [u, v, z] = this.toCells(point);
    const [eu, ev, ez] = this.toCells(eye);
    const [du, dv, dz] = [eu - u, ev - v, ez - z];
    let end = 1; // of the way: where it leaves the box
    if (du) end = Math.min(end, ((du > 0 ? this.frame.right : 0) - u) / du);
    if (dv) end = Math.min(end, ((dv > 0 ? this.frame.bottom : 0) - v) / dv);
    if (dz) end = Math.min(end, ((dz > 0 ? this.high : this.low) - z) / dz);
    const paces = Math.ceil(2 * end * Math.max(Math.abs(du), Math.abs(dv)));
    const { heights, columns, rows, clearance } = this;
    for (let i = 1; i <= paces; i++) {
      const t = (end * (i - 0.5)) / paces;
      if (z + t * dz + clearance < interpolateHeight(heights, columns, rows, u + t * du, v + t * dv)) return false;
    }
    return true;
  }

  // How much of the surface an eye sees, low parts above all, where paths go, and of some targets.
  scoreViewpoint(eye, targets, stride = 8) {
    let [sum, most] = [0, 0];
    for (let j = stride / 2; j < this.rows; j += stride)
      for (let i = stride / 2; i < this.columns; i += stride) {
        const z = this.heightAtCell(i, j);
        if (z !== z) continue;
        const worth = ((this.high - z) / (this.high - this.low)) ** 2;
        most += worth;
        if (this.isVisibleFrom([...this.toData([i, j]), z], eye)) sum += worth;
      }
    const seen = targets.filter((sight) => sight.every(Number.isFinite) && this.isVisibleFrom(sight, eye));
    return sum / (most || 1) + seen.length / Math.max(1, targets.length);
  }

  // The first point at which the segment between two points meets the surface, or null.
  intersect(from, to) {
    const [a, b] = [this.toCells(from), this.toCells(to)];
    const way = [0, 1, 2].map((i) => b[i] - a[i]);
    let [enter, leave] = [0, 1];
    const walls = [[0, this.frame.right], [0, this.frame.bottom], [this.low - this.clearance, this.high + this.clearance]];
    walls.forEach((wall, i) => {
      const [near, far] = wall.map((end) => (end - a[i]) / way[i]).sort((one, other) => one - other);
      if (way[i]) [enter, leave] = [Math.max(enter, near), Math.min(leave, far)];
      else if (a[i] < wall[0] || a[i] > wall[1]) leave = -1;
    });
    if (enter > leave) return null;
    const over = (t) => a[2] + t * way[2] - this.heightAtCell(a[0] + t * way[0], a[1] + t * way[1]);
    const paces = 1 + Math.ceil(2 * (leave - enter) * Math.max(Math.abs(way[0]), Math.abs(way[1])));
    const inset = 1e-9 * (leave - enter); // rounding must not leave the box
    let [t, above] = [enter + inset, over(enter + inset)];
    for (let i = 1; i <= paces; i++) {
      let next = enter + inset + ((leave - enter - 2 * inset) * i) / paces;
      const there = over(next);
      if (above * there <= 0) {
        for (let round = 0; round < 40; round++) {
          const middle = (t + next) / 2;
          if (above * over(middle) <= 0) next = middle;
          else t = middle;
        }
        return this.toData([a[0] + t * way[0], a[1] + t * way[1]]);
      }
      [t, above] = [next, there];
    }
    return null;
  }
}

// Height at a place within: that of the triangle there, cut as gl-surface3d cuts its cells.
function interpolateHeight(heights, columns, rows, u, v) {
  const i = Math.min(u | 0, columns - 2);
  const j = Math.min(v | 0, rows - 2);
  const s = u - i;
  const t = v - j;
  const k = j * columns + i;
  const east = heights[k + 1];
  const north = heights[k + columns];
  if (s + t <= 1) return heights[k] + s * (east - heights[k]) + t * (north - heights[k]);
  const corner = heights[k + columns + 1];
  return corner + (1 - s) * (north - corner) + (1 - t) * (east - corner);
}

const chebyshevLength = ([u0, v0, u1, v1]) => Math.max(Math.abs(u1 - u0), Math.abs(v1 - v0));

// How much of the way from a to b lies before (u, v), which is on it.
function fractionAlong(a, b, u, v) {
  const [du, dv] = [b[0] - a[0], b[1] - a[1]];
  const way = Math.abs(du) > Math.abs(dv) ? (u - a[0]) / du : dv ? (v - a[1]) / dv : 0;
  return Math.min(1, Math.max(0, way));
}
