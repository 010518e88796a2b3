// Labels beside marks, where there is room and without overlap.

import { drawLabel, drawStar } from "./markers.js";
import { formatCoordinate } from "../base/number_format.js";
import { scaleOfFont } from "./drawing_scale.js";

const BACKDROP_OPACITY = 0.78; // opacity of the rectangle behind a label
const GAP_PIXELS = 16; // between a mark and its label

export class LabelPlacer {
  // Begin a new picture; `taken` is the box of a label that is there already, or null.
  reset(context, font, frame, halo, taken) {
    Object.assign(this, { context, font, frame, halo });
    this.occupied = taken ? [taken] : [];
  }

  // Write on the side of (x, y) where there is room, moved up or down past other labels, at most a few lines. Returns
  // whether there was room; the table says the rest.
  place(x, y, words, colour) {
    const { context, frame } = this;
    context.font = this.font;
    const left = x > (frame.left + frame.right) / 2;
    const width = context.measureText(words).width;
    const gap = GAP_PIXELS * scaleOfFont(this.font);
    const [from, until] = left ? [x - gap - width, x - gap] : [x + gap, x + gap + width];
    if (from < frame.left || until > frame.right) return false;
    const height = 1.3 * parseFloat(context.font);
    let line = Math.min(frame.bottom - height / 2, Math.max(frame.top + height / 2, y));
    const step = line > (frame.top + frame.bottom) / 2 ? -height : height;
    const covered = (other) => Math.abs(other.line - line) < 0.95 * height && from < other.until && other.from < until;
    for (let tries = 0; this.occupied.some(covered); line += step) if (tries++ > 3) return false;
    this.occupied.push({ line, from, until });
    context.fillStyle = this.halo;
    context.globalAlpha *= BACKDROP_OPACITY;
    context.fillRect(from - 4, line - height / 2, width + 8, height);
    context.globalAlpha /= BACKDROP_OPACITY;
    drawLabel(context, x + (left ? -gap : gap), line, words, colour, this.halo, this.font, left ? "right" : "left");
    return true;
  }
}

// The star of a minimum with its label, on the side where there is room. Returns the length of both along that side, which
// is negative at the left.
export function drawLabelledStar(context, x, y, text, { theme, frame, font }, isLabelled = true) {
  const scale = scaleOfFont(font);
  drawStar(context, x, y, theme.ink, theme.ground, scale);
  context.font = font;
  const { width } = context.measureText(text);
  const side = x + GAP_PIXELS * scale + width > frame.right ? -1 : 1;
  if (isLabelled) drawLabel(context, x + 14 * scale * side, y, text, theme.ink, theme.landscape[1], font, side < 0 ? "right" : "left");
  return side * (GAP_PIXELS * scale + width);
}

// The label beside the star of a minimum; "" where there are many.
export function formatMinimumLabel(minima, x, y, widths, word) {
  return minima.length > 6 ? "" : `${word} (${formatShortCoordinate(x, widths[0])}, ${formatShortCoordinate(y, widths[1])})`;
}

// A coordinate without the zeros at its end: 3, 0.5.
const formatShortCoordinate = (value, width) => formatCoordinate(value, width).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
