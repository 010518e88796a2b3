// A path on a canvas: the whole path faintly, and the part already run, drawn segment by segment.

import { wholeStep, splitStep } from "../base/clock.js";
import { clipSegment } from "./axes_and_clipping.js";

const HIDDEN_BY_HEAD_PIXELS = 1.5; // pixels: anything closer to the head is covered by its marker
const HALO_PIXELS = 1.9; // by how much a path's halo is wider
const SOLID_DASH = [];

// One path of pixels x0, y0, x1, y1, ... in a style {colour, halo, dash, width, scale}: `scale` times as wide as it says.
export class Trail {
  constructor(pixels, style) {
    this.pixels = pixels;
    const { width, dash, scale = 1 } = style;
    this.style = { ...style, width: width * scale, haloWidth: (width + HALO_PIXELS) * scale, dash: dash.map((length) => length * scale) };
    this.drawnUntil = this.hiddenUntil = 0; // the last vertex on the canvas, and the last that the head's marker covers
    this.last = pixels.length / 2 - 1;
    this.ghostUntil = 0; // the last vertex of the faint path
    this.arcLengths = style.dash.length ? computeArcLengths(pixels) : null;
  }

  // The path up to vertex `until` at a quarter of the opacity.
  drawGhost(context, frame, until = this.last) {
    this.ghostUntil = until;
    if (until <= 0) return;
    context.save();
    context.globalAlpha = 0.25;
    this.stroke(context, 0, until, frame, false);
    context.restore();
  }

  // Whether the faint path must be drawn again so that it ends at vertex `until`: it is too long, or it is too short and ends
  // beyond the head at vertex `k`, where the path itself does not cover it.
  isGhostStale(until, k) {
    return until < this.ghostUntil || (until > this.ghostUntil && until > k);
  }

  // Draw what is new since the last call, up to vertex k, once it can be seen: a run that hardly moves costs nothing.
  // The colour starts one segment early, over the halo's end.
  drawUntil(context, k, frame) {
    const until = Math.min(k, this.last);
    if (until <= this.drawnUntil || this.isHiddenByHead(until)) return;
    if (this.style.halo) this.stroke(context, this.drawnUntil, until, frame, true);
    this.stroke(context, Math.max(0, this.drawnUntil - 1), until, frame, false);
    this.drawnUntil = this.hiddenUntil = until;
  }

  // Whether everything new up to this vertex is too close to the last one to be seen.
  isHiddenByHead(until) {
    const { pixels, drawnUntil: drawn } = this;
    if (until === this.last) return false;
    const [x, y] = [pixels[2 * drawn], pixels[2 * drawn + 1]];
    while (this.hiddenUntil < until) {
      const k = this.hiddenUntil + 1;
      if (!(Math.abs(pixels[2 * k] - x) <= HIDDEN_BY_HEAD_PIXELS && Math.abs(pixels[2 * k + 1] - y) <= HIDDEN_BY_HEAD_PIXELS)) return false;
      this.hiddenUntil = k;
    }
    return true;
  }

  // Begin again, on a canvas that was cleared.
  reset() {
    this.drawnUntil = this.hiddenUntil = 0;
  }

  // The piece from vertex k to where the head is, between k and k + 1.
  drawTip(context, k, x, y, frame) {
    if (k >= this.last) return;
    if (Math.abs(x - this.pixels[2 * k]) <= HIDDEN_BY_HEAD_PIXELS && Math.abs(y - this.pixels[2 * k + 1]) <= HIDDEN_BY_HEAD_PIXELS) return;
    const part = clipSegment(this.pixels[2 * k], this.pixels[2 * k + 1], x, y, frame);
    if (!part) return;
    if (this.drawnUntil < k) this.stroke(context, this.drawnUntil, k, frame, false);
    setPen(context, this.style, false, this.arcLengths ? this.arcLengths[k] : 0);
    context.beginPath();
    context.moveTo(part[0], part[1]);
    context.lineTo(part[2], part[3]);
    context.stroke();
  }

  stroke(context, from, to, frame, halo) {
    const { pixels } = this;
    setPen(context, this.style, halo, this.arcLengths ? this.arcLengths[from] : 0);
    context.beginPath();
    let penX = NaN;
    let penY = NaN;
    for (let i = from; i < to; i++) {
      const [x0, y0, x1, y1] = [pixels[2 * i], pixels[2 * i + 1], pixels[2 * i + 2], pixels[2 * i + 3]];
      if (x0 !== x0 || x1 !== x1) continue; // a gap
      const within = isInFrame(x0, y0, frame) && isInFrame(x1, y1, frame);
      const part = within ? null : clipSegment(x0, y0, x1, y1, frame);
      if (!within && !part) continue;
      const [ax, ay, bx, by] = within ? [x0, y0, x1, y1] : part;
      if (ax !== penX || ay !== penY) context.moveTo(ax, ay);
      context.lineTo(bx, by);
      [penX, penY] = [bx, by];
    }
    context.stroke();
  }
}

const isInFrame = (x, y, f) => x >= f.left && x <= f.right && y >= f.top && y <= f.bottom;

function setPen(context, { colour, halo, dash, width, haloWidth }, isHalo, offset) {
  context.strokeStyle = isHalo ? halo : colour;
  context.lineWidth = isHalo ? haloWidth : width;
  context.setLineDash(isHalo ? SOLID_DASH : dash);
  context.lineDashOffset = offset;
}

// Length in pixels from the start to each vertex, so that dashes do not move when a path is drawn in pieces.
function computeArcLengths(pixels) {
  const sums = new Float64Array(pixels.length / 2);
  for (let i = 1; i < sums.length; i++) {
    const step = Math.hypot(pixels[2 * i] - pixels[2 * i - 2], pixels[2 * i + 1] - pixels[2 * i - 1]);
    sums[i] = sums[i - 1] + (step < 1e6 ? step : 0);
  }
  return sums;
}

// Clear all paths if a run has gone back.
export function eraseAfterRewind(layers, trails, runSteps) {
  if (!trails.some((trail, i) => Math.min(wholeStep(runSteps[i]), trail.last) < trail.drawnUntil)) return;
  layers.clear("trail");
  for (const trail of trails) trail.reset();
}

// The head at a fractional position along the path; it stays at the last vertex.
export function headAt(pixels, position) {
  const [k, part] = splitStep(position, pixels.length / 2 - 1);
  const j = part ? k + 1 : k;
  return {
    k,
    x: pixels[2 * k] + part * (pixels[2 * j] - pixels[2 * k]),
    y: pixels[2 * k + 1] + part * (pixels[2 * j + 1] - pixels[2 * k + 1]),
  };
}
