// Activations and gradients of each layer as heat maps over the epochs: a column is the histogram of an epoch. On one
// scale over the layers a gradient that vanishes is a thin line; each on its own, the labels of its axis say how small it is.

import { createElement } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { parseHexColour } from "../player/base/theme_and_run_styles.js";
import { mixColours, packPixel } from "./pixel_colours.js";

const HEIGHT = 120; // pixels of a heat map
const SHADES = 64;
const LABEL_ROOM = 0.13; // of an axis, between two of its labels

export class LayerHeatMaps {
  constructor(host, labels) {
    Object.assign(this, { labels, isCommon: true, figures: [] });
    this.rows = host.appendChild(createElement("div", "descent-training-layers"));
  }

  // `isCommon`: whether all layers have one scale, the activations one and the gradients another.
  set(message, theme, isCommon) {
    const { matrices, layers, arrays } = message;
    const kinds = [["activations", layers.length], ["gradients", matrices]];
    this.figures = kinds.flatMap(([kind, count]) => {
      const bounds = Array.from({ length: count }, (_, j) => arrays[`${kind}_bounds${j}`]);
      return bounds.map((own, j) => {
        const range = findValueRange(isCommon ? bounds : [own]);
        return { kind, j, layer: layers[j], deviations: arrays[`${kind}_deviation${j}`], epochs: own.length / 2, ...this.build(arrays[`${kind}${j}`], own, range, theme) };
      });
    });
    const of = (j) => this.figures.filter((figure) => figure.j === j).map(({ figure }) => figure);
    this.rows.replaceChildren(...Array.from({ length: matrices }, (_, j) => {
      const row = createElement("div", "descent-training-layer");
      row.append(...(j < layers.length ? [] : [createElement("span", "")]), ...of(j)); // scores are no activations
      return row;
    }));
  }

  build(counts, bounds, range, theme) {
    const figure = createElement("figure", "");
    const caption = figure.appendChild(createElement("figcaption", "", ""));
    const axis = figure.appendChild(createElement("div", "descent-training-values"));
    const box = figure.appendChild(createElement("div", "descent-training-heat"));
    for (const { value, top } of listAxisLabels(range)) axis.appendChild(createElement("span", "", formatNumber(value, 2))).style.top = `${100 * top}%`;
    box.append(this.draw(counts, bounds, range, theme));
    box.appendChild(createElement("u", "")).style.top = `${(100 * range[1]) / (range[1] - range[0])}%`;
    const mark = box.appendChild(createElement("i", ""));
    return { figure, canvas: box.firstChild, caption, mark, words: "", covered: 0 };
  }

  draw(counts, bounds, range, theme) {
    const epochs = bounds.length / 2;
    const bins = counts.length / epochs;
    const canvas = Object.assign(createElement("canvas", ""), { width: epochs, height: HEIGHT });
    canvas.setAttribute("aria-hidden", "true");
    const [from, until] = [theme.panel, theme.accent].map(parseHexColour);
    const shades = Uint32Array.from({ length: SHADES + 1 }, (_, i) => packPixel(mixColours(from, until, Math.sqrt(i / SHADES))));
    const image = new ImageData(epochs, HEIGHT);
    const pixels = new Uint32Array(image.data.buffer);
    for (let e = 0; e < epochs; e++) {
      const rows = spreadCounts(counts.subarray(e * bins, (e + 1) * bins), bounds.subarray(2 * e, 2 * e + 2), range, HEIGHT);
      rows.forEach((share, y) => (pixels[y * epochs + e] = shades[Math.ceil(SHADES * share)]));
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  // `k` is the index of a recorded epoch, `last` that of the last one that may be seen.
  show(k, last) {
    for (const part of this.figures) {
      const { kind, j, layer, deviations, epochs, canvas, caption, mark } = part;
      const words = [fillTemplate(this.labels[`layer_${kind}`], { k: j + 1 })];
      if (kind === "gradients") words.push(fillTemplate(this.labels.spread, { value: formatNumber(deviations[k], 2) }));
      else words.push(...this.describeUnits(layer, k));
      const text = words.join(" · ");
      if (part.words !== text) caption.textContent = part.words = text;
      const covered = (100 * (epochs - 1 - last)) / epochs; // percent
      if (part.covered !== covered) canvas.style.clipPath = (part.covered = covered) ? `inset(0 ${covered}% 0 0)` : "";
      mark.style.left = `${(100 * (k + 0.5)) / epochs}%`;
    }
  }

  describeUnits({ dead, saturated, units }, k) {
    const words = [];
    if (dead[k]) words.push(fillTemplate(this.labels.dead, { count: dead[k], units }));
    if (saturated[k] > 0.005) words.push(fillTemplate(this.labels.saturated, { share: (100 * saturated[k]).toFixed(0) }));
    return words;
  }
}

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
