// What an optimizer has in hand at its head: slope, velocity, update, look-ahead point, quadratic model, trust region.

import { ring } from "./marks.js";
import { clip } from "./projection.js";

// By the name of the switch, the columns that it takes.
export const ARROWS = {
  slope: ["slope_x", "slope_y"],
  pull: ["pull_x", "pull_y"],
  update: [],
  ahead: ["ahead_x", "ahead_y"],
  model: ["slope_x", "slope_y", "hess_xx", "hess_xy", "hess_yy"],
  radius: ["radius"],
};
const LONGEST = 64; // pixels
const READABLE = 26; // pixels that the longest displacement has at least
const CORNERS = 72;

// `plane`: {toX, toY, frame}; `at`: {x, y, k} of each head in pixels. Returns what has to be said of the scale.
export function drawArrows(context, runs, at, plane, shown, theme) {
  const said = {};
  const scale = [plane.toX.scale, plane.toY.scale];
  const moves = runs.map((run, i) => displacements(run, at[i].k, shown, scale));
  const longest = Math.max(...moves.flat().map(({ dx, dy }) => Math.hypot(dx, dy)), 0);
  said.factor = magnification(longest);
  runs.forEach((run, i) => {
    const pen = { context, frame: plane.frame, colour: run.style.colour, halo: theme.ground };
    const { x, y, k } = at[i];
    if (shown.has("radius") && run.columns.radius) outline(pen, circle(run, k), plane, [6, 3]);
    if (shown.has("model") && run.columns.hess_xx) {
      const curve = ellipse(run, k);
      if (curve) outline(pen, curve, plane, []);
      else said.saddle = true;
    }
    if (shown.has("slope") && run.columns.slope_x) {
      const size = sized(run, "slope", k);
      arrow(pen, x, y, ...towards(-run.columns.slope_x[k], -run.columns.slope_y[k], scale, size), [2, 3]);
    }
    if (shown.has("pull") && run.columns.pull_x && !isVelocity(run)) {
      arrow(pen, x, y, ...towards(run.columns.pull_x[k], run.columns.pull_y[k], scale, sized(run, "pull", k)), []);
    }
    for (const { kind, dx, dy } of moves[i]) {
      if (kind === "ahead") ring(context, x + dx, y + dy, pen.colour, pen.halo);
      else arrow(pen, x, y, said.factor * dx, said.factor * dy, kind === "update" ? [7, 3] : []);
    }
  });
  return said;
}

// Arrows that are displacements of the point itself, in pixels.
function displacements(run, k, shown, [sx, sy]) {
  const { x, y, pull_x: vx, pull_y: vy, ahead_x: ax, ahead_y: ay } = run.columns;
  const found = [];
  const add = (kind, dx, dy) => Number.isFinite(dx) && Number.isFinite(dy) && found.push({ kind, dx: dx * sx, dy: dy * sy });
  if (shown.has("update") && k + 1 < run.length) add("update", x[k + 1] - x[k], y[k + 1] - y[k]);
  if (shown.has("pull") && vx && isVelocity(run)) add("pull", vx[k], vy[k]);
  if (shown.has("ahead") && ax) add("ahead", ahead(run) * ax[k], ahead(run) * ay[k]);
  return found;
}

const isVelocity = (run) => run.has.includes("ahead_x");
// After the change of variables the iterate is the look-ahead point itself: then the ball lies μv behind it.
const ahead = (run) => (run.word === "nesterov" ? -1 : 1);

// 1, 10, 100, ...: the first that lets the longest displacement be seen.
export function magnification(longest) {
  if (!(longest > 0)) return 1;
  return 10 ** Math.min(9, Math.max(0, Math.ceil(Math.log10(READABLE / longest) - 1e-9)));
}

// Pixels for an arrow whose size says the logarithm of |v|: from its least to its greatest over the run.
function sized(run, name, k) {
  const extent = (run.extents ??= {});
  extent[name] ??= extents(run.columns[`${name}_x`], run.columns[`${name}_y`]);
  const [low, high] = extent[name];
  const size = Math.hypot(run.columns[`${name}_x`][k], run.columns[`${name}_y`][k]);
  return logarithmic(size, low, high);
}

export function logarithmic(size, low, high) {
  if (!(size > 0) || !Number.isFinite(size)) return 0;
  if (!(high > low)) return LONGEST;
  return LONGEST * (0.25 + (0.75 * Math.max(0, Math.log(size / low))) / Math.log(high / low));
}

