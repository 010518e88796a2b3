// A map over two hyperparameters: its cells, the small landscape with the path that is pointed at, and the legend.

import { element } from "../../player/base/dom.js";
import { figure, fill } from "../../player/base/number_format.js";
import { Cells } from "../heatmap.js";
import { blend, rgb } from "../basins/basin_colours.js";
import { Inset } from "./path_inset.js";
import { GREY, HATCHED, PIXELS, best, factor, graded, paint, shade, still } from "./heatmap_colours.js";

const LEVELS = [0.8, 0.9, 0.99, 1]; // of the spectral radius: lines over the measured rate
const TEXTS = { loss: (value) => figure(value), steps: String, rate: (value) => factor(value) };
const FATES = ["minimum", "saddle", "stalled", "lost"];

export class Pairs {
  constructor(host, legend, board) {
    Object.assign(this, { host, legend, board });
    const [plot, beside] = ["cells", "beside"].map((name) => host.appendChild(element("div", `descent-map-${name}`)));
    this.inset = new Inset(beside.appendChild(element("div", "descent-map-inset")));
    this.caption = beside.appendChild(element("p", "descent-quiet"));
    this.cells = new Cells(plot, { point: (cell) => board.point(cell), pick: (cell) => board.pick(cell) });
  }

  show() {
    const { message, theme, dark } = this.board;
    const { arrays, labels, title, shown } = message;
    this.cells.host.setAttribute("aria-label", `${title}: ${labels.map}`);
    this.inset.host.setAttribute("aria-label", labels.inset);
    this.caption.textContent = labels.inset;
    this.grades = arrays.kind && graded(message);
    this.best = this.grades ? best(message, this.grades) : -1;
    this.host.dataset.best = this.best;
    this.lines = arrays.theory && shown === "rate" ? LEVELS : [];
    const pixels = this.grades && paint(message, this.grades, theme);
    const drawn = [this.cells.set(message, pixels, PIXELS, this.best, this.lines, theme), this.inset.set(message, theme, dark ? "dark" : "light")];
    this.describe();
    return Promise.all(drawn);
  }

  // What the legend says: the scale with its ends in numbers, the marks, the best cell, what the goal is.
  describe() {
    const { message, theme } = this.board;
    const { labels, shown, goal } = message;
    const { grades } = this;
    if (!grades) return this.legend.replaceChildren();
    const rows = [];
    if (grades.ends) {
      const shades = [1, 0.75, 0.5, 0.25, 0].map((share) => css(shade(share, theme)));
      const [good, bad] = [grades.ends.good, grades.ends.bad].map(TEXTS[shown]);
      rows.push(row(`linear-gradient(90deg, ${shades})`, fill(labels[`scale_${shown}`], { good, bad })));
    }
    const stripe = css(blend(rgb(theme.muted), rgb(theme.ground), 0.45));
    const hatched = `repeating-linear-gradient(135deg, ${stripe} 0 2px, ${theme.ground} 2px 6px)`;
    if (grades.values.includes(HATCHED)) rows.push(row(hatched, labels[shown === "rate" ? "slower_swatch" : "lost_swatch"]));
    if (grades.values.includes(GREY)) rows.push(row(css(still(theme)), labels.never_swatch));
    rows.push(row("none", labels.own, "○"));
    if (this.best >= 0) rows.push(row("none", fill(labels.best, { values: this.values(this.best), result: this.result(this.best) }), "★"));
    const list = element("ul", "");
    list.append(...rows);
    const notes = [shown === "steps" && fill(labels.goal, { share: goal }), this.lines.length && fill(labels.contours, { levels: LEVELS.slice(0, -1).join(", ") })];
    const said = notes.filter(Boolean).map((words) => Object.assign(element("p", "descent-quiet"), { textContent: words }));
    this.legend.replaceChildren(list, ...said);
  }

  // lr 0.12, μ 0.87
  values(cell) {
    const { across, up, columns, labels } = this.board.message;
    const x = `${across.label} ${across.texts[cell % columns]}`;
    return fill(labels.both, { x, y: `${up.label} ${up.texts[Math.floor(cell / columns)]}` });
  }

  // What is shown of a cell, in words.
  result(cell) {
    return this.said(cell)[this.board.message.shown];
  }

  said(cell) {
    const { labels, arrays, steps, bottom } = this.board.message;
    const [loss, reached, rate] = [arrays.loss[cell], arrays.reached[cell], arrays.rate[cell]];
    const measured = Number.isFinite(rate) ? fill(labels.rate, { rate: factor(rate) }) : "";
    const theory = arrays.theory && measured ? fill(labels.theory, { rate: factor(arrays.theory[cell]) }) : "";
    return {
      loss: fill(bottom ? labels.loss_above : labels.loss, { loss: figure(loss), above: figure(Math.max(0, loss - bottom)) }),
      steps: fill(reached > steps ? labels.never : labels.steps, { n: Math.min(reached, steps) }),
      rate: [measured, theory].filter(Boolean).join(", "),
      fate: labels[FATES[arrays.kind[cell]]],
    };
  }

  // What becomes of the run that is pointed at.
  get words() {
    const { message, place } = this.board;
    const { labels, arrays, columns } = message;
    if (!place || !arrays.kind || !this.cells.inside(place)) return labels.point;
    const cell = place[1] * columns + place[0];
    const { fate, loss, steps, rate } = this.said(cell);
    const lost = FATES[arrays.kind[cell]] === "lost";
    return `${this.values(cell)}: ${[fate, ...(lost ? [] : [loss, steps]), rate].filter(Boolean).join(" · ")}`;
  }

  follow(path) {
    this.inset.follow(path);
  }

  remove() {
    this.cells.remove();
    this.inset.remove();
  }
}

function row(background, words, sign = "") {
  const made = element("li", "");
  const swatch = made.appendChild(element("i", sign ? "descent-map-sign" : "descent-map-swatch"));
  swatch.style.background = background;
  swatch.textContent = sign;
  made.append(words);
  return made;
}

const css = (colour) => `rgb(${colour.join()})`;
