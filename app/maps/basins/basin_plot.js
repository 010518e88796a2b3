// The map of basins on Plotly's axes: pixels below, minima, the start and a path above; with pointer, keys and zoom.

import { makeLandscapeLayout } from "../../player/landscape/plan_view_layout.js";
import { limitZoom } from "../../player/landscape/view_fitting.js";
import { addPinchZoom, findWheelFactor } from "../../player/base/pinch.js";
import { listenForPlotlyClicks } from "../../player/base/press_tracker.js";
import { SelfResizingPlot } from "../self_resizing_plot.js";

const SETTLE_MS = 250; // after the last change of the view, before its map is requested
const KEY_STEP_FRACTION = 1 / 64; // of the window: how far an arrow key goes
const NOTCH_FACTOR = 1.25; // by which a notch of the wheel zooms

export class ImagePlot {
  // `point(place)` is called with the place of the pointer, null outside; `pick(place)` after a click; `look(window)`
  // after a change of the view.
  constructor(host, { point: onPoint, pick: onPick, look: onWindow }) {
    Object.assign(this, { host, point: onPoint, pick: onPick, look: onWindow });
    this.canvas = document.createElement("canvas");
    host.tabIndex = 0;
    host.setAttribute("role", "application");
    this.plot = new SelfResizingPlot(host, () => this.layout());
    host.addEventListener("keydown", (event) => this.moveCross(event));
    host.addEventListener("pointermove", (event) => event.pointerType !== "touch" && !event.buttons && onPoint(this.dataAt(event)));
    host.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && !event.buttons && onPoint(null)); // a drag covers the map, and a path drawn anew would end it
    this.wheel = (event) => {
      if (!(event.ctrlKey || event.metaKey) || !this.plot.isDrawn) return;
      event.preventDefault();
      this.zoom(findWheelFactor(event, NOTCH_FACTOR), this.dataAt(event) ?? undefined);
    };
    host.addEventListener("wheel", this.wheel, { passive: false });
    addPinchZoom(host, host, (factor, view) => this.limitZoom(factor, view));
  }

  // `pixels` are RGBA of a square, or null where nothing is known yet.
  async set(message, pixels, theme) {
    const { side, window, start, arrays } = message;
    Object.assign(this, { message, theme });
    if (pixels) {
      Object.assign(this.canvas, { width: side, height: side });
      this.canvas.getContext("2d").putImageData(new ImageData(pixels, side, side), 0, 0);
      this.image = { source: this.canvas.toDataURL(), window };
    } else if (this.image && this.jobId !== message.job_id) this.image = { ...this.image, old: true };
    this.jobId = message.job_id;
    const many = arrays.minima ? arrays.minima.length / 2 : 0;
    this.minima = [[...(arrays.minima?.subarray(0, many) ?? [])], [...(arrays.minima?.subarray(many) ?? [])]];
    this.start = start;
    await this.draw();
  }

  async draw() {
    const { theme, minima, start } = this;
    const none = { type: "scatter", hoverinfo: "skip", cliponaxis: true };
    this.traces = [
      { ...none, mode: "lines", x: [], y: [], line: { color: theme.ground, width: 5 } },
      { ...none, mode: "lines+markers", x: [], y: [], line: { color: theme.ink, width: 2 }, marker: { size: 4, color: theme.ink, line: { width: 1, color: theme.ground } } },
      { ...none, mode: "markers", x: minima[0], y: minima[1], marker: { symbol: "star", size: 13, color: theme.ink, line: { width: 1.5, color: theme.ground } } },
      { ...none, mode: "markers", x: [start[0]], y: [start[1]], marker: { symbol: "circle-open", size: 13, color: theme.ink, line: { width: 2.5, color: theme.ink } } },
      { ...none, mode: "markers", x: [], y: [], marker: { symbol: "cross-thin", size: 15, color: theme.ink, line: { width: 2, color: theme.ink } } },
    ];
    if (!(await this.plot.draw(this.traces))) return;
    this.host.on("plotly_relayout", (change) => this.requestView(change));
    listenForPlotlyClicks(this.host, ({ event }) => {
      const place = this.dataAt(event); // Plotly's own may be where the pointer was before
      if (place) this.pick(place);
    });
  }

  layout() {
    const { host, theme, image, message } = this;
    const [[left, right], [bottom, top]] = image?.window ?? message.window;
    const images = image && [{ source: image.source, xref: "x", yref: "y", x: left, y: top, sizex: right - left, sizey: top - bottom, sizing: "stretch", layer: "below", opacity: image.old ? 0.35 : 1 }];
    return makeLandscapeLayout(host, theme, message.window, { plot_bgcolor: theme.panel, images: images ?? [] });
  }

  showPath(path) {
    if (!this.plot.isDrawn) return;
    window.Plotly.restyle(this.host, { x: [path?.x ?? []], y: [path?.y ?? []] }, [0, 1]);
  }

  // The view was dragged or zoomed: its map is requested once it has settled.
  requestView(change) {
    if (!Object.keys(change).some((name) => name.includes("axis"))) return;
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(() => this.look(this.view), SETTLE_MS);
  }

  get view() {
    const { xaxis, yaxis } = this.host._fullLayout;
    return [[...xaxis.range], [...yaxis.range]];
  }

  // A button requests the new view at once; the wheel may turn on.
  zoom(factor, around) {
    const view = this.view;
    const allowed = this.limitZoom(factor, view);
    if (allowed === 1) return;
    const middle = around ?? view.map(([low, high]) => (low + high) / 2);
    const [x, y] = view.map((ends, i) => ends.map((end) => middle[i] + allowed * (end - middle[i])));
    if (!around) this.look([x, y]);
    window.Plotly.relayout(this.host, { "xaxis.range": x, "yaxis.range": y });
    if (!around) clearTimeout(this.settleTimer);
  }

  // How much wider a view may become: the server maps no other window.
  limitZoom(factor, view) {
    return limitZoom(factor, view, this.message.box, this.message.window_limits);
  }

  dataAt(event) {
    const place = this.plot.dataAt(event);
    return place && this.view.every(([low, high], i) => place[i] >= low && place[i] <= high) ? place : null;
  }

  // A cross that arrow keys move; Enter is a click there.
  moveCross(event) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    if (event.key === "Enter" && this.cursor) this.pick(this.cursor);
    if (!ways[event.key] || !this.plot.isDrawn || event.altKey || event.ctrlKey || event.metaKey) return; // Alt and an arrow is the browser's way back
    event.preventDefault();
    const from = this.cursor ?? this.view.map(([low, high]) => (low + high) / 2);
    const reach = event.shiftKey ? 8 : 1;
    this.cursor = this.view.map(([low, high], i) => Math.min(high, Math.max(low, from[i] + reach * KEY_STEP_FRACTION * (high - low) * ways[event.key][i])));
    window.Plotly.restyle(this.host, { x: [[this.cursor[0]]], y: [[this.cursor[1]]] }, [4]);
    this.point(this.cursor);
  }

  remove() {
    clearTimeout(this.settleTimer);
    this.plot.remove();
  }
}
