// A map of where each start leads: pixels, minima, the path of the start that is pointed at, and the legend.

import { createElement } from "../../player/base/dom.js";
import { formatCoordinate, formatNumber, fillTemplate } from "../../player/base/number_format.js";
import { blend, minimumColour, squareCentre, findStepRange, paintBasins, parseHexColour, findSquare, stationaryColours } from "./basin_colours.js";
import { ImagePlot } from "./basin_plot.js";

const MAX_LEGEND_MINIMA = 8; // minima in the legend

export class BasinMap {
  constructor(host, legend, panel) {
    Object.assign(this, { host, legend, board: panel });
    this.plot = new ImagePlot(host, {
      point: (place) => panel.point(this.start(place)),
      pick: (place) => panel.pick(this.start(place)),
      look: (window) => this.look(window),
    });
  }

  show() {
    const { message, theme, dark } = this.board;
    const { arrays, endings, labels, title, side } = message;
    this.host.setAttribute("aria-label", `${title}: ${labels.map}`);
    this.pace = arrays.code && findStepRange(arrays, endings);
    const pixels = arrays.code && paintBasins(arrays, endings, side, this.pace, theme, dark);
    const drawn = this.plot.set(message, pixels, theme);
    this.showLegend();
    return drawn;
  }

  // What the legend says: each minimum with its share of the starts, and what leads to none.
  showLegend() {
    const { message, theme, dark } = this.board;
    const { labels, arrays, endings } = message;
    if (!arrays.code) return this.legend.replaceChildren();
    const counts = new Map();
    for (const kind of arrays.code) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const minima = [...counts.keys()].filter((kind) => !endings[kind]).sort((a, b) => counts.get(b) - counts.get(a));
    const rows = minima.slice(0, MAX_LEGEND_MINIMA).map((kind) => {
      const colour = minimumColour(kind, theme, dark);
      const shades = [1, 0.5, 0].map((share) => toCss(blend(colour, parseHexColour(theme.ground), share)));
      return this.row(`linear-gradient(90deg, ${shades})`, fillTemplate(labels.minimum, { place: this.minimum(kind) }), counts.get(kind));
    });
    const rest = minima.slice(MAX_LEGEND_MINIMA).reduce((sum, kind) => sum + counts.get(kind), 0);
    if (rest) rows.push(this.row(`repeating-linear-gradient(90deg, ${minima.slice(MAX_LEGEND_MINIMA, MAX_LEGEND_MINIMA + 3).map((kind, i) => `${toCss(minimumColour(kind, theme, dark))} ${8 * i}px ${8 * i + 8}px`)})`, labels.others, rest));
    const grounds = {
      saddle: toCss(stationaryColours(theme).saddle),
      stalled: toCss(stationaryColours(theme).stalled),
      lost: `repeating-linear-gradient(135deg, ${theme.muted} 0 1.5px, ${theme.ground} 1.5px 5px)`,
    };
    for (const [kind, name] of Object.entries(endings)) if (counts.get(Number(kind))) rows.push(this.row(grounds[name], labels[name], counts.get(Number(kind))));
    const list = createElement("ul", "");
    list.append(...rows);
    const scale = Object.assign(createElement("p", "descent-quiet"), {
      textContent: this.pace ? fillTemplate(labels.pace, this.pace) : "",
    });
    this.legend.replaceChildren(list, scale);
  }

  row(background, words, count) {
    const { labels, side } = this.board.message;
    const row = createElement("li", "");
    const swatch = row.appendChild(createElement("i", "descent-map-swatch"));
    swatch.style.background = background;
    row.append(words, Object.assign(createElement("b", ""), { textContent: fillTemplate(labels.share, { share: formatNumber((100 * count) / side ** 2, 2) }) }));
    return row;
  }

  minimum(kind) {
    const { minima } = this.board.message.arrays;
    const many = minima.length / 2;
    return this.formatPoint(minima[Math.min(kind, many - 1)], minima[many + Math.min(kind, many - 1)]);
  }

  formatPoint(x, y) {
    const width = Math.min(...this.board.message.window.map(([low, high]) => high - low));
    return `(${formatCoordinate(x, width)}, ${formatCoordinate(y, width)})`;
  }

  // Where the run began whose fate the square at this place shows.
  start(place) {
    const { side, window } = this.board.message;
    const square = place && findSquare(place, window, side);
    return square ? squareCentre(square, window, side) : place;
  }

  // What becomes of the start that is pointed at.
  get words() {
    const { message, place } = this.board;
    const { labels, arrays, endings, side, window } = message;
    const square = place && findSquare(place, window, side);
    if (!square || !arrays.code) return labels.point;
    const from = square[1] * side + square[0];
    const kind = arrays.code[from];
    const fate = endings[kind] ? labels[`to_${endings[kind]}`] : fillTemplate(labels.to_minimum, { place: this.minimum(kind), n: arrays.step[from] });
    return `${fillTemplate(labels.at, { place: this.formatPoint(...place) })} ${fate}`;
  }

  follow(path) {
    this.plot.path(path);
  }

  zoom(factor) {
    this.plot.zoom(factor);
  }

  reset() {
    this.look(this.board.message.box);
  }

  look(window) {
    this.board.say("window", { x: window[0], y: window[1] });
  }

  remove() {
    this.plot.remove();
  }
}

const toCss = (colour) => `rgb(${colour.join()})`;
