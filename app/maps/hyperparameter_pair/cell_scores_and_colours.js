// The score of each cell of two hyperparameters, from 0 to 1, and its colour: strong where the score is high.

import { formatNumber } from "../../player/base/number_format.js";
import { parseHexColour } from "../../player/base/theme_and_run_styles.js";
import { blend } from "../colour_blending.js";

export const DIVERGES = -1;
export const NEVER_REACHES = -2; // the goal
const TRIMMED_FRACTION = 0.02; // of the cells at each end: the scale of colours is that of the others
const LOSS_RESOLUTION = 1e-14; // of the worst loss: smaller differences are rounding errors
export const CELL_PIXELS = 8; // along each side of a cell

// The number by which cells are compared, smaller is better; DIVERGES or NEVER_REACHES where there is none.
const MEASURES = {
  loss: ({ arrays, endings, bottom }, i) => (endings[arrays.kind[i]] === "lost" ? DIVERGES : Math.max(0, arrays.loss[i] - bottom)),
  steps: ({ arrays, endings, steps }, i) => (endings[arrays.kind[i]] === "lost" ? DIVERGES : arrays.reached[i] > steps ? NEVER_REACHES : arrays.reached[i]),
  rate: ({ arrays }, i) => (arrays.rate[i] < 1 ? arrays.rate[i] : DIVERGES),
};
// The scale of colours: factors of the loss, of the steps, and of the steps per digit look equally far apart.
const SCALES = { loss: Math.log, steps: (n) => Math.log(1 + n), rate: (rate) => -Math.log(-Math.log(rate)) };

// The measure of each cell with the ends of its scale, or null where no cell has one.
export function scoreCells(message) {
  const { shown, arrays } = message;
  const values = Float64Array.from(arrays.kind, (_, i) => MEASURES[shown](message, i));
  const sorted = values.filter((value) => value >= 0).sort();
  if (!sorted.length) return { values, ends: null };
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  const bad = at(1 - TRIMMED_FRACTION);
  const good = shown === "loss" ? Math.max(at(TRIMMED_FRACTION), LOSS_RESOLUTION * bad) : at(TRIMMED_FRACTION);
  return { values, ends: { good, bad } };
}

// The score of a value: 1 at the good end of the scale, 0 at the bad end.
export function normalizeScore(value, { good, bad }, shown) {
  if (value <= good) return 1;
  if (value >= bad) return 0;
  const of = SCALES[shown];
  return Math.min(1, Math.max(0, (of(bad) - of(value)) / (of(bad) - of(good))));
}

// The best cell; of equals the one that arrives first, then the lowest. -1 if no cell has a score.
export function findBestCell({ arrays }, { values }) {
  let found = -1;
  const better = (i, j) => values[i] - values[j] || arrays.reached[i] - arrays.reached[j] || arrays.loss[i] - arrays.loss[j];
  for (let i = 0; i < values.length; i++) if (values[i] >= 0 && (found < 0 || better(i, found) < 0)) found = i;
  return found;
}

// The strongest colour, on which marks in ink are still visible.
export const strongestColour = (theme) => blend(parseHexColour(theme.accent), parseHexColour(theme.landscape[0]), 0.7);
export const scoreColour = (share, theme) => blend(strongestColour(theme), parseHexColour(theme.ground), share);
export const neverColour = (theme) => blend(parseHexColour(theme.muted), parseHexColour(theme.ground), 0.2);

// The picture as RGBA, `CELL_PIXELS` for each side of a cell, its first row at the top; cells begin at the bottom.
export function paintCells({ columns, rows, shown }, { values, ends }, theme) {
  const width = columns * CELL_PIXELS;
  const pixels = new Uint8ClampedArray(4 * width * rows * CELL_PIXELS);
  const [ground, stripe, grey] = [parseHexColour(theme.ground), blend(parseHexColour(theme.muted), parseHexColour(theme.ground), 0.45), neverColour(theme)];
  const colours = Array.from(values, (value) => (value >= 0 ? scoreColour(normalizeScore(value, ends, shown), theme) : value === NEVER_REACHES ? grey : null));
  for (let y = 0; y < rows * CELL_PIXELS; y++)
    for (let x = 0; x < width; x++) {
      const cell = (rows - 1 - Math.floor(y / CELL_PIXELS)) * columns + Math.floor(x / CELL_PIXELS);
      pixels.set([...(colours[cell] ?? ((x + y) % 8 < 2 ? stripe : ground)), 255], 4 * (y * width + x));
    }
  return pixels;
}

// A factor with enough digits to tell it from 1.
export function formatFactor(rate) {
  const missing = Math.abs(1 - rate);
  if (missing >= 0.1 || !missing) return formatNumber(rate);
  return rate.toFixed(Math.min(8, 1 - Math.floor(Math.log10(missing))));
}
