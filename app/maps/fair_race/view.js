// A fair race: the curves of the tuned runs beside those at one learning rate, the costs of each from many starts, and
// a table of these.

import { createElement, createSegments, pressSegment } from "../../player/base/dom.js";
import { styleOf, themeOf } from "../../player/base/theme_and_run_styles.js";
import { logTicks } from "../../player/base/axis_ticks.js";
import { formatNumber, fillTemplate } from "../../player/base/number_format.js";
import { toPlotlyDash, toPlotlyPowers, toPlotlySymbol } from "../../player/draw/plotly_notation.js";
import { createNote } from "../legend.js";
import { buildCurves, sortByMedian, findLeaders, findBetterShared, findCommonRange, findCostRange, findLowestEnd, endsHigher, chooseMarkerIndices } from "./curve_data_and_ranking.js";
import { createRankingTable } from "./ranking_table.js";
import { getMarks } from "../../player/base/punctuation.js";

const UNITS = ["steps", "evaluations"];
const PLOTLY_CONFIG = { displayModeBar: false, doubleClick: false, responsive: false };

export default class FairRace {
  constructor(host, legend, panel) {
    Object.assign(this, { host, legend, panel, unit: UNITS[0], plots: new Set() });
    const { labels } = panel.message;
    const head = host.appendChild(createElement("div", "descent-map-unit"));
    head.append(createElement("span", "descent-quiet", labels.by));
    this.unitButtons = createSegments(head, labels.by, UNITS.map((unit) => [unit, labels[unit]]), (unit) => {
      this.unit = unit;
      panel.show();
    });
    const pair = host.appendChild(createElement("div", "descent-map-pair"));
    [this.tuned, this.shared] = [0, 1].map(() => this.createPlot(pair));
    this.ranking = this.createPlot(host);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
  }

  createPlot(into) {
    const box = into.appendChild(createElement("figure", "descent-map-figure"));
    const title = box.appendChild(createElement("figcaption", "descent-map-title"));
    const area = box.appendChild(createElement("div", "descent-map-area"));
    area.setAttribute("role", "img");
    const note = box.appendChild(createElement("p", "descent-quiet"));
    return { box, title, area, note };
  }

  async show() {
    const { message } = this.panel;
    const { labels, rate, runs, starts } = message;
    const shown = [message.job_id, message.stamp, starts, this.unit, themeOf(this.host), this.host.clientWidth].join();
    if (shown === this.shown) return; // only the progress has changed
    this.shown = shown;
    pressSegment(this.unitButtons, this.unit);
    this.styles = runs.map(({ slot }) => styleOf(slot, message.palette, themeOf(this.host)));
    const tuned = buildCurves(message.arrays, runs.length, "tuned", this.unit);
    const shared = buildCurves(message.arrays, runs.length, "shared", this.unit);
    const range = findCommonRange([...tuned, ...shared]);
    const titles = [labels.tuned, rate ? fillTemplate(labels.shared, { rate }) : labels.alone];
    this.ranking.box.hidden = !starts;
    this.legend.replaceChildren(createRankingTable(message, this.styles, this.panel.theme.ground));
    if (starts) this.legend.append(createNote(labels.box));
    await Promise.all([
      this.drawCurves(this.tuned, titles[0], tuned, range),
      this.drawCurves(this.shared, titles[1], shared, range, findBetterShared(tuned, shared)),
      starts && this.drawRanking(fillTemplate(labels.ranking, { n: starts, share: message.arrival })),
    ]);
  }

  drawCurves({ area, title, note }, name, curves, { right, low, high }, better = []) {
    const { labels, runs } = this.panel.message;
    const describe = (label, which) => (which.length ? fillTemplate(label, { names: which.map((i) => runs[i].name).join(getMarks().comma) }) : "");
    title.textContent = name;
    area.setAttribute("aria-label", fillTemplate(labels.charts, { name }));
    const higher = runs.flatMap((_, i) => (curves[i] && endsHigher(curves[i]) ? [i] : []));
    note.textContent = `${describe(labels.risen, higher)} ${describe(labels.lower, better)}`.trim();
    const traces = curves.flatMap(({ x, y }, i) => {
      const { colour, dash, marker } = this.styles[i];
      const own = { type: "scatter", name: runs[i].name, hoverinfo: "name+x+y" };
      const marks = chooseMarkerIndices(x.length);
      return [
        { ...own, mode: "lines", x, y, line: { color: colour, width: 2, dash: toPlotlyDash(dash) } },
        { ...own, mode: "markers", hoverinfo: "skip", x: marks.map((k) => x[k]), y: marks.map((k) => y[k]), marker: this.makeMarker(colour, marker, 8) },
      ];
    });
    return this.draw(area, traces, {
      xaxis: { range: [0, right], title: { text: labels[this.unit], standoff: 4 } },
      yaxis: { type: "log", range: [Math.log10(low), Math.log10(high)], title: { text: labels.above, standoff: 4 }, ...toPlotlyPowers(logTicks(low, high), 0.86 * this.typeSize) },
    });
  }

