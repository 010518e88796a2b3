// The charts of a sweep on Plotly's axes: losses above, the zones of each run in the middle, steps below.

import { createElement } from "../../player/base/dom.js";
import { logTicks } from "../../player/base/axis_ticks.js";
import { toPlotlyDash, toPlotlySymbol, toPlotlyTicks } from "../../player/draw/plotly_notation.js";
import { addPinchZoom } from "../../player/base/pinch.js";
import { listenForPlotlyClicks } from "../../player/base/press_tracker.js";
import { SelfResizingPlot } from "../self_resizing_plot.js";
import { buildZoneBoxes, stackLabels, createLossScale, findNearestHeight, findNearestRate, findZoneStretches } from "./sweep_geometry.js";

const SETTLE_MS = 250; // after the last change of the view, before its sweep is requested
const ZONE_ROW_PIXELS = 15; // height of a run's zones
const CHART_GAP_PIXELS = 30;
const LOSS_CHART_FRACTION = 0.64; // of the height without the zones
const ZONE_PATTERNS = { edge: { shape: "/", size: 6, solidity: 0.3 }, diverged: { shape: "x", size: 7, solidity: 0.22 } };
const LINE_NAME_EMS = 1.35; // from one name of a line to the next below

const isKnown = (height) => height !== null && height !== undefined;
// The losses that the axis has to show: those of runs that do not diverge.
const visibleLosses = ({ final, lowest, zone }) => [...final, ...lowest].filter((_, i) => zone[i % zone.length] !== "diverged");

