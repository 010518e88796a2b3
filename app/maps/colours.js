// Colours as [r, g, b]: read, mixed with the ground, and written as CSS.

const FADE = 0.78; // of the ground in the faintest colour

export function parseHexColour(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

// A colour whose strength is 1, or fainter down to 0.
export function blend(colour, ground, strength) {
  return colour.map((channel, i) => Math.round(ground[i] + (channel - ground[i]) * (1 - FADE * (1 - strength))));
}

export const toCss = (colour) => `rgb(${colour.join()})`;
