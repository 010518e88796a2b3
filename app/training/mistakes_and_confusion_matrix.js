// A network's predictions on the validation samples at an epoch: the most confident mistakes and the confusion matrix. Their
// elements are made once for a message; for another epoch only those that differ are written.

import { createElement } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";
import { parseHexColour, toCssColour } from "../player/base/theme_and_run_styles.js";
import { mixColours, packPixel } from "./pixel_colours.js";

const MOST_MISTAKES = 12;
const SHADES = 32; // of the cells of the confusion matrix

// The predicted classes at the k-th recorded epoch, and the network's confidence in them.
function readPredictions({ arrays, shown_validation: count }, k) {
  return ["predictions", "sureness"].map((name) => arrays[name].subarray(k * count, (k + 1) * count));
}

// The misclassified samples, the most confident first.
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

export class MistakeList {
  constructor(host, labels) {
    Object.assign(this, { labels, rows: [] });
    this.list = host.appendChild(createElement("ul", "descent-training-mistakes"));
  }

  set(message) {
    this.message = message;
    this.rows = Array.from({ length: MOST_MISTAKES }, () => this.buildRow(message.image_side));
    this.none = createElement("li", "", this.labels.no_mistakes);
    this.images = new Map(); // sample -> its picture
    this.list.replaceChildren(this.none, ...this.rows.map(({ row }) => row));
  }

  buildRow(side) {
    const row = createElement("li", "");
    const canvas = side ? row.appendChild(Object.assign(createElement("canvas", ""), { width: side, height: side, ariaHidden: "true" })) : null;
    row.hidden = true;
    return { row, context: canvas?.getContext("2d"), text: row.appendChild(createElement("span", "")), sample: null, words: "" };
  }

  // `k` is the index of a recorded epoch.
  show(k) {
    const { message, labels, rows } = this;
    const { arrays: { classes }, class_names: names } = message;
    const [predicted, sureness] = readPredictions(message, k);
    const found = findMistakes(classes, predicted, sureness);
    this.none.hidden = found.length > 0;
    rows.forEach((part, at) => {
      const i = found[at];
      const isShown = i !== undefined;
      if (part.row.hidden === isShown) part.row.hidden = !isShown;
      if (!isShown) return;
      if (part.context && part.sample !== i) part.context.putImageData(this.getImage(i), 0, 0);
      const words = fillTemplate(labels.mistake, { true: names[classes[i]], predicted: names[predicted[i]], share: (100 * sureness[i]).toFixed(0) });
      if (part.words !== words) part.text.textContent = words;
      Object.assign(part, { sample: i, words });
    });
  }

  getImage(i) {
    if (!this.images.has(i)) this.images.set(i, this.drawImage(i));
    return this.images.get(i);
  }

  drawImage(i) {
    const { image_side: side, arrays } = this.message;
    const image = new ImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    for (let at = 0; at < pixels.length; at++) {
      const grey = 255 - arrays.images[i * pixels.length + at];
      pixels[at] = packPixel([grey, grey, grey]);
    }
    return image;
  }
}

export class ConfusionMatrix {
  constructor(host, labels) {
    const scroll = host.appendChild(createElement("div", "descent-scroll"));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", labels.confusion);
    this.table = scroll.appendChild(createElement("table", "descent-training-matrix"));
  }

  set(message, theme) {
    this.message = message;
    const names = message.class_names;
    const [from, good, bad] = [theme.card, theme.runs[2], theme.runs[0]].map(parseHexColour);
    const mix = (until, strength) => Array.from({ length: SHADES + 1 }, (_, i) => toCssColour(mixColours(from, until, strength(i / SHADES))));
    this.shades = { right: mix(good, (share) => 0.35 * share), wrong: mix(bad, (share) => 0.2 + 0.25 * share) };
    const head = createElement("tr");
    head.append(createElement("td", ""));
    for (const name of names) head.appendChild(createElement("th", "", name)).scope = "col";
    this.cells = [];
    const lines = names.map((name) => {
      const line = createElement("tr");
      line.appendChild(createElement("th", "", name)).scope = "row";
      for (let j = 0; j < names.length; j++) this.cells.push({ cell: line.appendChild(createElement("td", "")), value: 0, colour: "" });
      return line;
    });
    this.table.replaceChildren(head, ...lines);
  }

  // `k` is the index of a recorded epoch.
  show(k) {
    const { message, cells, shades } = this;
    const rows = countConfusion(message.arrays.classes, readPredictions(message, k)[0], message.class_names.length);
    const values = rows.flat();
    const most = values.reduce((a, b) => Math.max(a, b), 1);
    values.forEach((value, at) => {
      const shown = cells[at];
      const isRight = at % (rows.length + 1) === 0;
      const share = isRight ? value / most : Math.min(1, value / 5);
      const colour = value ? shades[isRight ? "right" : "wrong"][Math.round(SHADES * share)] : "";
      if (shown.value !== value) shown.cell.textContent = value || "";
      if (shown.colour !== colour) shown.cell.style.background = colour;
      Object.assign(shown, { value, colour });
    });
  }
}
