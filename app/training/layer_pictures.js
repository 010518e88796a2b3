// What the selected training looks like inside, at an epoch: first-layer weights as images, activations as a heat map over
// the epochs, mistakes and the confusion matrix.

import { createElement } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";
import { parseHexColour, toCssColour } from "../player/base/theme_and_run_styles.js";
import { countConfusion, findMistakes, mixColours } from "./layer_numbers.js";

const TILE_PIXELS = 40; // of an image's side on the page
const MOST_TILES = 60;
const MOST_MISTAKES = 12;
const HISTOGRAM_HEIGHT = 120;

export class LayerPictures {
  constructor(host, labels) {
    Object.assign(this, { host, labels });
    const add = (name, help = "") => {
      const section = host.appendChild(createElement("section", `descent-training-${name}`));
      section.append(createElement("h2", "", labels[name]));
      if (help) section.append(createElement("p", "descent-quiet", help));
      return section;
    };
    this.sections = { weights: add("weights", labels.weights_help), histograms: add("histograms", labels.histograms_help), mistakes: add("mistakes"), confusion: add("confusion") };
    this.tiles = this.sections.weights.appendChild(createElement("canvas", ""));
    this.layers = this.sections.histograms.appendChild(createElement("div", "descent-training-layers"));
    this.mistakes = this.sections.mistakes.appendChild(createElement("ul", "descent-training-mistakes"));
    const scroll = this.sections.confusion.appendChild(createElement("div", "descent-scroll"));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", labels.confusion);
    this.matrix = scroll.appendChild(createElement("table", "descent-training-matrix"));
  }

  set(message, theme) {
    Object.assign(this, { message, theme, shown: null });
    const { arrays } = message;
    const has = { weights: arrays.weights, histograms: message.layers?.length, mistakes: arrays.predictions, confusion: arrays.predictions };
    for (const [name, section] of Object.entries(this.sections)) section.hidden = !has[name] || (Boolean(message.parts) && !message.parts.includes(name));
    if (message.layers?.length) this.buildHistograms();
  }

  // `k` is the index of a recorded epoch.
  show(k) {
    if (!this.message || this.shown === k) return;
    this.shown = k;
    const { arrays } = this.message;
    if (arrays.weights) this.drawWeights(k);
    if (this.message.layers?.length) this.markHistograms(k);
    if (arrays.predictions) this.showPredictions(k);
  }

  drawWeights(k) {
    const { arrays, weights_shape: [inputs, units], image_side: side } = this.message;
    const start = k * inputs * units;
    const weights = arrays.weights.subarray(start, start + inputs * units);
    const count = Math.min(units, MOST_TILES);
    const columns = Math.max(1, Math.min(count, Math.floor((this.sections.weights.clientWidth || 600) / (TILE_PIXELS + 4))));
    const rows = Math.ceil(count / columns);
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    const [width, height] = [columns * (TILE_PIXELS + 4), rows * (TILE_PIXELS + 4)];
    Object.assign(this.tiles, { width: width * ratio, height: height * ratio });
    Object.assign(this.tiles.style, { width: `${width}px`, height: `${height}px` });
    const context = this.tiles.getContext("2d");
    context.scale(ratio, ratio);
    let most = 1e-12;
    for (const value of weights) most = Math.max(most, Math.abs(value));
    const [low, middle, high] = [this.theme.runs[0], this.theme.panel, this.theme.runs[1]].map(parseHexColour);
    const cell = TILE_PIXELS / side;
    for (let unit = 0; unit < count; unit++) {
      const [left, top] = [(unit % columns) * (TILE_PIXELS + 4), Math.floor(unit / columns) * (TILE_PIXELS + 4)];
      for (let i = 0; i < inputs; i++) {
        const value = weights[i * units + unit] / most;
        context.fillStyle = toCssColour(mixColours(middle, value < 0 ? low : high, Math.sqrt(Math.abs(value))));
        context.fillRect(left + (i % side) * cell, top + Math.floor(i / side) * cell, cell, cell);
      }
    }
    this.tiles.setAttribute("role", "img");
    this.tiles.setAttribute("aria-label", `${this.labels.weights}. ${this.labels.weights_help}`);
  }

