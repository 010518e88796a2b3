// The decision regions of each training at an epoch, side by side: the class of every place, and the samples.

import { createElement, observeSize } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";
import { parseHexColour } from "../player/base/theme_and_run_styles.js";
import { drawMarker } from "../player/draw/markers.js";
import { findRecord } from "./curve_data.js";
import { countShares, findWrong, paintCells } from "./decision_region_cells.js";

const POINT_RADIUS = 3.2;
const RING_RADIUS = 5.5;

export class DecisionRegionsView {
  constructor(host, labels) {
    Object.assign(this, { host, labels, figures: [] });
    host.append(createElement("h2", "", labels.regions), createElement("p", "descent-quiet", labels.regions_help));
    this.legend = host.appendChild(createElement("ul", "descent-training-legend"));
    this.list = host.appendChild(createElement("div", "descent-training-planes"));
    this.observer = observeSize(host, () => this.resize());
  }

  set(message, theme, styles) {
    Object.assign(this, { message, theme, styles });
    this.host.hidden = !message.plane;
    if (!message.plane) return;
    this.showLegend();
    const shown = message.trainings.map((_, k) => k).filter((k) => message.arrays[`region_cells${k}`]);
    const key = JSON.stringify(shown.map((k) => message.trainings[k].name));
    if (key !== this.key) {
      this.key = key;
      this.figures = shown.map((k) => this.buildFigure(k));
      this.list.replaceChildren(...this.figures.map(({ figure }) => figure));
    }
    this.resize();
  }

  showLegend() {
    const { plane } = this.message;
    const rows = plane.classes.map((name, i) => {
      const row = createElement("li", "");
      const canvas = Object.assign(row.appendChild(createElement("canvas", "descent-training-mark")), { width: 28, height: 28, ariaHidden: "true" });
      drawMarker(canvas.getContext("2d"), 14, 14, this.styles[i].marker, this.styles[i].colour, this.theme.panel, 9);
      row.append(name);
      return row;
    });
    this.legend.replaceChildren(...rows, createElement("li", "", fillTemplate(this.labels.region_axes, { x: plane.axes[0], y: plane.axes[1] })));
  }

  buildFigure(k) {
    const figure = createElement("figure", "");
    const title = figure.appendChild(createElement("figcaption", ""));
    const canvas = figure.appendChild(createElement("canvas", ""));
    canvas.setAttribute("role", "img");
    const caption = figure.appendChild(createElement("p", "descent-quiet"));
    const { plane: { side } } = this.message;
    const grid = Object.assign(createElement("canvas", ""), { width: side, height: side });
    return { k, figure, title, canvas, caption, grid, points: createElement("canvas", "") };
  }

  // Fit the canvases to the size of the page, and draw all of them again.
  resize() {
    if (!this.message?.plane) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    for (const part of this.figures) {
      const side = Math.round((part.canvas.clientWidth || 300) * ratio);
      if (part.canvas.width !== side) for (const canvas of [part.canvas, part.points]) Object.assign(canvas, { width: side, height: side });
      part.ratio = ratio;
      part.shown = null;
      this.drawPoints(part);
    }
    if (this.epoch !== undefined) this.show(this.epoch);
  }

  // Where sample i stands on a canvas.
  place(part, i) {
    const points = this.message.arrays.region_points;
    return [points[2 * i] * part.canvas.width, (1 - points[2 * i + 1]) * part.canvas.height];
  }

  // All samples, on a canvas of their own: they never move.
  drawPoints(part) {
    const { message: { arrays: { region_classes: classes }, plane }, styles, theme } = this;
    const context = part.points.getContext("2d");
    context.clearRect(0, 0, part.points.width, part.points.height);
    classes.forEach((name, i) => {
      const { colour, marker } = styles[name];
      const isTraining = i < plane.training;
      drawMarker(context, ...this.place(part, i), marker, isTraining ? colour : theme.panel, isTraining ? theme.panel : colour, POINT_RADIUS * part.ratio);
    });
  }

  show(epoch) {
    while (this.showNext(epoch));
  }

  // Draw the next figure that is not at this epoch. Returns whether there may be another one.
  showNext(epoch) {
    this.epoch = epoch;
    if (!this.message?.plane) return false;
    for (const part of this.figures) {
      const epochs = this.message.arrays[`region_epochs${part.k}`];
      const record = epochs ? findRecord(epochs, epoch) : null;
      if (part.shown === record) continue;
      part.shown = record;
      if (record === null) continue;
      this.drawFigure(part, record);
      return true;
    }
    return false;
  }

  drawFigure(part, record) {
    const { message: { arrays, plane, trainings }, theme, styles, labels } = this;
    const { k, canvas, grid, points } = part;
    const size = plane.side ** 2;
    const cells = arrays[`region_cells${k}`].subarray(record * size, (record + 1) * size);
    const count = arrays.region_classes.length;
    const taken = arrays[`region_taken${k}`].subarray(record * count, (record + 1) * count);
    const colours = plane.classes.map((_, i) => parseHexColour(styles[i].colour));
    grid.getContext("2d").putImageData(new ImageData(paintCells(cells, plane.side, plane.levels, parseHexColour(theme.panel), colours), plane.side), 0, 0);
    const context = canvas.getContext("2d");
    context.drawImage(grid, 0, 0, canvas.width, canvas.height);
    context.drawImage(points, 0, 0);
    const { wrong, training, validation } = findWrong(arrays.region_classes, taken, plane.training);
    Object.assign(context, { strokeStyle: theme.ink, lineWidth: 1.3 * part.ratio });
    for (const i of wrong) {
      context.beginPath();
      context.arc(...this.place(part, i), RING_RADIUS * part.ratio, 0, 2 * Math.PI);
      context.stroke();
    }
    const counts = { wrong: training, count: plane.training, wrong_validation: validation, validation: count - plane.training };
    part.title.textContent = `${k + 1} · ${trainings[k].name}`;
    part.caption.textContent = fillTemplate(labels.region_row, counts);
    const shares = countShares(cells, plane.levels, plane.classes.length);
    canvas.setAttribute("aria-label", plane.classes.map((name, i) => fillTemplate(labels.region_shares, { name, share: (100 * shares[i]).toFixed(0) })).join(". "));
    part.figure.dataset.epoch = arrays[`region_epochs${k}`][record];
  }

  remove() {
    this.observer.disconnect();
  }
}
