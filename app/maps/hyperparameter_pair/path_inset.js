// A small landscape with one path on it: the run that is pointed at.

import { toPlotlyDash, toPlotlySymbol } from "../../player/draw/plotly_styles.js";
import { hasNewSize } from "../../player/base/dom.js";
import { styleOf } from "../../player/base/theme_and_run_styles.js";

const MAX_DISTANCE_IN_VIEWS = 1e3; // views from the start: pixels of points farther away are no numbers any more

export class PathInset {
  constructor(host) {
    this.host = host;
    host.setAttribute("role", "img");
    this.path = { x: [], y: [] };
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
  }

  async set({ stage, start, slot, palette }, theme, name) {
    Object.assign(this, { stage, theme });
    const { colour, dash, marker } = styleOf(slot, palette, name);
    const plain = { type: "scatter", hoverinfo: "skip", cliponaxis: true };
    const [xs, ys] = [0, 1].map((i) => stage.minima.map((place) => place[i]));
    const traces = [
      { ...stage.contour, ...stage.themes[name], line: { ...stage.contour.line, color: theme.lines } },
      { ...plain, mode: "markers", x: xs, y: ys, marker: { symbol: "star", size: 9, color: theme.ink, line: { width: 1, color: theme.ground } } },
      { ...plain, mode: "markers", x: [start[0]], y: [start[1]], marker: { symbol: "circle-open", size: 9, color: theme.ink, line: { width: 2, color: theme.ink } } },
      { ...plain, ...this.path, mode: "lines", line: { color: theme.ground, width: 4 } },
      { ...plain, ...this.path, mode: "lines", line: { color: colour, width: 2, dash: toPlotlyDash(dash) } },
      { ...plain, ...this.end, mode: "markers", marker: { symbol: toPlotlySymbol(marker), size: 9, color: colour, line: { width: 1.5, color: theme.ground } } },
    ];
    await window.Plotly.react(this.host, traces, this.layout(), { staticPlot: true, responsive: false });
    this.drawn = true;
  }

  get end() {
    return { x: this.path.x.slice(-1), y: this.path.y.slice(-1) };
  }

  follow(path) {
    const many = path ? countDrawablePoints(path, this.stage.box) : 0;
    this.path = { x: path?.x.slice(0, many) ?? [], y: path?.y.slice(0, many) ?? [] };
    if (!this.drawn) return;
    const { path: whole, end } = this;
    window.Plotly.restyle(this.host, { x: [whole.x, whole.x, end.x], y: [whole.y, whole.y, end.y] }, [3, 4, 5]);
  }

  layout() {
    const bare = { visible: false, fixedrange: true };
    this.plottedSize = { width: this.host.clientWidth, height: this.host.clientHeight };
    const [across, up] = this.stage.box;
    return {
      ...this.plottedSize,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: this.theme.panel,
      showlegend: false,
      xaxis: { ...bare, range: [...across] },
      yaxis: { ...bare, range: [...up] },
    };
  }

  resize() {
    if (this.drawn && hasNewSize(this.host, this.plottedSize)) window.Plotly.relayout(this.host, this.layout());
  }

  remove() {
    this.observer.disconnect();
    if (this.drawn) window.Plotly.purge(this.host);
  }
}

// How many points of a path there are before one is too far away to be drawn.
export function countDrawablePoints({ x, y }, box) {
  const far = (value, [low, high]) => Math.abs(value - (low + high) / 2) > MAX_DISTANCE_IN_VIEWS * (high - low);
  const gone = x.findIndex((value, i) => far(value, box[0]) || far(y[i], box[1]));
  return gone < 0 ? x.length : gone;
}
