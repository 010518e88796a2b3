// Labels beside marks, where there is room and without overlap.

import { drawLabel, drawStar } from "./markers.js";
import { formatCoordinate } from "../base/number_format.js";
import { scaleOfFont } from "./drawing_scale.js";
import { clipSegment } from "./axes_and_clipping.js";

const STAR_RADIUS_PIXELS = 9;
const RING_PIXELS = 11; // of the start's ring, with some air
const MAX_LABELLED_MINIMA = 6;
const BACKDROP_OPACITY = 0.78; // opacity of the rectangle behind a label
const GAP_PIXELS = 16; // between a mark and its label

export class LabelPlacer {
  // Begin a new picture; `taken` are the boxes of labels that are there already, null for none.
  reset(context, font, frame, halo, taken) {
    Object.assign(this, { context, font, frame, halo });
    this.occupied = taken.filter(Boolean);
  }

  // Write the first of these texts for which there is room beside (x, y): towards the middle, or on the other side.
  placeFirst(x, y, texts, colour) {
    const left = x > (this.frame.left + this.frame.right) / 2;
    return texts.some((words) => this.place(x, y, words, colour, left) || this.place(x, y, words, colour, !left));
  }

  // Write left or right of (x, y), moved up or down past other labels, at most a few lines. Returns whether there was
  // room.
  place(x, y, words, colour, left = x > (this.frame.left + this.frame.right) / 2) {
    const { context, frame } = this;
    context.font = this.font;
    const width = context.measureText(words).width;
    const gap = GAP_PIXELS * scaleOfFont(this.font);
    const [from, until] = left ? [x - gap - width, x - gap] : [x + gap, x + gap + width];
    if (from < frame.left || until > frame.right) return false;
    const height = 1.3 * parseFloat(context.font);
    let line = Math.min(frame.bottom - height / 2, Math.max(frame.top + height / 2, y));
    const step = line > (frame.top + frame.bottom) / 2 ? -height : height;
    const covered = (other) => overlaps(other, { line, from, until, height: 0.95 * height });
    for (let tries = 0; this.occupied.some(covered); line += step) if (tries++ > 3) return false;
    this.occupied.push({ line, from, until, height: 0.95 * height });
    context.fillStyle = this.halo;
    context.globalAlpha *= BACKDROP_OPACITY;
    context.fillRect(from - 4, line - height / 2, width + 8, height);
    context.globalAlpha /= BACKDROP_OPACITY;
    drawLabel(context, x + (left ? -gap : gap), line, words, colour, this.halo, this.font, left ? "right" : "left");
    return true;
  }
}

// The boxes {line, from, until, height} of labels: whether two overlap; and pixels x0, y0, ... all along some.
const overlaps = (one, other) => Math.abs(one.line - other.line) < (one.height + other.height) / 2 && one.from < other.until && other.from < one.until;

export function listBoxPixels(boxes) {
  const pixels = [];
  for (const { line, from, until } of boxes) for (let x = from; x < until; x += 8) pixels.push(x, line);
  return pixels;
}

// Pixels across the ring of the start, which labels keep out of as of a path.
export const crossRing = ({ x, y }) => [x - RING_PIXELS, y, x + RING_PIXELS, y, NaN, NaN, x, y - RING_PIXELS, x, y + RING_PIXELS];

// The stars {x, y, texts, opacity} of minima with their labels, the first of their `texts` for which there is a side where
// it covers nothing, none of the `paths` (pixels x0, y0, ... each) either, if possible where `isWelcome(box)`; else the last
// over a path, which its halo keeps legible; where other labels leave no room it has none. Returns the boxes that stars and
// labels take.
export function drawLabelledStars(context, stars, { theme, frame, font, paths = [], halo = theme.landscape[1], isWelcome = null }) {
  context.font = font;
  const [height, scale] = [1.3 * parseFloat(font), scaleOfFont(font)];
  const radius = STAR_RADIUS_PIXELS * scale;
  const taken = stars.map(({ x, y }) => ({ line: y, from: x - radius, until: x + radius, height: 2 * radius }));
  for (const { x, y, opacity = 1 } of stars) {
    context.globalAlpha = opacity;
    drawStar(context, x, y, theme.ink, theme.ground, scale);
  }
  context.globalAlpha = 1;
  for (const { x, y, texts = [] } of stars) {
    const clear = texts.map((text) => [text, paths]);
    const tries = [...(isWelcome ? clear.map((each) => [...each, isWelcome]) : []), ...clear, ...texts.slice(-1).map((text) => [text, []])];
    for (const [text, avoided, condition] of tries) {
      const box = findLabelBox(x, y, context.measureText(text).width, height, frame, taken, scale, avoided, condition);
      if (!box) continue;
      taken.push(box);
      drawLabel(context, box.from, box.line, text, theme.ink, halo, font);
      break;
    }
  }
  return taken;
}

// The box of a label of this size beside (x, y), within the frame and clear of the boxes `taken` and of paths, or null.
export function findLabelBox(x, y, width, height, frame, taken, scale = 1, paths = [], isWelcome = () => true) {
  const [beside, radius] = [14 * scale, STAR_RADIUS_PIXELS * scale];
  const middle = { from: x - width / 2, until: x + width / 2, height };
  const right = { from: x + 0.6 * beside, until: x + 0.6 * beside + width, height };
  const left = { from: x - 0.6 * beside - width, until: x - 0.6 * beside, height };
  const [above, below] = [y - radius - height / 2 - 2, y + radius + height / 2 + 2];
  const rooms = [
    { line: y, from: x + beside, until: x + beside + width, height },
    { line: y, from: x - beside - width, until: x - beside, height },
    { ...middle, line: above },
    { ...middle, line: below },
    ...[right, left].flatMap((side) => [{ ...side, line: above }, { ...side, line: below }]),
  ];
  const isInFrame = ({ line, from, until }) => from >= frame.left && until <= frame.right && line - height / 2 >= frame.top && line + height / 2 <= frame.bottom;
  return rooms.find((room) => isInFrame(room) && isWelcome(room) && !taken.some((other) => overlaps(other, room)) && !paths.some((pixels) => isCrossed(room, pixels))) ?? null;
}

// Whether a path of pixels x0, y0, ... goes through a box.
export function isCrossed({ line, from, until, height }, pixels) {
  const box = { left: from, right: until, top: line - height / 2, bottom: line + height / 2 };
  for (let i = 0; i + 3 < pixels.length; i += 2) {
    const [x, y, u, v] = [pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]];
    const isNear = Math.max(x, u) >= from && Math.min(x, u) <= until && Math.max(y, v) >= box.top && Math.min(y, v) <= box.bottom;
    if (isNear && clipSegment(x, y, u, v, box)) return true; // a gap is NaN, and near nothing
  }
  return false;
}

// List the possible labels of a minimum's star, the longest first. None if there are many minima: then a minimum is named
// only when the visitor points at it.
export function listMinimumLabels(minima, x, y, widths, word) {
  const place = formatPlace(x, y, widths);
  return minima.length > MAX_LABELLED_MINIMA ? [] : [`${word} ${place}`, place];
}

export const formatPlace = (x, y, widths) => `(${formatShortCoordinate(x, widths[0])}, ${formatShortCoordinate(y, widths[1])})`;

// A coordinate without the zeros at its end: 3, 0.5.
const formatShortCoordinate = (value, width) => formatCoordinate(value, width).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
