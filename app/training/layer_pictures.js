// What the selected training looks like inside, at an epoch: first-layer weights as images, histograms of each layer over
// the epochs, mistakes and the confusion matrix.

import { createElement, createSegments, pressSegment } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";
import { parseHexColour, toCssColour } from "../player/base/theme_and_run_styles.js";
import { LayerHistograms } from "./layer_histograms.js";
import { countConfusion, findLargestWeights, findMistakes, mixColours, packPixel } from "./layer_numbers.js";

const CELL_PIXELS = 5; // of a weight's side on the page; the tiles are as far apart
const SHADES = 127; // of a colour of weights
const MOST_MISTAKES = 12;
const SCALED = ["weights", "histograms"]; // on one scale, or each on its own

export class LayerPictures {
  constructor(host, labels) {
    Object.assign(this, { host, labels });
    this.isCommon = { weights: true, histograms: true };
    this.scales = {};
    this.note = host.appendChild(createElement("p", "descent-quiet descent-training-wait", labels.inside_wait));
    const add = (name) => {
      const section = host.appendChild(createElement("section", `descent-training-${name}`));
      const head = section.appendChild(createElement("div", "descent-training-head"));
      head.append(createElement("h2", "", labels[name]));
      if (SCALED.includes(name)) {
        section.append(createElement("p", "descent-quiet", labels[`${name}_help`]));
        this.scales[name] = createSegments(head, labels.scale, [["common", labels.scale_common], ["own", labels.scale_own]], (choice) => this.changeScale(name, choice === "common"));
        pressSegment(this.scales[name], "common");
      }
      return section;
    };
    this.sections = Object.fromEntries(["weights", "histograms", "mistakes", "confusion"].map((name) => [name, add(name)]));
    this.tiles = this.sections.weights.appendChild(createElement("canvas", "descent-training-tiles"));
    new ResizeObserver(([{ contentRect: { width } }]) => this.fitTiles(width)).observe(this.sections.weights);
    this.tileNote = this.sections.weights.appendChild(createElement("p", "descent-quiet"));
    this.histograms = new LayerHistograms(this.sections.histograms, labels);
    this.mistakes = this.sections.mistakes.appendChild(createElement("ul", "descent-training-mistakes"));
    const scroll = this.sections.confusion.appendChild(createElement("div", "descent-scroll"));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", labels.confusion);
    this.matrix = scroll.appendChild(createElement("table", "descent-training-matrix"));
  }

  changeScale(name, isCommon) {
    this.isCommon[name] = isCommon;
    pressSegment(this.scales[name], isCommon ? "common" : "own");
    const { shown } = this;
    this.set(this.message, this.theme);
    if (shown !== null) this.show(shown);
  }

  set(message, theme) {
    Object.assign(this, { message, theme, shown: null });
    const { arrays } = message;
    const has = { weights: arrays.weights, histograms: message.matrices, mistakes: arrays.predictions, confusion: arrays.predictions };
    for (const [name, section] of Object.entries(this.sections)) section.hidden = !has[name] || (Boolean(message.parts) && !message.parts.includes(name));
    this.note.hidden = !message.matrices || Boolean(arrays.predictions);
    if (message.matrices) this.histograms.set(message, theme, this.isCommon.histograms);
    if (arrays.weights) this.commonScale = findLargestWeights(arrays.weights, 1)[0];
    const [negative, middle, positive] = [theme.runs[0], theme.panel, theme.runs[1]].map(parseHexColour);
    this.weightColours = Uint32Array.from({ length: 2 * SHADES + 1 }, (_, i) => packPixel(mixColours(middle, i < SHADES ? negative : positive, Math.abs(i - SHADES) / SHADES)));
    this.mistakeRows = new Map();
    this.cells = null; // of the confusion matrix
  }

  // `k` is the index of a recorded epoch.
  show(k) {
    if (!this.message || this.shown === k) return;
    this.shown = k;
    const { arrays } = this.message;
    if (arrays.weights) this.drawWeights(k);
    if (this.message.matrices) this.histograms.show(k);
    if (arrays.predictions) this.showPredictions(k);
  }

  // There is room for tiles in so many pixels; asked of the page, it would lay out itself anew in each epoch.
  fitTiles(width) {
    if (!width || width === this.width) return;
    this.width = width;
    if (this.message?.arrays.weights && this.shown !== null) this.drawWeights(this.shown);
  }