  buildHistograms() {
    const { layers, arrays } = this.message;
    this.figures = layers.map((layer, j) => {
      const figure = createElement("figure", "");
      const caption = figure.appendChild(createElement("figcaption", "", ""));
      const box = figure.appendChild(createElement("div", "descent-training-heat"));
      const canvas = box.appendChild(createElement("canvas", ""));
      const mark = box.appendChild(createElement("i", ""));
      const epochs = layer.bounds.length;
      const counts = arrays[`activations${j}`];
      const bins = counts.length / epochs;
      const low = Math.min(...layer.bounds.map(([l]) => l));
      const high = Math.max(...layer.bounds.map(([, h]) => h), low + 1e-12);
      Object.assign(canvas, { width: epochs, height: HISTOGRAM_HEIGHT });
      const context = canvas.getContext("2d");
      const [from, until] = [this.theme.panel, this.theme.accent].map(parseHexColour);
      for (let e = 0; e < epochs; e++) {
        const [l, h] = layer.bounds[e];
        const most = Math.max(1, ...counts.subarray(e * bins, (e + 1) * bins));
        for (let b = 0; b < bins; b++) {
          const [y0, y1] = [l + ((h - l) * b) / bins, l + ((h - l) * (b + 1)) / bins].map((v) => HISTOGRAM_HEIGHT * (1 - (v - low) / (high - low)));
          context.fillStyle = toCssColour(mixColours(from, until, Math.sqrt(counts[e * bins + b] / most)));
          context.fillRect(e, y1, 1, Math.max(1, y0 - y1));
        }
      }
      canvas.setAttribute("aria-hidden", "true");
      return { figure, caption, mark, layer, epochs };
    });
    this.layers.replaceChildren(...this.figures.map(({ figure }) => figure));
  }

  markHistograms(k) {
    this.figures.forEach(({ caption, mark, layer, epochs }, j) => {
      const words = [`${j + 1}`];
      if (layer.dead[k]) words.push(fillTemplate(this.labels.dead, { count: layer.dead[k], units: layer.units }));
      if (layer.saturated[k] > 0.005) words.push(fillTemplate(this.labels.saturated, { share: (100 * layer.saturated[k]).toFixed(0) }));
      caption.textContent = words.join(" · ");
      mark.style.left = `${(100 * (k + 0.5)) / epochs}%`;
    });
  }

  showPredictions(k) {
    const { message, labels } = this;
    const { arrays, class_names: names, shown_validation: count } = message;
    const predicted = arrays.predictions.subarray(k * count, (k + 1) * count);
    const sureness = arrays.sureness.subarray(k * count, (k + 1) * count);
    const found = findMistakes(arrays.classes, predicted, sureness).slice(0, MOST_MISTAKES);
    const rows = found.map((i) => {
      const row = createElement("li", "");
      if (message.image_side) row.append(this.drawImage(i));
      row.append(createElement("span", "", fillTemplate(labels.mistake, { true: names[arrays.classes[i]], predicted: names[predicted[i]], share: (100 * sureness[i]).toFixed(0) })));
      return row;
    });
    this.mistakes.replaceChildren(...(rows.length ? rows : [createElement("li", "", labels.no_mistakes)]));
    this.showConfusion(countConfusion(arrays.classes, predicted, names.length), names);
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
    const most = Math.max(1, ...rows.flat());
    const [from, good, bad] = [this.theme.card, this.theme.runs[2], this.theme.runs[0]].map(parseHexColour);
    const head = createElement("tr");
    head.append(createElement("td", ""));
    for (const name of names) head.appendChild(createElement("th", "", name)).scope = "col";
    const body = rows.map((row, i) => {
      const line = createElement("tr");
      line.appendChild(createElement("th", "", names[i])).scope = "row";
      row.forEach((value, j) => {
        const cell = line.appendChild(createElement("td", "", value ? String(value) : ""));
        if (value) cell.style.background = toCssColour(mixColours(from, i === j ? good : bad, i === j ? (0.35 * value) / most : 0.2 + 0.25 * Math.min(1, value / 5)));
      });
      return line;
    });
    this.matrix.replaceChildren(head, ...body);
  }
}