function extents(xs, ys) {
  let [low, high] = [Infinity, 0];
  for (let i = 0; i < xs.length; i++) {
    const size = Math.hypot(xs[i], ys[i]);
    if (size > 0 && Number.isFinite(size)) [low, high] = [Math.min(low, size), Math.max(high, size)];
  }
  return [Math.max(low, 1e-12 * high), high];
}

// The direction of (vx, vy) on the screen, `length` pixels long.
function towards(vx, vy, [sx, sy], length) {
  const [dx, dy] = [vx * sx, vy * sy];
  const size = Math.hypot(dx, dy);
  return size > 0 && Number.isFinite(size) ? [(dx / size) * length, (dy / size) * length] : [0, 0];
}

// Points of the level of Newton's model that goes through the iterate, around its minimum; null where it has none.
export function ellipse(run, k) {
  const [gx, gy, a, b, d] = ["slope_x", "slope_y", "hess_xx", "hess_xy", "hess_yy"].map((name) => run.columns[name][k]);
  const det = a * d - b * b;
  if (!(a > 0 && det > 0)) return null;
  const [nx, ny] = [(d * gx - b * gy) / det, (a * gy - b * gx) / det]; // H⁻¹g
  const [cx, cy] = [run.columns.x[k] - nx, run.columns.y[k] - ny];
  const level = Math.sqrt(gx * nx + gy * ny); // (p − c)ᵀH(p − c) at the iterate
  const root = Math.sqrt(a);
  const rest = Math.sqrt(det / a); // Cholesky: H = LLᵀ, L = [[root, 0], [b / root, rest]]; p = c + level L⁻ᵀu
  const points = round((u, v) => {
    const y = (level * v) / rest;
    return [cx + ((level * u) - (b / root) * y) / root, cy + y];
  });
  return points.flat().every(Number.isFinite) ? { points, centre: [cx, cy] } : null;
}

function circle(run, k) {
  const { x, y, radius } = run.columns;
  return { points: round((u, v) => [x[k] + radius[k] * u, y[k] + radius[k] * v]) };
}

const round = (place) => Array.from({ length: CORNERS + 1 }, (_, i) => place(Math.cos((2 * Math.PI * i) / CORNERS), Math.sin((2 * Math.PI * i) / CORNERS)));

function outline({ context, frame, colour, halo }, { points, centre }, { toX, toY }, dash) {
  const pixels = points.map(([x, y]) => [toX(x), toY(y)]);
  for (const [style, width] of [[halo, 3.4], [colour, 1.6]]) {
    stroke(context, style, width, style === colour ? dash : [], () => {
      for (let i = 1; i < pixels.length; i++) segment(context, ...pixels[i - 1], ...pixels[i], frame);
    });
  }
  if (!centre) return;
  const [x, y] = [toX(centre[0]), toY(centre[1])];
  for (const [style, width] of [[halo, 4], [colour, 2]])
    stroke(context, style, width, [], () => {
      segment(context, x - 5, y, x + 5, y, frame);
      segment(context, x, y - 5, x, y + 5, frame);
    });
}

function arrow({ context, frame, colour, halo }, x, y, dx, dy, dash) {
  const length = Math.hypot(dx, dy);
  if (!(length > 1) || !Number.isFinite(length)) return;
  const [ux, uy] = [dx / length, dy / length];
  const tip = [x + dx, y + dy];
  for (const [style, width] of [[halo, 4.4], [colour, 2.2]]) {
    stroke(context, style, width, style === colour ? dash : [], () => segment(context, x, y, ...tip, frame));
    stroke(context, style, width, [], () => {
      for (const side of [-1, 1]) segment(context, tip[0] - 8 * ux + side * 4.5 * uy, tip[1] - 8 * uy - side * 4.5 * ux, ...tip, frame);
    });
  }
}

function stroke(context, style, width, dash, trace) {
  context.strokeStyle = style;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  trace();
  context.stroke();
  context.setLineDash([]);
}

function segment(context, x0, y0, x1, y1, frame) {
  const part = clip(x0, y0, x1, y1, frame);
  if (!part) return;
  context.moveTo(part[0], part[1]);
  context.lineTo(part[2], part[3]);
}
