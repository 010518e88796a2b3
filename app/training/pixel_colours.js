// Colours of the pixels of a picture: mixed, and packed into one number each.

// [r, g, b] between two, as far as `share` from 0 to 1.
export const mixColours = (from, until, share) => from.map((value, i) => Math.round(value + Math.min(1, Math.max(0, share)) * (until[i] - value)));

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

// A pixel of an image whose bytes are seen as whole numbers: opaque, of this [r, g, b].
export const packPixel = ([r, g, b]) => (isLittleEndian ? (255 << 24) | (b << 16) | (g << 8) | r : (r << 24) | (g << 16) | (b << 8) | 255) >>> 0;