  // A row for each run, the fastest on top: its starts as dots, quantiles as bars, and the number that never arrives.
  drawRanking(name) {
    const { message, theme } = this.panel;
    const { labels, runs, starts, arrays } = message;
    const { area, title } = this.ranking;
    title.textContent = name;
    area.setAttribute("aria-label", name);
    const order = sortByMedian(runs, this.unit);
    const costs = arrays[this.unit];
    const edges = findCostRange([...costs]).map(Math.log10);
    const marks = logTicks(10 ** edges[0], 10 ** edges[1]);
    const traces = order.flatMap((i, row) => {
      const { colour, marker } = this.styles[i];
      const [q05, q25, q50, q75, q95] = runs[i][this.unit].spread.map((v) => (v === null ? 10 ** edges[1] : Math.max(v, 10 ** edges[0])));
      const all = [...costs.subarray(i * starts, (i + 1) * starts)].map((cost, k) => [cost, -row + (((k * 0.618034) % 1) - 0.5) * 0.5]);
      const dots = all.filter(([cost]) => cost >= 0);
      const bar = (x, width, opacity) => ({ type: "scatter", mode: "lines", hoverinfo: "skip", x, y: [-row, -row], opacity, line: { color: colour, width } });
      const median = runs[i][this.unit].spread[2] === null ? [] : [q50];
      return [
        bar([q05, q95], 2, 1),
        bar([q25, q75], 16, 0.28),
        { type: "scatter", mode: "markers", name: runs[i].name, hoverinfo: "name+x", x: dots.map(([x]) => Math.max(x, 10 ** edges[0])), y: dots.map(([, y]) => y), opacity: 0.55, marker: this.makeMarker(colour, marker, 5, 0) },
        { type: "scatter", mode: "markers", hoverinfo: "skip", x: median, y: median.map(() => -row), marker: { symbol: "line-ns", size: 24, line: { color: theme.ink, width: 2.5 } } },
      ];
    });
    const never = order.map((i, row) => [starts - runs[i][this.unit].arrived, row]).filter(([n]) => n);
    const size = this.typeSize;
    area.style.height = `${2.6 * order.length + 3.4}em`;
    return this.draw(area, traces, {
      margin: { l: Math.round(this.host.clientWidth < 500 ? 6.2 * size : 10 * size), r: Math.round(5.2 * size), t: 4, b: Math.round(3 * size) },
      xaxis: { type: "log", range: edges, showgrid: true, title: { text: labels[this.unit], standoff: 4 }, ...toPlotlyPowers(marks, 0.86 * this.typeSize) },
      yaxis: { range: [-order.length + 0.4, 0.6], tickvals: order.map((_, row) => -row), ticktext: order.map((i) => breakName(runs[i].name)), showgrid: false },
      annotations: never.map(([n, row]) => ({ xref: "paper", x: 1, xanchor: "left", xshift: 4, y: -row, yref: "y", showarrow: false, text: fillTemplate(labels.never, { n }), font: { color: theme.ink } })),
    });
  }

  get typeSize() {
    return parseFloat(getComputedStyle(this.host).fontSize);
  }

  makeMarker(colour, marker, size, rim = 1) {
    return { symbol: toPlotlySymbol(marker), size, color: colour, line: { width: rim, color: this.panel.theme.ground } };
  }

  async draw(area, traces, { xaxis, yaxis, ...own }) {
    const { theme } = this.panel;
    const style = getComputedStyle(this.host);
    const size = this.typeSize;
    const axis = { gridcolor: theme.hairline, linecolor: theme.hairline, zeroline: false, ticks: "", tickfont: { size: 0.93 * size }, fixedrange: true, automargin: false };
    const layout = {
      width: area.clientWidth,
      height: area.clientHeight,
      margin: { l: Math.round(4.6 * size), r: Math.round(0.8 * size), t: 4, b: Math.round(3 * size) },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: style.fontFamily, size: 0.86 * size, color: theme.muted },
      hoverlabel: { bgcolor: theme.card, bordercolor: theme.hairline, font: { color: theme.ink } },
      dragmode: false,
      hovermode: "closest",
      showlegend: false,
      xaxis: { ...axis, showgrid: false, showline: true, nticks: 6, ...xaxis },
      yaxis: { ...axis, ...yaxis },
      ...own,
    };
    await window.Plotly.react(area, traces, layout, PLOTLY_CONFIG);
    this.plots.add(area);
  }

  resize() {
    const { clientWidth: width } = this.host;
    if (!this.plots.size || !width || width === this.width) return;
    this.width = width;
    if (this.panel.theme) this.show();
  }

  // The winner, what it has won, and, if that is another, who ends lowest in the picture of the tuned runs.
  get words() {
    const { labels, runs, starts, state, arrival: share, arrays } = this.panel.message;
    if (!starts) return state === "done" ? "" : labels.waiting;
    const leaders = findLeaders(runs, this.unit);
    const values = { runs: runs.length, unit: labels[this.unit].toLowerCase() };
    const first = leaders.map((i) => ({ name: runs[i].name, rank: formatNumber(runs[i][this.unit].rank[0]) }));
    const names = first.map(({ name, rank }) => `${name} (${rank})`).join(getMarks().comma);
    const winner = !first.length
      ? labels.none_arrive
      : first.length === 1
        ? fillTemplate(labels.first, { ...first[0], ...values })
        : fillTemplate(labels.level, { names, ...values });
    const lowest = findLowestEnd(buildCurves(arrays, runs.length, "tuned", this.unit));
    const other = lowest === null || leaders.includes(lowest) ? "" : fillTemplate(labels.ends_lowest, { name: runs[lowest].name });
    return [winner, fillTemplate(labels.criterion, { share }), other].filter(Boolean).join(getMarks().gap);
  }

  remove() {
    this.observer.disconnect();
    for (const area of this.plots) window.Plotly.purge(area);
  }
}

// A name of several words in two lines.
function breakName(name) {
  const words = name.split(" ");
  if (name.length < 14 || words.length < 2) return name;
  const half = Math.ceil(words.length / 2);
  return `${words.slice(0, half).join(" ")}<br>${words.slice(half).join(" ")}`;
}
