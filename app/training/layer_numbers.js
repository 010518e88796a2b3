// Numbers of the pictures of a network: its mistakes, the axes of its histograms, the scales of its weights, and colours.

// The samples that are wrong, the surest first.
export function findMistakes(classes, predicted, sureness) {
  const wrong = [];
  for (let i = 0; i < classes.length; i++) if (classes[i] !== predicted[i]) wrong.push(i);
  return wrong.sort((i, j) => sureness[j] - sureness[i]);
}

// How often class i was taken for class j.
export function countConfusion(classes, predicted, count) {
  const rows = Array.from({ length: count }, () => new Array(count).fill(0));
  classes.forEach((name, i) => (rows[name][predicted[i]] += 1));
  return rows;
}

// [r, g, b] between two, as far as `share` from 0 to 1.
export const mixColours = (from, until, share) => from.map((value, i) => Math.round(value + Math.min(1, Math.max(0, share)) * (until[i] - value)));

const LABEL_ROOM = 0.13; // of an axis, between two of its labels

// The range of histograms with these bounds, [low, high, low, high, ...] each, with zero in it.
export function findValueRange(boundsOfEach) {
  let [low, high] = [0, 0];
  for (const bounds of boundsOfEach) for (const value of bounds) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high > low ? [low, high] : [-1, 1];
}

// Where the lowest value, zero and the highest stand on an axis, as shares of its height from the top. Zero has no label
// where it would cover another.
export function listAxisLabels([low, high]) {
  const place = (value) => ({ value, top: (high - value) / (high - low) });
  const zero = place(0);
  return [place(high), ...(zero.top > LABEL_ROOM && zero.top < 1 - LABEL_ROOM ? [zero] : []), place(low)];
}

// A histogram between two bounds as rows of pixels from the top of a range to its bottom, its fullest bin 1. No bin with
// values is lost, however small it is beside a pixel.
export function spreadCounts(counts, [low, high], [from, until], height) {
  const rows = new Float32Array(height);
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const rowOf = (value) => Math.min(height - 1, Math.max(0, Math.floor((height * (until - value)) / (until - from))));
  counts.forEach((count, bin) => {
    if (!count) return;
    const [bottom, top] = [bin, bin + 1].map((k) => rowOf(low + ((high - low) * k) / counts.length));
    for (let row = top; row <= bottom; row++) rows[row] = Math.max(rows[row], count / most);
  });
  return rows;
}

// The largest size of each unit's weights; `weights` goes row by row, an input each, and has a column for each unit.
export function findLargestWeights(weights, units) {
  const largest = new Float64Array(units).fill(Number.MIN_VALUE);
  for (let at = 0; at < weights.length; ) {
    for (let unit = 0; unit < units; unit++, at++) largest[unit] = Math.max(largest[unit], Math.abs(weights[at]));
  }
  return largest;
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

// A pixel of an image whose bytes are seen as whole numbers: opaque, of this [r, g, b].
export const packPixel = ([r, g, b]) => (isLittleEndian ? (255 << 24) | (b << 16) | (g << 8) | r : (r << 24) | (g << 16) | (b << 8) | 255) >>> 0;
