// A small landscape with the path of the run that is pointed at.

import { styleOf } from "../../player/base/theme_and_run_styles.js";
import { toPlotlyDash, toPlotlySymbol } from "../../player/draw/plotly_notation.js";
import { SelfResizingPlot } from "../self_resizing_plot.js";

const MAX_DISTANCE_IN_VIEWS = 1e3; // from the middle of the view: the pixels of farther points would overflow

export class PathInset {
  constructor(host) {
    this.host = host;
    host.setAttribute("role", "img");
    this.path = { x: [], y: [] };
    this.plot = new SelfResizingPlot(host, () => this.layout());
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
    await this.plot.draw(traces, { staticPlot: true });
  }

  get end() {
    return { x: this.path.x.slice(-1), y: this.path.y.slice(-1) };
  }

  follow(path) {
    const many = path ? countDrawablePoints(path, this.stage.box) : 0;
    this.path = { x: path?.x.slice(0, many) ?? [], y: path?.y.slice(0, many) ?? [] };
    if (!this.plot.isDrawn) return;
    const { path: whole, end } = this;
    window.Plotly.restyle(this.host, { x: [whole.x, whole.x, end.x], y: [whole.y, whole.y, end.y] }, [3, 4, 5]);
  }

  layout() {
    const bare = { visible: false, fixedrange: true };
    const [across, up] = this.stage.box;
    return {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      plot_bgcolor: this.theme.panel,
      xaxis: { ...bare, range: [...across] },
      yaxis: { ...bare, range: [...up] },
    };
  }

  remove() {
    this.plot.remove();
  }
}

// The number of points of a path before the first that is too far away to be drawn.
export function countDrawablePoints({ x, y }, box) {
  const far = (value, [low, high]) => Math.abs(value - (low + high) / 2) > MAX_DISTANCE_IN_VIEWS * (high - low);
  const gone = x.findIndex((value, i) => far(value, box[0]) || far(y[i], box[1]));
  return gone < 0 ? x.length : gone;
}
