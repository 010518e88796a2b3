// The frame of a log-log chart on a canvas: axes with powers of ten, and lines in it. It draws on SVG as well.

import { createAxis, clipSegment, projectAll } from "../player/draw/axes_and_clipping.js";
import { logTicks } from "../player/base/axis_ticks.js";

const LABEL_GAP = 7; // pixels between a label and the axis

// Axes for [low, high] of both, in a picture of `width` x `height`.
export function makeFrame(context, { width, height, font, x, y, hasTitles = true }) {
  const size = parseFloat(font) / 0.86;
  context.font = font;
  const bottom = height - Math.round((hasTitles ? 2.9 : 1.7) * size);
  const top = Math.round(0.6 * size);
  const yTicks = logTicks(...y, Math.max(2, Math.floor((bottom - top) / (2.4 * size))));
  const left = Math.ceil(Math.max(...yTicks.map(({ text }) => context.measureText(text).width))) + LABEL_GAP + 2;
  const right = width - Math.round(0.7 * size);
  const xTicks = logTicks(...x, Math.max(2, Math.floor((right - left) / (4.4 * size))));
  return {
    left, top, right, bottom, size, font, xTicks, yTicks,
    toX: createAxis(...x, left, right, true),
    toY: createAxis(...y, bottom, top, true),
  };
}

export function drawFrame(context, frame, theme, xTitle = "") {
  const { left, right, top, bottom, size, toX, toY } = frame;
  context.font = frame.font;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = theme.hairline;
  context.fillStyle = theme.muted;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { value, text } of frame.yTicks) {
    const y = Math.round(toY(value)) + 0.5;
    strokeLine(context, left, y, right, y);
    context.fillText(text, left - LABEL_GAP, y);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { value, text } of frame.xTicks) {
    const x = Math.round(toX(value)) + 0.5;
    strokeLine(context, x, top, x, bottom);
    context.fillText(text, Math.min(x, right - 0.9 * size), bottom + 5);
  }
  if (xTitle) context.fillText(xTitle, (left + right) / 2, bottom + 5 + 1.25 * size);
}

// A curve through the points that the axes can hold. An error that happens to be exactly 0 is left out; what is not finite
// interrupts the curve.
export function drawCurve(context, frame, xs, ys, { colour, width, dash = [], alpha = 1 }) {
  const seen = Array.from(ys.keys()).filter((i) => ys[i] !== 0);
  const pixels = projectAll(seen.map((i) => xs[i]), seen.map((i) => ys[i]), frame.toX, frame.toY);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.globalAlpha = alpha;
  context.setLineDash(dash);
  context.lineJoin = "round";
  context.beginPath();
  for (let i = 2; i < pixels.length; i += 2) {
    const part = [...pixels.subarray(i - 2, i + 2)].every(Number.isFinite) && clipSegment(...pixels.subarray(i - 2, i + 2), frame);
    if (!part) continue;
    context.moveTo(part[0], part[1]);
    context.lineTo(part[2], part[3]);
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

export function strokeLine(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
