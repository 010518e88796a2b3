// Decision regions in numbers: the class and confidence in a byte of the grid, its colour, and the misclassified samples.

import { mixColours } from "./pixel_colours.js";

const FAINTEST = 0.12; // the share of the class's colour where the network is undecided
const BYTES = 256; // that there are
const STRONGEST = 0.62; // and where it is certain

// The class of a cell, and the network's confidence in it, from 0 (a guess) to 1.
export function readCell(cell, levels) {
  return { taken: Math.floor(cell / levels), sureness: (cell % levels) / Math.max(1, levels - 1) };
}

// The pixels of a grid whose first row is the lowest, as RGBA from the top.
export function paintCells(cells, side, levels, ground, colours) {
  const colourOfByte = new Uint32Array(BYTES); // four bytes at once, in a quarter of the time
  const bytes = new Uint8ClampedArray(colourOfByte.buffer);
  for (let cell = 0; cell < BYTES; cell++) {
    const { taken, sureness } = readCell(cell, levels);
    bytes.set([...mixColours(ground, colours[taken % colours.length], FAINTEST + (STRONGEST - FAINTEST) * sureness), 255], 4 * cell);
  }
  const pixels = new Uint32Array(side * side);
  for (let row = 0; row < side; row++) {
    const [from, to] = [row * side, (side - 1 - row) * side];
    for (let column = 0; column < side; column++) pixels[to + column] = colourOfByte[cells[from + column]];
  }
  return new Uint8ClampedArray(pixels.buffer);
}

// The fraction of the picture that each class covers.
export function countShares(cells, levels, count) {
  const shares = new Array(count).fill(0);
  for (const cell of cells) shares[Math.floor(cell / levels)] += 1;
  return shares.map((share) => share / cells.length);
}

// The misclassified samples, and how many of them are of training (the first `trainingCount`) and of validation.
export function findWrong(classes, taken, trainingCount) {
  const wrong = Array.from(classes.keys()).filter((i) => classes[i] !== taken[i]);
  const training = wrong.filter((i) => i < trainingCount).length;
  return { wrong, training, validation: wrong.length - training };
}
