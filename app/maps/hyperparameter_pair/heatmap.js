// A grid of cells on Plotly's axes: pixels below, lines of theory and marks above; with pointer and keys.

import { PressTracker } from "../../player/base/press_tracker.js";
import { SelfResizingPlot } from "../self_resizing_plot.js";

const MIN_TICK_EMS = 3.6; // between two ticks of the horizontal axis

export class Heatmap {
  // `point([column, row])` is called with the cell under the pointer, null outside; `pick` with one that is clicked.
  constructor(host, { point: onPoint, pick: onPick }) {
    Object.assign(this, { host, point: onPoint, pick: onPick });
    this.canvas = document.createElement("canvas");
    host.tabIndex = 0;
    host.setAttribute("role", "application");
    this.plot = new SelfResizingPlot(host, (size) => this.layout(size));
    host.addEventListener("keydown", (event) => this.moveByKey(event));
    host.addEventListener("pointermove", (event) => event.pointerType !== "touch" && this.setCell(this.cellAt(event)));
    host.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.setCell(null));
    const press = new PressTracker(host);
    host.addEventListener("click", (event) => {
      const cell = press.isTap && this.cellAt(event);
      if (!cell) return;
      this.setCell(cell);
      onPick(cell);
    });
  }

  // `pixels` are RGBA, null where nothing is known yet; `star` is the best cell; `lines` are levels of `theory`.
  async set(message, pixels, side, star, lines, theme) {
    const { columns, rows } = message;
    Object.assign(this, { message, star, lines, theme });
    if (pixels) {
      Object.assign(this.canvas, { width: columns * side, height: rows * side });
      this.canvas.getContext("2d").putImageData(new ImageData(pixels, columns * side, rows * side), 0, 0);
      this.image = this.canvas.toDataURL();
    } else if (this.jobId !== message.job_id) this.image = null;
    this.jobId = message.job_id;
    await this.draw();
  }

  async draw() {
    const { theme, message, star } = this;
    const { columns, across, up } = message;
    const at = star < 0 ? [[], []] : [[star % columns], [Math.floor(star / columns)]];
    const own = [[across.own], [up.own]];
    const mark = (symbol, size, [x, y], colour, width) => ({
      type: "scatter", mode: "markers", hoverinfo: "skip", x, y,
      marker: { symbol, size, color: colour, line: { width, color: symbol.endsWith("open") ? colour : theme.ground } },
    }); // prettier-ignore
    const frame = (colour, width) => ({ type: "scatter", mode: "lines", hoverinfo: "skip", x: [], y: [], line: { color: colour, width } });
    this.traces = [
      ...this.makeTheoryLines(),
      mark("circle-open", 15, own, theme.ground, 5),
      mark("circle-open", 15, own, theme.ink, 2.5),
      mark("star", 14, at, theme.ink, 1.5),
      frame(theme.ground, 4),
      frame(theme.ink, 2),
    ];
    await this.plot.draw(this.traces, { staticPlot: true });
    this.showFrame();
  }

  // The lines of theory, with their levels; the one at 1 is dashed.
  makeTheoryLines() {
    const { message, lines, theme } = this;
    const { columns, rows, arrays } = message;
    if (!lines.length) return [];
    const z = Array.from({ length: rows }, (_, row) => Array.from(arrays.theory.subarray(row * columns, (row + 1) * columns)));
    const size = parseFloat(getComputedStyle(this.host).fontSize);
    return lines.map((level) => ({
      type: "contour", z, hoverinfo: "skip", showscale: false, autocontour: false,
      contours: { coloring: "none", start: level, end: level, size: 1, showlabels: true, labelfont: { color: theme.ink, size: 0.8 * size } },
      line: { color: theme.ink, width: level === 1 ? 2 : 1.2, dash: level === 1 ? "dash" : "solid", smoothing: 0.6 },
    })); // prettier-ignore
  }

  layout({ width, em }) {
    const { theme, image, message } = this;
    const { columns, rows, across, up } = message;
    const scale = ({ label, ticks }, many, every) => ({
      showgrid: false, zeroline: false, fixedrange: true, ticks: "outside", ticklen: 4, tickcolor: theme.muted, range: [-0.5, many - 0.5],
      tickangle: 0, title: { text: label, standoff: 6 }, tickvals: ticks.filter((_, i) => i % every === 0).map(([at]) => at),
      ticktext: ticks.filter((_, i) => i % every === 0).map(([, text]) => text),
    }); // prettier-ignore
    const every = Math.ceil((MIN_TICK_EMS * em * across.ticks.length) / width);
    return {
      margin: { l: Math.round(4.4 * em), r: Math.round(0.8 * em), t: Math.round(0.5 * em), b: Math.round(3.1 * em), pad: 0 },
      plot_bgcolor: theme.panel,
      font: { color: theme.muted },
      images: image
        ? [{ source: image, xref: "x", yref: "y", x: -0.5, y: rows - 0.5, sizex: columns, sizey: rows, sizing: "stretch", layer: "below" }]
        : [],
      xaxis: scale(across, columns, every),
      yaxis: scale(up, rows, 1),
    };
  }

  // The frame around the cell that is pointed at.
  showFrame() {
    if (!this.plot.isDrawn) return;
    const [x, y] = this.cell ?? [];
    const xs = this.cell ? [x - 0.5, x + 0.5, x + 0.5, x - 0.5, x - 0.5] : [];
    const ys = this.cell ? [y - 0.5, y - 0.5, y + 0.5, y + 0.5, y - 0.5] : [];
    const last = this.traces.length - 1;
    window.Plotly.restyle(this.host, { x: [xs], y: [ys] }, [last - 1, last]);
  }

  setCell(cell) {
    if (String(cell) === String(this.cell ?? null)) return;
    this.cell = cell;
    this.showFrame();
    this.point(cell);
  }

  cellAt(event) {
    const cell = this.plot.dataAt(event)?.map((v) => Math.round(v) + 0); // no -0
    return cell && this.contains(cell) ? cell : null;
  }

  contains([column, row]) {
    const { columns, rows } = this.message;
    return column >= 0 && column < columns && row >= 0 && row < rows;
  }

  // Arrow keys go from cell to cell, first from the run's own; Enter is a click there.
  moveByKey(event) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    if (event.key === "Enter" && this.cell) this.pick(this.cell);
    if (!ways[event.key] || !this.plot.isDrawn || event.altKey || event.ctrlKey || event.metaKey) return; // Alt and an arrow is the browser's way back
    event.preventDefault();
    const { columns, rows, across, up } = this.message;
    const from = this.cell ?? [across.own, up.own].map(Math.round);
    const reach = event.shiftKey ? 8 : 1;
    const within = (v, i) => Math.min([columns, rows][i] - 1, Math.max(0, v));
    this.setCell(from.map((v, i) => within(v + reach * ways[event.key][i], i)));
  }

  remove() {
    this.plot.remove();
  }
}
