// A map of basins of attraction: pixels, minima, the path of the start that is pointed at, readout and legend.

import { createElement, pickLabel } from "../../player/base/dom.js";
import { formatCoordinate, formatNumber, fillTemplate } from "../../player/base/number_format.js";
import { parseHexColour, toCssColour } from "../../player/base/theme_and_run_styles.js";
import { blend } from "../colour_blending.js";
import { createLegendList, createLegendRow, createScale, createSwatch } from "../legend.js";
import { minimumColour, squareCentre, findStepRange, joinRanges, paintBasins, findSquare, listScaleTicks, stationaryColours } from "./basin_colours.js";
import { ImagePlot } from "./basin_plot.js";
import { getMarks } from "../../player/base/punctuation.js";

const MAX_LEGEND_MINIMA = 8; // minima in the legend

const shownMaps = new Set(); // side by side, they share one scale of steps

export default class BasinMap {
  constructor(host, legend, panel) {
    Object.assign(this, { host, legend, panel });
    this.plot = new ImagePlot(host, {
      point: (place) => panel.point(this.findStart(place)),
      pick: (place) => panel.pickPlace(this.findStart(place)),
      look: (window) => this.look(window),
    });
  }

  show() {
    const { arrays, endings, labels, title } = this.panel.message;
    this.host.setAttribute("aria-label", `${title}${getMarks().colon}${labels.map}`);
    this.ownRange = arrays.code ? findStepRange(arrays, endings) : null;
    shownMaps.add(this);
    const range = joinRanges([...shownMaps].map(({ ownRange }) => ownRange));
    for (const map of shownMaps) if (map !== this && map.ownRange && String(Object.values(map.range)) !== String(Object.values(range))) map.draw(range);
    return this.draw(range);
  }

  // With colours on this scale of steps.
  draw(range) {
    this.range = range;
    const { message, theme, dark } = this.panel;
    const { arrays, endings, side } = message;
    const pixels = arrays.code && paintBasins(arrays, endings, side, range, theme, dark);
    const drawn = this.plot.set(message, pixels, theme);
    this.showLegend();
    return drawn;
  }

  // Each minimum with its share of the starts, then the other endings.
  showLegend() {
    const { message, theme, dark } = this.panel;
    const { labels, arrays, endings } = message;
    if (!arrays.code) return this.legend.replaceChildren();
    const counts = new Map();
    for (const kind of arrays.code) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const kind of counts.keys()) if (endings[kind] === "unknown") counts.delete(kind);
    this.knownCount = [...counts.values()].reduce((sum, n) => sum + n, 0);
    const minima = [...counts.keys()].filter((kind) => !endings[kind]).sort((a, b) => counts.get(b) - counts.get(a));
    const rows = minima.slice(0, MAX_LEGEND_MINIMA).map((kind) => {
      const colour = minimumColour(kind, theme, dark);
      const shades = [1, 0.5, 0].map((share) => toCssColour(blend(colour, parseHexColour(theme.ground), share)));
      return this.createRow(`linear-gradient(90deg, ${shades})`, fillTemplate(labels.minimum, { place: this.formatMinimum(kind) }), counts.get(kind));
    });
    const rest = minima.slice(MAX_LEGEND_MINIMA).reduce((sum, kind) => sum + counts.get(kind), 0);
    if (rest) rows.push(this.createRow(`repeating-linear-gradient(90deg, ${minima.slice(MAX_LEGEND_MINIMA, MAX_LEGEND_MINIMA + 3).map((kind, i) => `${toCssColour(minimumColour(kind, theme, dark))} ${8 * i}px ${8 * i + 8}px`)})`, labels.others, rest));
    const grounds = {
      saddle: toCssColour(stationaryColours(theme).saddle),
      stalled: toCssColour(stationaryColours(theme).stalled),
      lost: `repeating-linear-gradient(135deg, ${theme.muted} 0 1.5px, ${theme.ground} 1.5px 5px)`,
    };
    for (const [kind, name] of Object.entries(endings)) if (counts.get(Number(kind))) rows.push(this.createRow(grounds[name], labels[name], counts.get(Number(kind))));
    this.legend.replaceChildren(...(this.range ? [this.createStepScale()] : []), createLegendList(rows));
  }

  // A bar from strong to faint with ticks in steps.
  createStepScale() {
    const { message, theme } = this.panel;
    const shades = [1, 0].map((share) => toCssColour(blend(parseHexColour(theme.ink), parseHexColour(theme.ground), share)));
    const { labels } = message;
    return createScale(labels.scale, fillTemplate(labels.pace, this.range), `linear-gradient(90deg, ${shades})`, listScaleTicks(this.range));
  }

  createRow(background, words, count) {
    const { labels } = this.panel.message;
    const share = fillTemplate(labels.share, { share: formatNumber((100 * count) / this.knownCount, 2) });
    return createLegendRow(createSwatch(background), words, createElement("b", "", share));
  }

  formatMinimum(kind) {
    const { minima } = this.panel.message.arrays;
    const many = minima.length / 2;
    return this.formatPoint(minima[Math.min(kind, many - 1)], minima[many + Math.min(kind, many - 1)]);
  }

  formatPoint(x, y) {
    const width = Math.min(...this.panel.message.window.map(([low, high]) => high - low));
    return `(${formatCoordinate(x, width)}, ${formatCoordinate(y, width)})`;
  }

  // The start of the run that the square at this place shows.
  findStart(place) {
    const { side, window } = this.panel.message;
    const square = place && findSquare(place, window, side);
    return square ? squareCentre(square, window, side) : place;
  }

  // The ending of the run from the start that is pointed at.
  get words() {
    const { message, place } = this.panel;
    const { labels, arrays, endings, side, window } = message;
    const square = place && findSquare(place, window, side);
    if (!square || !arrays.code) return pickLabel(labels, "point");
    const from = square[1] * side + square[0];
    const kind = arrays.code[from];
    if (endings[kind] === "unknown") return pickLabel(labels, "point");
    const fate = endings[kind] ? labels[`to_${endings[kind]}`] : fillTemplate(labels.to_minimum, { place: this.formatMinimum(kind), n: arrays.step[from] });
    return `${fillTemplate(labels.at, { place: this.formatPoint(...place) })}${getMarks().gap}${fate}`;
  }

  follow(path) {
    this.plot.showPath(path);
  }

  zoom(factor) {
    this.plot.zoom(factor);
  }

  reset() {
    this.look(this.panel.message.box);
  }

  look(window) {
    this.panel.say("window", { x: window[0], y: window[1] });
  }

  remove() {
    shownMaps.delete(this);
    this.plot.remove();
  }
}
