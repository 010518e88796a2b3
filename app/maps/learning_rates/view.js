// A sweep over learning rates: the charts, a cursor that the pointer or keys move, readout and legend.

import { createElement, pickLabel } from "../../player/base/dom.js";
import { styleOf } from "../../player/base/theme_and_run_styles.js";
import { formatNumber, fillTemplate } from "../../player/base/number_format.js";
import { createLegendList, createLegendRow, createSign, createSwatch } from "../legend.js";
import { SweepChart } from "./sweep_chart.js";
import { findNearestRate, splitRuns, findStableLimit, clampWindow } from "./sweep_geometry.js";
import { getMarks } from "../../player/base/punctuation.js";

const SHIFT_KEY_STEP = 8; // rates that an arrow key moves the cursor with Shift

export default class RateSweep {
  constructor(host, legend, panel) {
    Object.assign(this, { host, legend, panel });
    this.chart = new SweepChart(host, {
      point: (where) => this.point(where),
      pick: () => this.pick(),
      look: (window) => this.look(window),
    });
    host.tabIndex = 0;
    host.setAttribute("role", "application");
    host.addEventListener("keydown", (event) => this.moveCursor(event));
  }

  show() {
    const { message, theme } = this.panel;
    const { arrays, runs, labels, title } = message;
    this.host.setAttribute("aria-label", `${title}${getMarks().colon}${labels.map}`);
    const name = this.panel.dark ? "dark" : "light";
    const withStyle = (run) => ({ ...run, ...styleOf(run.slot, message.palette, name) });
    this.runs = runs.map((run) => ({ ...withStyle(run), present: run.present.map(withStyle) }));
    this.rows = arrays.rates ? splitRuns(arrays, message.zones) : null;
    if (this.cursor) this.cursor = this.rows && { ...this.cursor, run: Math.min(this.cursor.run, runs.length - 1) };
    const drawn = this.chart.set(message, this.runs, this.rows, theme);
    this.panel.readout.style.minHeight = `${1.5 * (runs.length + 1)}em`; // so that another readout does not move the legend
    this.showCursor();
    this.showLegend();
    return drawn;
  }

  // ---- the cursor: a rate, and the run that is nearest to the pointer

  point(where) {
    this.cursor = where && this.rows && { lr: where.lr, run: where.run };
    this.showCursor();
  }

  showCursor() {
    const { cursor, rows } = this;
    this.at = cursor && rows ? findNearestRate(this.panel.message.arrays.rates, cursor.lr) : null;
    this.chart.moveCursor(this.at, cursor?.run);
    this.panel.updateReadout();
  }

  moveCursor(event) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Enter") this.pick();
    if (!ways[event.key] || !this.rows || event.altKey || event.ctrlKey || event.metaKey) return; // Alt and an arrow is the browser's way back
    event.preventDefault();
    const { rates } = this.panel.message.arrays;
    const [across, down] = ways[event.key];
    const many = this.rows.length;
    const from = this.at ?? (rates.length >> 1) - across;
    const at = Math.min(rates.length - 1, Math.max(0, from + across * (event.shiftKey ? SHIFT_KEY_STEP : 1)));
    this.cursor = { lr: rates[at], run: ((this.cursor?.run ?? 0) + down + many) % many };
    this.showCursor();
  }

  // The run goes into the race at this rate.
  pick() {
    if (!this.cursor || this.at === null) return;
    this.panel.pick({ slot: this.runs[this.cursor.run].slot, lr: this.panel.message.arrays.rates[this.at] });
  }

  // ---- in words

  get words() {
    const { labels, arrays } = this.panel.message;
    if (this.at === null || this.at === undefined) return pickLabel(labels, "point");
    const lines = this.runs.map((run, i) => (i === this.cursor.run ? "▸ " : "") + this.describeOutcome(i));
    return [fillTemplate(labels.at, { lr: formatNumber(arrays.rates[this.at]) }), ...lines].join("\n");
  }

  // The outcome of a run at the rate of the cursor.
  describeOutcome(i) {
    const { labels, steps, floor } = this.panel.message;
    const { final, reached, zone } = this.rows[i];
    const kind = zone[this.at];
    const words = { run: this.runs[i].title, loss: formatLoss(final[this.at]), n: reached[this.at], zone: labels[kind === "edge" ? "at_edge" : kind] };
    const template = floor === null ? "without" : reached[this.at] > steps ? "never" : "said";
    return fillTemplate(labels[template], words);
  }

  // Each run with its best rate and how far it is stable; then the meaning of lines and marks.
  showLegend() {
    const { labels, arrays, best, zones } = this.panel.message;
    if (!this.rows) return this.legend.replaceChildren();
    const runs = this.runs.map((run, i) => {
      const found = best[i] === null ? labels.no_optimum : fillTemplate(labels.optimum, { lr: formatNumber(arrays.rates[best[i]]), loss: formatLoss(this.rows[i].final[best[i]]) });
      const upTo = findStableLimit(arrays.rates, this.rows[i].zone);
      const title = createElement("b", "", run.title);
      const swatch = createSwatch(run.dash.length ? toCssDash(run) : run.colour, "descent-map-line");
      return createLegendRow(swatch, title, upTo === null ? found : `${found}${getMarks().semicolon}${fillTemplate(labels.span, { lr: formatNumber(upTo) })}`);
    });
    const inks = [
      ...zones.map((zone) => createLegendRow(createElement("i", `descent-map-swatch descent-map-${zone}`), labels[zone])),
      createLegendRow(createElement("i", "descent-map-line"), labels.final),
      createLegendRow(createElement("i", "descent-map-line descent-map-thin"), labels.best),
      createLegendRow(createSign("○"), labels.present),
      createLegendRow(createSign("★"), labels.found),
    ];
    this.legend.replaceChildren(createLegendList(runs), createLegendList(inks, "descent-quiet"));
  }

  // ---- other rates

  zoom(factor) {
    const [low, high] = this.panel.message.window.map(Math.log);
    const middle = this.cursor ? Math.log(this.cursor.lr) : (low + high) / 2;
    this.look([low, high].map((end) => Math.exp(middle + factor * (end - middle))));
  }

  reset() {
    this.look(this.panel.message.whole);
  }

  look(window) {
    const [low, high] = clampWindow(window, this.panel.message.whole);
    this.chart.look([low, high]);
    this.panel.say("window", { low, high });
  }

  remove() {
    this.chart.remove();
  }
}

const formatLoss = (loss) => (Math.abs(loss) === Infinity ? `${loss < 0 ? "−" : ""}∞` : formatNumber(loss));

function toCssDash({ dash, colour }) {
  let from = 0;
  const stops = dash.map((length, i) => `${i % 2 ? "transparent" : colour} ${from}px ${(from += length)}px`);
  return `repeating-linear-gradient(90deg, ${stops})`;
}
