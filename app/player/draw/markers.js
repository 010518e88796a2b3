// Marks on a canvas: markers of runs in five shapes, a star for a minimum, a cross for a diverged run, an arrow at the
// edge. `scale` is how many times its usual size a mark has.

import { createElement } from "../base/dom.js";

// Corners on a circle of radius 1; none is the circle itself.
const MARKER_CORNERS = {
  circle: null,
  square: polygonCorners(4, 1.25, -Math.PI / 4),
  diamond: polygonCorners(4, 1.25, -Math.PI / 2),
  up: polygonCorners(3, 1.3, -Math.PI / 2),
  down: polygonCorners(3, 1.3, Math.PI / 2),
};

function polygonCorners(corners, r, turn) {
  const angles = Array.from({ length: corners }, (_, i) => turn + (i * 2 * Math.PI) / corners);
  return angles.map((angle) => [r * Math.cos(angle), r * Math.sin(angle)]);
}

export const HEAD_RADIUS = 6.5; // of a run's marker on the landscape
export const RING_RADIUS = 4.5;

// Saves no state, because dozens are drawn in every frame: lines must be solid.
export function drawMarker(context, x, y, shape, colour, rim, r = HEAD_RADIUS) {
  const corners = MARKER_CORNERS[shape];
  context.beginPath();
  if (corners) {
    for (const [dx, dy] of corners) context.lineTo(x + r * dx, y + r * dy); // the first one only moves
    context.closePath();
  } else context.arc(x, y, r, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = Math.max(1, r / 4);
  context.strokeStyle = rim;
  context.stroke();
}

// A piece of a run's line with its marker in the middle, from (x, y) to the right.
export function drawSwatch(context, x, y, { colour, dash, marker }, rim, scale = 1) {
  context.strokeStyle = colour;
  context.lineWidth = 2.3 * scale;
  context.setLineDash(dash.map((length) => length * scale));
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 36 * scale, y);
  context.stroke();
  context.setLineDash([]);
  drawMarker(context, x + 18 * scale, y, marker, colour, rim, 5 * scale);
}

// The same as an element.
export function createSwatch(style, rim) {
  const canvas = Object.assign(createElement("canvas", "descent-swatch"), { width: 72, height: 32, ariaHidden: "true" });
  const context = canvas.getContext("2d");
  context.scale(2, 2);
  drawSwatch(context, 0, 8, style, rim);
  return canvas;
}

export function drawRing(context, x, y, colour, rim, r = RING_RADIUS, scale = 1) {
  withTransform(context, x, y, 0, (c) => {
    for (const [style, width] of [[rim, 4.4], [colour, 2]]) {
      c.beginPath();
      c.arc(0, 0, r * scale, 0, 2 * Math.PI);
      c.strokeStyle = style;
      c.lineWidth = width * scale;
      c.stroke();
    }
  });
}

export function drawStar(context, x, y, colour, rim, scale = 1) {
  withTransform(context, x, y, 0, (c) => {
    for (let i = 0; i < 10; i++) {
      const r = (i % 2 ? 3.7 : 9) * scale;
      const angle = -Math.PI / 2 + (i * Math.PI) / 5;
      c[i ? "lineTo" : "moveTo"](r * Math.cos(angle), r * Math.sin(angle));
    }
    c.closePath();
    c.lineWidth = 2.5 * scale;
    c.strokeStyle = rim;
    c.stroke();
    c.fillStyle = colour;
    c.fill();
  });
}

export function drawCross(context, x, y, colour, halo, scale = 1) {
  const r = 6 * scale;
  withTransform(context, x, y, 0, (c) => {
    c.moveTo(-r, -r);
    c.lineTo(r, r);
    c.moveTo(r, -r);
    c.lineTo(-r, r);
    c.lineCap = "round";
    for (const [style, width] of [[halo, 6.5], [colour, 3]]) {
      c.strokeStyle = style;
      c.lineWidth = width * scale;
      c.stroke();
    }
  });
}

export function drawEdgeArrow(context, x, y, angle, colour, rim, scale = 1) {
  withTransform(context, x, y, angle, (c) => {
    for (const [dx, dy] of [[11, 0], [-4, 7.5], [-1, 0], [-4, -7.5]]) c.lineTo(dx * scale, dy * scale); // the first one only moves
    c.closePath();
    c.lineJoin = "round";
    c.lineWidth = 3 * scale;
    c.strokeStyle = rim;
    c.stroke();
    c.fillStyle = colour;
    c.fill();
  });
}

// Text with a halo, legible on any background. `align` says on which side of (x, y) they stand.
export function drawLabel(context, x, y, text, colour, halo, font, align = "left") {
  context.save();
  context.font = font;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = halo;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
  context.restore();
}

function withTransform(context, x, y, angle, draw) {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.setLineDash([]);
  context.beginPath();
  draw(context);
  context.restore();
}
