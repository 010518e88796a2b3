// A map of where each start leads: pixels, minima, the path of the start that is pointed at, and the legend.

import { element } from "../../player/base/dom.js";
import { coordinate, figure, fill } from "../../player/base/number_format.js";
import { LOST, SADDLE, STALLED, blend, hueOf, middleOf, paceOf, paint, rgb, squareAt, stillnesses } from "./basin_colours.js";
import { Chart } from "../image_plot.js";

const NAMED = 8; // minima in the legend
const KINDS = { [SADDLE]: "saddle", [STALLED]: "stalled", [LOST]: "lost" };

export class Basins {
  constructor(host, legend, board) {
    Object.assign(this, { host, legend, board });
    this.chart = new Chart(host, {
      point: (place) => board.point(this.start(place)),
      pick: (place) => board.pick(this.start(place)),
      look: (window) => this.look(window),
    });
  }

  show() {
    const { message, theme, dark } = this.board;
    const { arrays, labels, title, side } = message;
    this.host.setAttribute("aria-label", `${title}: ${labels.map}`);
    this.pace = arrays.code && paceOf(arrays);
    const pixels = arrays.code && paint(arrays, side, this.pace, theme, dark);
    const drawn = this.chart.set(message, pixels, theme);
    this.describe();
    return drawn;
  }

  // What the legend says: each minimum with its share of the starts, and what leads to none.
  describe() {
    const { message, theme, dark } = this.board;
    const { labels, arrays } = message;
    if (!arrays.code) return this.legend.replaceChildren();
    const counts = new Map();
    for (const kind of arrays.code) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const minima = [...counts.keys()].filter((kind) => kind < SADDLE).sort((a, b) => counts.get(b) - counts.get(a));
    const rows = minima.slice(0, NAMED).map((kind) => {
      const colour = hueOf(kind, theme, dark);
      const shades = [1, 0.5, 0].map((share) => css(blend(colour, rgb(theme.ground), share)));
      return this.row(`linear-gradient(90deg, ${shades})`, fill(labels.minimum, { place: this.minimum(kind) }), counts.get(kind));
    });
    const rest = minima.slice(NAMED).reduce((sum, kind) => sum + counts.get(kind), 0);
    if (rest) rows.push(this.row(`repeating-linear-gradient(90deg, ${minima.slice(NAMED, NAMED + 3).map((kind, i) => `${css(hueOf(kind, theme, dark))} ${8 * i}px ${8 * i + 8}px`)})`, labels.others, rest));
    const grounds = {
      [SADDLE]: css(stillnesses(theme).saddle),
      [STALLED]: css(stillnesses(theme).stalled),
      [LOST]: `repeating-linear-gradient(135deg, ${theme.muted} 0 1.5px, ${theme.ground} 1.5px 5px)`,
    };
    for (const [kind, name] of Object.entries(KINDS)) if (counts.get(Number(kind))) rows.push(this.row(grounds[kind], labels[name], counts.get(Number(kind))));
    const list = element("ul", "");
    list.append(...rows);
    const scale = Object.assign(element("p", "descent-quiet"), {
      textContent: this.pace ? fill(labels.pace, this.pace) : "",
    });
    this.legend.replaceChildren(list, scale);
  }

  row(background, words, count) {
    const { labels, side } = this.board.message;
    const row = element("li", "");
    const swatch = row.appendChild(element("i", "descent-map-swatch"));
    swatch.style.background = background;
    row.append(words, Object.assign(element("b", ""), { textContent: fill(labels.share, { share: figure((100 * count) / side ** 2, 2) }) }));
    return row;
  }

  minimum(kind) {
    const { minima } = this.board.message.arrays;
    const many = minima.length / 2;
    return this.placed(minima[Math.min(kind, many - 1)], minima[many + Math.min(kind, many - 1)]);
  }

  placed(x, y) {
    const width = Math.min(...this.board.message.window.map(([low, high]) => high - low));
    return `(${coordinate(x, width)}, ${coordinate(y, width)})`;
  }

  // Where the run began whose fate the square at this place shows.
  start(place) {
    const { side, window } = this.board.message;
    const square = place && squareAt(place, window, side);
    return square ? middleOf(square, window, side) : place;
  }

  // What becomes of the start that is pointed at.
  get words() {
    const { message, place } = this.board;
    const { labels, arrays, side, window } = message;
    const square = place && squareAt(place, window, side);
    if (!square || !arrays.code) return labels.point;
    const from = square[1] * side + square[0];
    const kind = arrays.code[from];
    const fate = kind < SADDLE ? fill(labels.to_minimum, { place: this.minimum(kind), n: arrays.step[from] }) : labels[`to_${KINDS[kind]}`];
    return `${fill(labels.at, { place: this.placed(...place) })} ${fate}`;
  }

  follow(path) {
    this.chart.path(path);
  }

  zoom(factor) {
    this.chart.zoom(factor);
  }

  reset() {
    this.look(this.board.message.box);
  }

  look(window) {
    this.board.say("window", { x: window[0], y: window[1] });
  }

  remove() {
    this.chart.remove();
  }
}

const css = (colour) => `rgb(${colour.join()})`;
