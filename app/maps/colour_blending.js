// Fainter colours: mixed with the ground.

const FADE = 0.78; // of the ground in the faintest colour

// A colour [r, g, b] as it is for a strength of 1, fainter down to 0.
export function blend(colour, ground, strength) {
  return colour.map((channel, i) => Math.round(ground[i] + (channel - ground[i]) * (1 - FADE * (1 - strength))));
}
