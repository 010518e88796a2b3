// Encode frames as an animated GIF: one palette, in which given and frequent colours are exact, and of each frame only
// what has changed.

import { GIFEncoder, nearestColorIndex, quantize } from "../vendor/gifenc-1.0.3/gifenc.esm.js";

const PALETTE_SIZE = 255; // and one for what stays as it is
const EXACT_COLOURS = 160;
const NEAREST_CACHE_SIZE = 1e5; // pixels whose place is remembered

// Colours as [r, g, b]: `kept` and the most frequent as they are, the others as they suit `pixels`, r, g, b, a, ...
export function buildPalette(pixels, kept) {
  const counts = new Map();
  const whole = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  for (const pixel of whole) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const areas = [...counts].sort(([, one], [, other]) => other - one).slice(0, EXACT_COLOURS).map(([pixel]) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);
  const exact = [...new Map([...kept, ...areas].map((colour) => [colour.join(), colour])).values()].slice(0, EXACT_COLOURS + kept.length);
  return [...exact, ...quantize(pixels, Math.max(2, PALETTE_SIZE - exact.length))].slice(0, PALETTE_SIZE);
}

export class GifWriter {
  constructor(width, height, palette) {
    Object.assign(this, { width, height, palette });
    this.encoder = GIFEncoder();
    this.chunks = [];
    this.previousFrame = null;
    this.nearestCache = new Map(); // of a pixel, its place in the palette
  }

  // A frame's pixels, and how long it is seen in hundredths of a second.
  addFrame(pixels, hundredths) {
    const same = this.palette.length; // the colour of what stays as it is
    const index = this.toPaletteIndices(pixels);
    const changed = this.previousFrame ? index.map((colour, i) => (colour === this.previousFrame[i] ? same : colour)) : index;
    const first = !this.previousFrame;
    this.encoder.writeFrame(changed, this.width, this.height, {
      palette: first ? [...this.palette, [0, 0, 0]] : null,
      delay: 10 * hundredths,
      transparent: !first,
      transparentIndex: same,
      dispose: 1,
    });
    this.previousFrame = index;
    this.flush();
  }

  // The index in the palette of each pixel.
  toPaletteIndices(pixels) {
    const whole = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
    const index = new Uint8Array(whole.length);
    let [before, place] = [-1, 0];
    for (let i = 0; i < whole.length; i++) {
      if (whole[i] !== before) {
        before = whole[i];
        place = this.nearestCache.get(before) ?? this.findNearest(before);
      }
      index[i] = place;
    }
    return index;
  }

  findNearest(pixel) {
    const place = nearestColorIndex(this.palette, [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]);
    if (this.nearestCache.size >= NEAREST_CACHE_SIZE) this.nearestCache.clear();
    this.nearestCache.set(pixel, place);
    return place;
  }

  // The parts of the file, for a Blob.
  finish() {
    this.encoder.finish();
    this.flush();
    return this.chunks;
  }

  flush() {
    this.chunks.push(this.encoder.bytes());
    this.encoder.stream.reset();
  }
}
