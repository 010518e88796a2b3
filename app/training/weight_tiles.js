// The weights of the first layer as images, a tile for each hidden unit.

import { createElement } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";
import { parseHexColour } from "../player/base/theme_and_run_styles.js";
import { mixColours, packPixel } from "./pixel_colours.js";

const CELL_PIXELS = 5; // of a weight's side on the page; the tiles are as far apart
const SHADES = 127; // of a colour of weights

export class WeightTiles {
  constructor(host, labels) {
    Object.assign(this, { host, labels, shown: null });
    this.tiles = host.appendChild(createElement("canvas", "descent-training-tiles"));
    this.tiles.setAttribute("role", "img");
    this.tiles.setAttribute("aria-label", `${labels.weights}. ${labels.weights_help}`);
    this.context = this.tiles.getContext("2d");
    this.note = host.appendChild(createElement("p", "descent-quiet"));
    this.observer = new ResizeObserver(([{ contentRect: { width } }]) => this.fit(width));
    this.observer.observe(host);
  }

  // `isCommon`: whether all units of all epochs have one scale, or each its own in each epoch.
  set(message, theme, isCommon) {
    Object.assign(this, { message, isCommon, shown: null, image: null });
    const { weights } = message.arrays;
    const [, units] = message.weights_shape;
    if (isCommon) this.largest = new Float64Array(units).fill(findLargestWeights(weights, 1)[0]);
    const [negative, middle, positive] = [theme.runs[0], theme.panel, theme.runs[1]].map(parseHexColour);
    this.colours = Uint32Array.from({ length: 2 * SHADES + 1 }, (_, i) => packPixel(mixColours(middle, i < SHADES ? negative : positive, Math.abs(i - SHADES) / SHADES)));
    const all = message.hidden_units;
    this.note.textContent = units < all ? fillTemplate(this.labels.weights_shown, { count: units, units: all }) : "";
  }

  // Fit the tiles into `width` pixels. It is an argument because measuring it would make the browser lay out the page in
  // each epoch.
  fit(width) {
    if (!width || width === this.width) return;
    Object.assign(this, { width, image: null });
    if (this.shown !== null) this.show(this.shown);
  }

  // Where the tiles are, and the image that all epochs are drawn into: a pixel for each weight, and one between two tiles.
  layOut() {
    const { tiles, message: { weights_shape: [inputs, units], image_side: side } } = this;
    this.width ??= this.host.clientWidth || 600;
    const columns = Math.max(1, Math.min(units, Math.floor(this.width / (CELL_PIXELS * (side + 1)))));
    const image = (this.image = new ImageData(columns * (side + 1), Math.ceil(units / columns) * (side + 1)));
    this.pixels = new Uint32Array(image.data.buffer);
    this.starts = Int32Array.from({ length: units }, (_, unit) => (side + 1) * (image.width * Math.floor(unit / columns) + (unit % columns)));
    this.places = Int32Array.from({ length: inputs }, (_, i) => image.width * Math.floor(i / side) + (i % side)); // in a tile
    if (tiles.width === image.width && tiles.height === image.height) return;
    Object.assign(tiles, { width: image.width, height: image.height });
    Object.assign(tiles.style, { width: `${image.width * CELL_PIXELS}px`, height: `${image.height * CELL_PIXELS}px` });
  }

  // `k` is the index of a recorded epoch.
  show(k) {
    this.shown = k;
    if (!this.image) this.layOut();
    const { message: { arrays, weights_shape: [inputs, units] }, pixels, starts, places, colours } = this;
    const weights = arrays.weights.subarray(k * inputs * units, (k + 1) * inputs * units);
    const largest = this.isCommon ? this.largest : findLargestWeights(weights, units);
    for (let i = 0, at = 0; i < inputs; i++) {
      for (let unit = 0; unit < units; unit++, at++) {
        const size = SHADES * Math.sqrt(Math.abs(weights[at]) / largest[unit]);
        pixels[starts[unit] + places[i]] = colours[Math.round(weights[at] < 0 ? SHADES - size : SHADES + size)];
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }

  remove() {
    this.observer.disconnect();
  }
}

// The largest size of each unit's weights; `weights` goes row by row, an input each, and has a column for each unit.
export function findLargestWeights(weights, units) {
  const largest = new Float64Array(units).fill(Number.MIN_VALUE);
  for (let at = 0; at < weights.length; ) {
    for (let unit = 0; unit < units; unit++, at++) largest[unit] = Math.max(largest[unit], Math.abs(weights[at]));
  }
  return largest;
}
