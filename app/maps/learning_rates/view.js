// Learning rates: what is found of each, in words and in the legend; the line that is moved over them; and the click.

import { createElement } from "../../player/base/dom.js";
import { styleOf } from "../../player/base/theme_and_run_styles.js";
import { formatNumber, fillTemplate } from "../../player/base/number_format.js";
import { SweepChart } from "./sweep_chart.js";
import { findNearestRate, splitRuns, findStableLimit, clampWindow } from "./sweep_geometry.js";

const KEY_STEP = 1; // rates that an arrow key goes, and with Shift:
const SHIFT_KEY_STEP = 8;

export class RateSweep {
  constructor(host, legend, panel) {
    Object.assign(this, { host, legend, board: panel });
    this.chart = new SweepChart(host, {
      point: (where) => this.point(where),
      pick: () => this.pick(),
      look: (window) => this.look(window),
    });
    host.tabIndex = 0;
    host.setAttribute("role", "application");
    host.addEventListener("keydown", (event) => this.key(event));
  }

  show() {
    const { message, theme } = this.board;
    const { arrays, runs, labels, title } = message;
    this.host.setAttribute("aria-label", `${title}: ${labels.map}`);
    const name = this.board.dark ? "dark" : "light";
    this.runs = runs.map((run) => ({ ...run, ...styleOf(run.slot, message.palette, name) }));
    this.rows = arrays.rates ? splitRuns(arrays, message.zones) : null;
    if (this.cursor) this.cursor = this.rows && { ...this.cursor, run: Math.min(this.cursor.run, runs.length - 1) };
    const drawn = this.chart.set(message, this.runs, this.rows, theme);
    this.board.readout.style.minHeight = `${1.5 * (runs.length + 1)}em`; // what is said never moves what is under it
    this.mark();
    this.showLegend();
    return drawn;
  }

  // ---- the line over the rates: `cursor` is a rate and the run that is nearest

  point(where) {
    this.cursor = where && this.rows && { lr: where.lr, run: where.run };
    this.mark();
  }

  mark() {
    const { cursor, rows } = this;
    this.at = cursor && rows ? findNearestRate(this.board.message.arrays.rates, cursor.lr) : null;
    this.chart.mark(this.at, cursor?.run);
    this.board.updateReadout();
  }

  key(event) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Enter") this.pick();
    if (!ways[event.key] || !this.rows) return;
    event.preventDefault();
    const { rates } = this.board.message.arrays;
    const [across, down] = ways[event.key];
    const many = this.rows.length;
    const from = this.at ?? (rates.length >> 1) - across;
    const at = Math.min(rates.length - 1, Math.max(0, from + across * (event.shiftKey ? SHIFT_KEY_STEP : KEY_STEP)));
    this.cursor = { lr: rates[at], run: ((this.cursor?.run ?? 0) + down + many) % many };
    this.mark();
  }

  // Clicked, tapped for the second time, or Enter: the run goes into the race at this rate.
  pick() {
    if (!this.cursor || this.at === null) return;
    const picked = this.board.taps.resolveClick({ slot: this.runs[this.cursor.run].slot, lr: this.board.message.arrays.rates[this.at] });
    if (!picked) return this.board.hint();
    this.board.say("picked", picked);
    this.board.leave();
  }

  // ---- in words

  get words() {
    const { labels, arrays } = this.board.message;
    if (this.at === null || this.at === undefined) return labels.point;
    const lines = this.runs.map((run, i) => (i === this.cursor.run ? "▸ " : "") + this.describeOutcome(i));
    return [fillTemplate(labels.at, { lr: formatNumber(arrays.rates[this.at]) }), ...lines].join("\n");
  }

  // What becomes of a run at the rate that is pointed at.
  describeOutcome(i) {
    const { labels, steps, floor } = this.board.message;
    const { final, reached, zone } = this.rows[i];
    const kind = zone[this.at];
    const words = { run: this.runs[i].title, loss: formatLoss(final[this.at]), n: reached[this.at], zone: labels[kind === "edge" ? "at_edge" : kind] };
    const template = floor === null ? "without" : reached[this.at] > steps ? "never" : "said";
    return fillTemplate(labels[template], words);
  }

  // Each run with its best rate and how far it is stable; what the inks and marks mean.
  showLegend() {
    const { labels, arrays, best, zones } = this.board.message;
    if (!this.rows) return this.legend.replaceChildren();
    const runs = createElement("ul", "");
    runs.append(...this.runs.map((run, i) => {
      const row = createElement("li", "");
      const swatch = row.appendChild(createElement("i", "descent-map-line"));
      swatch.style.background = run.dash.length ? toCssDash(run) : run.colour;
      const found = best[i] === null ? labels.no_optimum : fillTemplate(labels.optimum, { lr: formatNumber(arrays.rates[best[i]]), loss: formatLoss(this.rows[i].final[best[i]]) });
      const upTo = findStableLimit(arrays.rates, this.rows[i].zone);
      row.append(Object.assign(createElement("b", ""), { textContent: run.title }), upTo === null ? found : `${found}; ${fillTemplate(labels.span, { lr: formatNumber(upTo) })}`);
      return row;
    }));
    const inks = createElement("ul", "descent-quiet");
    inks.append(
      ...zones.map((zone) => createLegendEntry(`descent-map-swatch descent-map-${zone}`, "", labels[zone])),
      createLegendEntry("descent-map-line", "", labels.final),
      createLegendEntry("descent-map-line descent-map-thin", "", labels.best),
      createLegendEntry("descent-map-sign", "○", labels.present),
      createLegendEntry("descent-map-sign", "★", labels.found),
    );
    this.legend.replaceChildren(runs, inks);
  }

  // ---- other rates

  zoom(factor) {
    const [low, high] = this.board.message.window.map(Math.log);
    const middle = this.cursor ? Math.log(this.cursor.lr) : (low + high) / 2;
    this.look([low, high].map((end) => Math.exp(middle + factor * (end - middle))));
  }

  reset() {
    this.look(this.board.message.whole);
  }

  look(window) {
    const [low, high] = clampWindow(window, this.board.message.whole);
    this.chart.look([low, high]);
    this.board.say("window", { low, high });
  }

  remove() {
    this.chart.remove();
  }
}

const formatLoss = (loss) => (Math.abs(loss) === Infinity ? `${loss < 0 ? "−" : ""}∞` : formatNumber(loss));

function createLegendEntry(name, sign, words) {
  const row = createElement("li", "");
  row.append(Object.assign(createElement("i", name), { textContent: sign }), words);
  return row;
}

function toCssDash({ dash, colour }) {
  let from = 0;
  const stops = dash.map((length, i) => `${i % 2 ? "transparent" : colour} ${from}px ${(from += length)}px`);
  return `repeating-linear-gradient(90deg, ${stops})`;
}
