// The picture of a landscape from its heights on a grid: bands between levels, with a line where they meet.

import { findFractionalIndex } from "../player/base/clock_to_steps.js";

const BANDS = 22;

// The height at a place (x, y) of the grid, from 0 to side - 1 each: bilinear; NaN beside a hole.
export function interpolate(heights, side, x, y) {
  const [column, row] = [Math.min(side - 2, Math.floor(x)), Math.min(side - 2, Math.floor(y))];
  const [u, v] = [x - column, y - row];
  const at = (dx, dy) => heights[(row + dy) * side + column + dx];
  return (at(0, 0) * (1 - u) + at(1, 0) * u) * (1 - v) + (at(0, 1) * (1 - u) + at(1, 1) * u) * v;
}

// The band of each pixel of a picture, from the top, from 0 (lowest) to 21; -1 where nothing is known.
export function findBands(heights, side, pixels) {
  let [low, high] = [Infinity, -Infinity];
  for (const height of heights) {
    if (Number.isFinite(height)) [low, high] = [Math.min(low, height), Math.max(high, height)];
  }
  const bands = new Int8Array(pixels * pixels);
  const scale = (side - 1) / (pixels - 1);
  for (let row = 0; row < pixels; row++) {
    for (let column = 0; column < pixels; column++) {
      const height = interpolate(heights, side, column * scale, (pixels - 1 - row) * scale);
      const share = high > low ? (height - low) / (high - low) : 0;
      bands[row * pixels + column] = Number.isFinite(share) ? Math.min(BANDS - 1, Math.floor(share * BANDS)) : -1;
    }
  }
  return bands;
}

// The colour of a band between those of the theme, [r, g, b] each from low to high.
export function findBandColour(band, colours) {
  const place = (band / (BANDS - 1)) * (colours.length - 1);
  const k = Math.min(colours.length - 2, Math.floor(place));
  return colours[k].map((value, i) => value + (place - k) * (colours[k + 1][i] - value));
}

// RGBA of the bands; a pixel is of `line` where the band right of it or below it is another one.
export function paintBands(bands, pixels, colours, line, hole) {
  const shades = Array.from({ length: BANDS }, (_, band) => findBandColour(band, colours));
  const rgba = new Uint8ClampedArray(4 * bands.length);
  bands.forEach((band, i) => {
    const isEdge = ((i + 1) % pixels && bands[i + 1] !== band) || (i + pixels < bands.length && bands[i + pixels] !== band);
    rgba.set(band < 0 ? hole : isEdge ? line : shades[band], 4 * i);
    rgba[4 * i + 3] = 255;
  });
  return rgba;
}

// Where a path (x of all points, then y) is at an epoch, and the index of the last point before it.
export function findPathPoint(points, epochs, epoch) {
  const count = epochs.length;
  const place = Math.max(0, Math.min(count - 1, findFractionalIndex(epochs, epoch)));
  const k = Math.min(Math.floor(place), Math.max(0, count - 2));
  const between = (from) => points[from + k] + (place - k) * (points[from + Math.min(k + 1, count - 1)] - points[from + k]);
  return { k: Math.floor(place), x: between(0), y: between(count) };
}