  // A pixel of the canvas for each weight, and one between two images.
  drawWeights(k) {
    const { labels, tiles } = this;
    const { arrays, weights_shape: [inputs, units], hidden_units: all, image_side: side } = this.message;
    const weights = arrays.weights.subarray(k * inputs * units, (k + 1) * inputs * units);
    this.width ??= this.sections.weights.clientWidth || 600;
    const columns = Math.max(1, Math.min(units, Math.floor(this.width / (CELL_PIXELS * (side + 1)))));
    const image = new ImageData(columns * (side + 1), Math.ceil(units / columns) * (side + 1));
    const largest = this.isCommon.weights ? new Float64Array(units).fill(this.commonScale) : findLargestWeights(weights, units);
    const pixels = new Uint32Array(image.data.buffer);
    const tileStarts = Int32Array.from({ length: units }, (_, unit) => (side + 1) * (image.width * Math.floor(unit / columns) + (unit % columns)));
    for (let i = 0, at = 0; i < inputs; i++) {
      const place = image.width * Math.floor(i / side) + (i % side); // in its tile
      for (let unit = 0; unit < units; unit++, at++) {
        const size = SHADES * Math.sqrt(Math.abs(weights[at]) / largest[unit]);
        pixels[tileStarts[unit] + place] = this.weightColours[Math.round(weights[at] < 0 ? SHADES - size : SHADES + size)];
      }
    }
    if (tiles.width !== image.width || tiles.height !== image.height) {
      Object.assign(tiles, { width: image.width, height: image.height });
      Object.assign(tiles.style, { width: `${image.width * CELL_PIXELS}px`, height: `${image.height * CELL_PIXELS}px` });
    }
    tiles.getContext("2d").putImageData(image, 0, 0);
    tiles.setAttribute("role", "img");
    tiles.setAttribute("aria-label", `${labels.weights}. ${labels.weights_help}`);
    this.tileNote.textContent = units < all ? fillTemplate(labels.weights_shown, { count: units, units: all }) : "";
  }

  showPredictions(k) {
    const { message, labels } = this;
    const { arrays, class_names: names, shown_validation: count } = message;
    const predicted = arrays.predictions.subarray(k * count, (k + 1) * count);
    const sureness = arrays.sureness.subarray(k * count, (k + 1) * count);
    const found = findMistakes(arrays.classes, predicted, sureness).slice(0, MOST_MISTAKES);
    const rows = found.map((i) => {
      if (!this.mistakeRows.has(i)) this.mistakeRows.set(i, this.buildMistake(i));
      const { row, text } = this.mistakeRows.get(i);
      text.textContent = fillTemplate(labels.mistake, { true: names[arrays.classes[i]], predicted: names[predicted[i]], share: (100 * sureness[i]).toFixed(0) });
      return row;
    });
    this.mistakes.replaceChildren(...(rows.length ? rows : [createElement("li", "", labels.no_mistakes)]));
    this.showConfusion(countConfusion(arrays.classes, predicted, names.length), names);
  }

  buildMistake(i) {
    const row = createElement("li", "");
    if (this.message.image_side) row.append(this.drawImage(i));
    return { row, text: row.appendChild(createElement("span", "")) };
  }

  drawImage(i) {
    const side = this.message.image_side;
    const canvas = Object.assign(createElement("canvas", ""), { width: side, height: side });
    const image = new ImageData(side, side);
    const pixels = this.message.arrays.images.subarray(i * side * side, (i + 1) * side * side);
    pixels.forEach((value, at) => image.data.set([255 - value, 255 - value, 255 - value, 255], 4 * at));
    canvas.getContext("2d").putImageData(image, 0, 0);
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }

  showConfusion(rows, names) {
    this.cells ??= this.buildConfusion(names);
    const most = Math.max(1, ...rows.flat());
    const [from, good, bad] = [this.theme.card, this.theme.runs[2], this.theme.runs[0]].map(parseHexColour);
    rows.forEach((row, i) => row.forEach((value, j) => {
      const cell = this.cells[i][j];
      const text = value ? String(value) : "";
      if (cell.textContent !== text) cell.textContent = text;
      const colour = !value ? "" : toCssColour(mixColours(from, i === j ? good : bad, i === j ? (0.35 * value) / most : 0.2 + 0.25 * Math.min(1, value / 5)));
      if (cell.dataset.colour !== colour) cell.style.background = cell.dataset.colour = colour;
    }));
  }

  // The table without its numbers; returns its cells.
  buildConfusion(names) {
    const head = createElement("tr");
    head.append(createElement("td", ""));
    for (const name of names) head.appendChild(createElement("th", "", name)).scope = "col";
    const lines = names.map((name) => {
      const line = createElement("tr");
      line.appendChild(createElement("th", "", name)).scope = "row";
      return line;
    });
    this.matrix.replaceChildren(head, ...lines);
    return lines.map((line) => names.map(() => line.appendChild(createElement("td", ""))));
  }
}
