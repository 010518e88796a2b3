// A map over two hyperparameters: its cells, the small landscape with the path that is pointed at, and the legend.

import { createElement, pickLabel } from "../../player/base/dom.js";
import { formatNumber, fillTemplate } from "../../player/base/number_format.js";
import { Heatmap } from "./heatmap.js";
import { parseHexColour, toCssColour } from "../../player/base/theme_and_run_styles.js";
import { blend } from "../colour_blending.js";
import { createLegendList, createLegendRow, createNote, createSign, createSwatch } from "../legend.js";
import { PathInset } from "./path_inset.js";
import { NEVER_REACHES, DIVERGES, CELL_PIXELS, findBestCell, formatFactor, scoreCells, paintCells, scoreColour, neverColour } from "./cell_scores_and_colours.js";
import { getMarks } from "../../player/base/punctuation.js";

const SPECTRAL_RADIUS_LEVELS = [0.8, 0.9, 0.99, 1]; // of the spectral radius: lines over the measured rate
const FORMATTERS = { loss: (value) => formatNumber(value), steps: String, rate: (value) => formatFactor(value) };

export default class HyperparameterGrid {
  constructor(host, legend, panel) {
    Object.assign(this, { host, legend, panel });
    const [plot, beside] = ["cells", "beside"].map((name) => host.appendChild(createElement("div", `descent-map-${name}`)));
    this.inset = new PathInset(beside.appendChild(createElement("div", "descent-map-inset")));
    this.caption = beside.appendChild(createElement("p", "descent-quiet"));
    this.cells = new Heatmap(plot, { point: (cell) => panel.point(cell), pick: (cell) => panel.pickPlace(cell) });
  }

  show() {
    const { message, theme, dark } = this.panel;
    const { arrays, labels, title, shown } = message;
    this.cells.host.setAttribute("aria-label", `${title}${getMarks().colon}${labels.map}`);
    this.inset.host.setAttribute("aria-label", labels.inset);
    this.caption.textContent = labels.inset;
    this.scores = arrays.kind && scoreCells(message);
    this.best = this.scores ? findBestCell(message, this.scores) : -1;
    this.host.dataset.best = this.best;
    this.lines = arrays.theory && shown === "rate" ? SPECTRAL_RADIUS_LEVELS : [];
    const pixels = this.scores && paintCells(message, this.scores, theme);
    const drawn = [this.cells.set(message, pixels, CELL_PIXELS, this.best, this.lines, theme), this.inset.set(message, theme, dark ? "dark" : "light")];
    this.showLegend();
    return Promise.all(drawn);
  }

  // The scale with its ends in numbers, the marks, the best cell and the goal.
  showLegend() {
    const { message, theme } = this.panel;
    const { labels, shown, goal } = message;
    const { scores } = this;
    if (!scores) return this.legend.replaceChildren();
    const rows = [];
    if (scores.ends) {
      const shades = [1, 0.75, 0.5, 0.25, 0].map((share) => toCssColour(scoreColour(share, theme)));
      const [good, bad] = [scores.ends.good, scores.ends.bad].map(FORMATTERS[shown]);
      rows.push(createLegendRow(createSwatch(`linear-gradient(90deg, ${shades})`), fillTemplate(labels[`scale_${shown}`], { good, bad })));
    }
    const stripe = toCssColour(blend(parseHexColour(theme.muted), parseHexColour(theme.ground), 0.45));
    const hatched = `repeating-linear-gradient(135deg, ${stripe} 0 2px, ${theme.ground} 2px 6px)`;
    if (scores.values.includes(DIVERGES)) rows.push(createLegendRow(createSwatch(hatched), labels[shown === "rate" ? "slower_swatch" : "lost_swatch"]));
    if (scores.values.includes(NEVER_REACHES)) rows.push(createLegendRow(createSwatch(toCssColour(neverColour(theme))), labels.never_swatch));
    rows.push(createLegendRow(createSign("○"), labels.own));
    if (this.best >= 0) rows.push(createLegendRow(createSign("★"), fillTemplate(labels.best, { values: this.formatValues(this.best), result: this.formatResult(this.best) })));
    const notes = [shown === "steps" && fillTemplate(labels.goal, { share: goal }), this.lines.length && fillTemplate(labels.contours, { levels: SPECTRAL_RADIUS_LEVELS.slice(0, -1).join(getMarks().comma) })];
    this.legend.replaceChildren(createLegendList(rows), ...notes.filter(Boolean).map(createNote));
  }

  // lr 0.12, μ 0.87
  formatValues(cell) {
    const { across, up, columns, labels } = this.panel.message;
    const x = `${across.label} ${across.texts[cell % columns]}`;
    return fillTemplate(labels.both, { x, y: `${up.label} ${up.texts[Math.floor(cell / columns)]}` });
  }

  // The quantity that is shown of a cell, in words.
  formatResult(cell) {
    return this.describeOutcome(cell)[this.panel.message.shown];
  }

  describeOutcome(cell) {
    const { labels, arrays, endings, steps, bottom } = this.panel.message;
    const [loss, reached, rate] = [arrays.loss[cell], arrays.reached[cell], arrays.rate[cell]];
    const measured = Number.isFinite(rate) ? fillTemplate(labels.rate, { rate: formatFactor(rate) }) : "";
    const theory = arrays.theory && measured ? fillTemplate(labels.theory, { rate: formatFactor(arrays.theory[cell]) }) : "";
    return {
      loss: fillTemplate(bottom ? labels.loss_above : labels.loss, { loss: formatNumber(loss), above: formatNumber(Math.max(0, loss - bottom)) }),
      steps: fillTemplate(reached > steps ? labels.never : labels.steps, { n: Math.min(reached, steps) }),
      rate: [measured, theory].filter(Boolean).join(getMarks().comma),
      fate: labels[endings[arrays.kind[cell]]],
    };
  }

  // The outcome of the run that is pointed at.
  get words() {
    const { message, place } = this.panel;
    const { labels, arrays, endings, columns } = message;
    if (!place || !arrays.kind || !this.cells.contains(place)) return pickLabel(labels, "point");
    const cell = place[1] * columns + place[0];
    const { fate, loss, steps, rate } = this.describeOutcome(cell);
    const lost = endings[arrays.kind[cell]] === "lost";
    return `${this.formatValues(cell)}${getMarks().colon}${[fate, ...(lost ? [] : [loss, steps]), rate].filter(Boolean).join(" · ")}`;
  }

  follow(path) {
    this.inset.follow(path);
  }

  remove() {
    this.cells.remove();
    this.inset.remove();
  }
}
