// Draw arrows, outlines and rings at the heads, on either view of the landscape.

import { buildArrowMarks } from "./head_vector_geometry.js";
import { Trail } from "./path_trail.js";
import { RING_RADIUS, drawRing } from "./markers.js";
import { clipSegment } from "./axes_and_clipping.js";

const LINE_WIDTHS = { arrow: 2.2, line: 1.6 };
const TIP_DIRECTION_PIXELS = 6; // pixels before its tip from where an arrow points

// `view`: {scale, size, frame, theme}, where `size` is how many times their usual size marks have, and `trace(points)`, the pixels x0, y0, ... of a line of data, NaN where it is not
// seen. `ks`: the iterate of each run. Returns what has to be said about the scale.
export function drawArrows(context, runs, ks, view, shown) {
  const { marks, ...scale } = buildArrowMarks(runs, ks, shown, view.scale);
  const halo = view.theme.ground;
  for (const { run, shape, points, dash } of marks) {
    const { colour } = run.style;
    const pixels = view.trace(points);
    const pen = { context, frame: view.frame, colour, halo, size: view.size };
    if (shape === "ring") drawRing(context, pixels[0], pixels[1], colour, halo, RING_RADIUS, view.size);
    else if (shape === "cross") drawPlus(pen, pixels[0], pixels[1]);
    else {
      const trail = new Trail(pixels, { colour, halo, dash, width: LINE_WIDTHS[shape], scale: view.size });
      if (shape === "arrow" && !(measureReach(pixels) > 1)) continue; // too short for a head
      for (const isHalo of [true, false]) trail.stroke(context, 0, trail.last, view.frame, isHalo);
      if (shape === "arrow") drawBarbs(pen, pixels);
    }
  }
  return scale;
}

// The greatest distance of a visible pixel from the first one.
function measureReach(pixels) {
  let most = 0;
  let first = null;
  for (let i = 0; i < pixels.length; i += 2) {
    if (pixels[i] !== pixels[i]) continue;
    first ??= [pixels[i], pixels[i + 1]];
    most = Math.max(most, Math.hypot(pixels[i] - first[0], pixels[i + 1] - first[1]));
  }
  return most;
}

// The head of an arrow, where its tip is seen.
function drawBarbs(pen, pixels) {
  const end = pixels.length - 2;
  const tip = [pixels[end], pixels[end + 1]];
  let from = tip;
  for (let i = end - 2; i >= 0 && !(Math.hypot(tip[0] - from[0], tip[1] - from[1]) >= TIP_DIRECTION_PIXELS); i -= 2) from = [pixels[i], pixels[i + 1]];
  const length = Math.hypot(tip[0] - from[0], tip[1] - from[1]);
  if (!(length > 0)) return;
  const [ux, uy] = [(tip[0] - from[0]) / length, (tip[1] - from[1]) / length];
  const [along, aside] = [8 * pen.size, 4.5 * pen.size];
  strokeWithHalo(pen, 4.4, 2.2, [-1, 1].map((side) => [tip[0] - along * ux + side * aside * uy, tip[1] - along * uy - side * aside * ux, ...tip]));
}

function drawPlus(pen, x, y) {
  const r = 5 * pen.size;
  strokeWithHalo(pen, 4, 2, [[x - r, y, x + r, y], [x, y - r, x, y + r]]);
}

// Segments with their halo first.
function strokeWithHalo({ context, frame, colour, halo, size }, wide, narrow, segments) {
  context.setLineDash([]);
  for (const [style, width] of [[halo, wide], [colour, narrow]]) {
    context.strokeStyle = style;
    context.lineWidth = width * size;
    context.beginPath();
    for (const segment of segments) {
      const part = clipSegment(...segment, frame);
      if (!part) continue;
      context.moveTo(part[0], part[1]);
      context.lineTo(part[2], part[3]);
    }
    context.stroke();
  }
}