export class SweepChart {
  // `point({ lr, run })` is called with the place of the pointer, null outside; `pick()` after a click; `look(window)`
  // after a change of the view.
  constructor(host, { point: onPoint, pick: onPick, look }) {
    Object.assign(this, { host, point: onPoint, pick: onPick, wanted: look });
    [this.canvas, this.line, this.dot] = ["canvas", "cursor", "dot"].map((name) => host.appendChild(createElement("div", `descent-map-${name}`)));
    this.plot = new SelfResizingPlot(host, (size) => this.layout(size), () => this.moveCursor(...(this.shownCursor ?? [])), this.canvas);
    addPinchZoom(host, this.canvas);
    host.addEventListener("pointermove", (event) => event.pointerType !== "touch" && !event.buttons && this.pointAt(event));
    host.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.point(null));
  }

  async set(message, runs, rows, theme) {
    Object.assign(this, { message, theme, view: message.window });
    this.isStale = !rows && this.data?.runs.length === runs.length;
    if (rows || !this.isStale) this.data = { runs, rows, rates: message.arrays.rates, message };
    await this.draw();
  }

  async draw() {
    const { rows, rates, message } = this.data;
    this.scale = createLossScale(message, rows ? rows.flatMap(visibleLosses) : []);
    this.heights = rows?.map(({ final, reached }) => ({
      loss: Array.from(final, this.scale.at),
      steps: Array.from(reached, (n) => (n > message.steps ? null : Math.log10(Math.max(n, 1)))),
    }));
    const traces = rows ? rows.flatMap((row, i) => this.makeTraces(row, i, rates)) : ["y", "y2", "y3"].map((yaxis) => ({ type: "scatter", x: [], y: [], yaxis }));
    const isFirst = await this.plot.draw(traces);
    this.moveCursor(...(this.shownCursor ?? []));
    if (!isFirst) return;
    this.canvas.on("plotly_relayout", (change) => this.requestView(change));
    listenForPlotlyClicks(this.canvas, ({ event }) => {
      this.pointAt(event);
      this.pick();
    });
  }

  makeTraces({ lowest, zone }, i, rates) {
    const { theme, isStale: stale, data, scale } = this;
    const { colour, dash, present } = data.runs[i];
    const { loss, steps } = this.heights[i];
    const style = toPlotlyDash(dash);
    const common = { type: "scatter", x: rates, hoverinfo: "skip", showlegend: false, opacity: stale ? 0.35 : 1 };
    const lines = { ...common, mode: "lines" };
    const best = data.message.best[i];
    const marks = present
      .filter(({ lr }) => lr >= rates[0] && lr <= rates.at(-1))
      .map(({ lr, marker, colour: own }) => ({ at: findNearestRate(rates, lr), symbol: `${toPlotlySymbol(marker)}-open`, colour: own, rim: own, width: 2.5 }));
    if (best !== null) marks.push({ at: best, symbol: "star", colour, rim: theme.panel, width: 1.2 });
    const stretched = findZoneStretches(rates, zone);
    const alone = [...steps.keys()].filter((at) => isKnown(steps[at]) && !isKnown(steps[at - 1]) && !isKnown(steps[at + 1])); // no line shows these
    return [
      { ...lines, y: loss, line: { color: theme.panel, width: 4.5 } },
      { ...lines, y: Array.from(lowest, scale.at), line: { color: colour, width: 1 } },
      { ...lines, y: loss, line: { color: colour, width: 2.3, dash: style } },
      {
        ...common,
        mode: "markers",
        x: marks.map(({ at }) => rates[at]),
        y: marks.map(({ at }) => loss[at]),
        marker: { size: 12, symbol: marks.map(({ symbol }) => symbol), color: marks.map((mark) => mark.colour), line: { width: marks.map(({ width }) => width), color: marks.map(({ rim }) => rim) } },
      },
      { ...lines, y: steps, yaxis: "y3", line: { color: colour, width: 2.3, dash: style }, connectgaps: false },
      { ...common, mode: "markers", x: alone.map((at) => rates[at]), y: alone.map((at) => steps[at]), yaxis: "y3", marker: { size: 5, color: colour } },
      ...data.message.zones.map((name) => {
        const pattern = ZONE_PATTERNS[name];
        return {
          ...lines,
          ...buildZoneBoxes(stretched, name, i + 0.14, i + 0.86),
          yaxis: "y2",
          fill: "toself",
          line: { color: colour, width: pattern ? 0.8 : 0 },
          fillcolor: pattern ? "rgba(0,0,0,0)" : colour,
          fillpattern: pattern && { ...pattern, fgcolor: colour, bgcolor: theme.panel, fillmode: "replace" },
        };
      }),
    ];
  }

  layout({ width, height, em }) {
    const { theme, scale, message, data } = this;
    const { labels, steps } = message;
    const margin = { l: Math.round(3.6 * em), r: Math.round(0.8 * em), t: Math.round(1.5 * em), b: Math.round(2.9 * em), pad: 0 };
    const whole = height - margin.t - margin.b;
    const strip = ZONE_ROW_PIXELS * data.runs.length;
    const names = this.placeLineNames(0.86 * em, width - margin.l - margin.r);
    const band = Math.max(0, ...names.map(({ level }) => level + 1)) * LINE_NAME_EMS * 0.86 * em; // above the curves, which they would cover
    const rest = Math.max(whole - strip - 2 * CHART_GAP_PIXELS - band, 100);
    const below = ((1 - LOSS_CHART_FRACTION) * rest) / whole;
    const middle = [below + CHART_GAP_PIXELS / whole, below + (CHART_GAP_PIXELS + strip) / whole];
    const plain = { zeroline: false, ticks: "", showgrid: true, gridcolor: theme.hairline, fixedrange: true };
    const across = logTicks(...this.view, 8);
    const title = (text, y) => ({ text, xref: "paper", yref: "paper", x: 0, y, xanchor: "left", yanchor: "bottom", showarrow: false, font: { color: theme.muted } });
    const hasFloor = isKnown(data.message.floor);
    const isReached = this.heights?.some(({ steps }) => steps.some(isKnown)) ?? true; // by any run at any rate
    return {
      margin,
      plot_bgcolor: theme.panel,
      font: { color: theme.muted },
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "pan",
      clickanywhere: true,
      hovermode: "closest",
      xaxis: { ...plain, fixedrange: false, type: "log", range: this.view.map(Math.log10), ...toPlotlyTicks(across), anchor: "y3", title: { text: labels.lr, standoff: 4 } },
      yaxis: { ...plain, domain: [middle[1] + CHART_GAP_PIXELS / whole, Math.min(1, middle[1] + (CHART_GAP_PIXELS + LOSS_CHART_FRACTION * rest) / whole)], range: scale.range, ...toPlotlyTicks(scale.ticks) },
      yaxis2: { ...plain, domain: middle, range: [data.runs.length, 0], showgrid: false, showticklabels: false },
      yaxis3: { ...plain, domain: [0, below], range: [-0.08, Math.log10(Math.max(steps, 2)) + 0.08], ...toPlotlyTicks(logTicks(1, Math.max(steps, 2), 4)
        .map(({ value, text }) => ({ value: Math.log10(value), text }))) },
      shapes: [
        { type: "line", xref: "paper", x0: 0, x1: 1, y0: scale.start, y1: scale.start, line: { color: theme.muted, width: 1, dash: "dot" } },
        ...(data.message.lines ?? []).map((line) => ({
          type: "line", xref: "x", yref: "paper", x0: line.at, x1: line.at, y0: 0, y1: 1,
          line: { color: data.runs[line.run].colour, width: 1.4, dash: line.what === "limit" ? "dash" : "dot" },
        })),
      ],
      annotations: [title(hasFloor ? labels.above : labels.loss, 1), title(!hasFloor ? labels.no_goal : isReached ? labels.steps : labels.no_steps, below), ...names.map((name) => this.annotateLine(name, 0.86 * em))],
    };
  }

  // The names of theory's lines, beside them, each as high as there is room.
  placeLineNames(size, width) {
    const { data, view: [low, high] } = this;
    this.pen ??= document.createElement("canvas").getContext("2d");
    this.pen.font = `${size}px ${getComputedStyle(this.host).fontFamily}`;
    const lines = (data.message.lines ?? []).filter(({ at }) => at >= low && at <= high).sort((a, b) => a.at - b.at);
    const placed = stackLabels(lines.map(({ at, label }) => [(width * Math.log(at / low)) / Math.log(high / low), this.pen.measureText(label).width]), width);
    return lines.map((line, i) => ({ ...line, ...placed[i] }));
  }

  annotateLine({ at, label, run, level, shift }, size) {
    return {
      text: label, xref: "x", yref: "paper", x: Math.log10(at), y: 1, yshift: -1 - LINE_NAME_EMS * size * level, xshift: shift,
      xanchor: "left", yanchor: "top", showarrow: false,
      font: { color: this.data.runs[run].colour }, bgcolor: this.theme.panel, borderpad: 0,
    };
  }

  // ---- the line over the rates

  pointAt(event) {
    if (!this.plot.isDrawn || !this.heights || this.isStale) return;
    const [lr] = this.plot.dataAt(event);
    const y = event.clientY - this.canvas.getBoundingClientRect().top;
    const { yaxis, yaxis2, yaxis3 } = this.canvas._fullLayout;
    if (!(lr >= this.view[0] && lr <= this.view[1])) return this.point(null);
    const at = findNearestRate(this.data.rates, lr);
    const inside = ({ _offset, _length }) => y >= _offset - CHART_GAP_PIXELS / 2 && y < _offset + _length + CHART_GAP_PIXELS / 2;
    const run = inside(yaxis2)
      ? Math.min(this.heights.length - 1, Math.max(0, Math.floor(yaxis2.p2d(y - yaxis2._offset))))
      : inside(yaxis3)
        ? findNearestHeight(this.heights.map(({ steps }) => steps[at]), yaxis3.p2d(y - yaxis3._offset))
        : findNearestHeight(this.heights.map(({ loss }) => loss[at]), yaxis.p2d(y - yaxis._offset));
    this.point({ lr, run });
  }

  // The line at a rate, by its place, and the dot on a run's curve.
  moveCursor(at, run) {
    this.shownCursor = [at, run];
    const { xaxis, yaxis } = this.canvas._fullLayout ?? {};
    const hidden = !xaxis || !this.heights || this.isStale || at === null || at === undefined || !this.heights[run];
    this.line.hidden = this.dot.hidden = hidden;
    if (hidden) return;
    const x = xaxis._offset + xaxis.d2p(this.data.rates[at]);
    Object.assign(this.line.style, { left: `${x}px`, top: `${yaxis._offset}px`, bottom: `${this.plot.size.height - this.canvas._fullLayout.yaxis3._offset - this.canvas._fullLayout.yaxis3._length}px` });
    const height = this.heights[run].loss[at];
    this.dot.hidden = height === null || height < yaxis.range[0] || height > yaxis.range[1];
    Object.assign(this.dot.style, { left: `${x}px`, top: `${yaxis._offset + yaxis.d2p(height)}px`, borderColor: this.data.runs[run].colour });
  }

  // ---- another view

  look(view) {
    this.view = view;
    this.plot.update();
  }

  requestView(change) {
    if (!Object.keys(change).some((name) => name.startsWith("xaxis.range"))) return;
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(() => this.wanted(this.canvas._fullLayout.xaxis.range.map((end) => 10 ** end)), SETTLE_MS);
  }

  remove() {
    clearTimeout(this.settleTimer);
    this.plot.remove();
  }
}
