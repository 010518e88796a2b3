// The landscape of the flow: contours by Plotly, everything above them on a canvas with the same axes; and the start.

import { createElement } from "../../player/base/dom.js";
import { StartHandle } from "../../player/landscape/start_handle.js";
import { CanvasLayers } from "../../player/draw/canvas_layers.js";
import { Trail } from "../../player/draw/path_trail.js";
import { drawMarker, drawRing } from "../../player/draw/markers.js";
import { createAxis, isInside, projectAll } from "../../player/draw/axes_and_clipping.js";
import { drawMinimaOnAxes, makeLandscapeLayout, moveStartByClick, placeStartHandle } from "../../player/landscape/plan_view_layout.js";
import { getDrawingScale, getSmallFont } from "../../player/draw/drawing_scale.js";
import { SelfResizingPlot } from "../self_resizing_plot.js";
import { selectSpaced, buildArrowStrokes } from "./arrow_strokes.js";

const MIN_GAP_PIXELS = 6; // between two dots, or two lines to the flow
const HIT_RADIUS_PIXELS = 14; // within which the pointer finds a step
const MIN_CONNECTOR_PIXELS = 2; // of a line to the flow

export class FlowView {
  // `send(x, y, {held})` is called with a new start, `look(k)` with the step that is pointed at, undefined at none.
  constructor(host, labels, send, look) {
    Object.assign(this, { host, labels });
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", labels.map);
    const element = host.appendChild(createElement("div", "descent-plot"));
    this.plot = new SelfResizingPlot(host, () => this.layout(), () => this.draw(), element);
    this.layers = new CanvasLayers(host, ["drawn"]);
    this.handle = new StartHandle(host, labels, send, this);
    host.addEventListener("pointermove", (event) => look(this.stepAt(event)));
    host.addEventListener("pointerleave", () => look());
  }

  async set(message, flows, runs, theme, name) {
    Object.assign(this, { message, flows, runs, theme, view: message.window });
    if (!this.handle.isHeld) this.handle.start = [...message.start];
    const ground = `${message.ground} ${name}`;
    if (ground !== this.landscapeId) {
      this.landscapeId = ground;
      const { contour, colours, arrays } = message;
      const side = Math.sqrt(arrays.heights.length);
      const z = Array.from({ length: side }, (_, row) => arrays.heights.slice(row * side, (row + 1) * side));
      const data = [{ ...contour, z, ...colours[name], line: { ...contour.line, color: theme.lines } }];
      const isFirst = await this.plot.draw(data);
      if (isFirst) moveStartByClick(this.plot.element, this.handle, (event) => this.dataAt(event));
    }
    this.draw();
  }

  layout() {
    const layout = makeLandscapeLayout(this.host, this.theme, this.view, { fixedrange: true });
    this.margin = layout.margin;
    return layout;
  }

  // ---- on the canvas

  draw() {
    this.layers.fit();
    const { l, r, t, b } = this.margin;
    const { width, height } = this.layers;
    this.frame = { left: l, top: t, right: width - r, bottom: height - b };
    this.toX = createAxis(...this.view[0], this.frame.left, this.frame.right);
    this.toY = createAxis(...this.view[1], this.frame.bottom, this.frame.top);
    const context = this.layers.drawn;
    this.drawingScale = getDrawingScale(this.host);
    this.drawArrows(context);
    for (const flow of this.flows) this.drawFlow(context, flow);
    const order = [...this.runs].sort((a, b) => a.chosen - b.chosen); // the one that is compared on top
    for (const run of order) this.drawPath(context, run);
    for (const run of order) this.drawDots(context, run);
    const font = getSmallFont(this.host);
    this.minimaBoxes = drawMinimaOnAxes(context, this.message.minima, this.view, { ...this, font, label: this.labels.minimum });
    this.placeHandle();
  }

  drawArrows(context) {
    context.save();
    context.strokeStyle = this.theme.muted;
    context.globalAlpha = 0.5;
    context.lineWidth = 1.1;
    context.setLineDash([]);
    context.beginPath();
    for (const [x0, y0, x1, y1] of buildArrowStrokes(this.message.arrays.field, this.toX, this.toY)) {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
    context.stroke();
    context.restore();
  }

  makeTrail({ x, y }, style) {
    const pixels = projectAll(x, y, this.toX, this.toY);
    return new Trail(pixels, { halo: this.theme.ground, dash: [], scale: this.drawingScale, ...style });
  }

  strokeTrail(context, trail, opacity = 1) {
    if (trail.last < 1) return;
    context.save();
    trail.stroke(context, 0, trail.last, this.frame, true);
    context.globalAlpha = opacity;
    trail.stroke(context, 0, trail.last, this.frame, false);
    context.restore();
  }

  // The flow that the compared run follows is a broad line; where that is another, the gradient flow is a dotted one.
  drawFlow(context, flow) {
    this.strokeTrail(context, this.makeTrail(flow, { colour: this.theme.ink, width: flow.own ? 5 : 2.5, dash: flow.own ? [] : [3, 5] }), 0.6);
  }

  drawPath(context, run) {
    const { colour, dash } = run.style;
    this.strokeTrail(context, this.makeTrail(run, { colour, dash, width: run.chosen ? 2.3 : 1.7 }), run.chosen ? 1 : 0.85);
    if (run.chosen) this.drawConnectors(context, run);
  }

  // From each point of the compared run to where its flow is at the same time.
  drawConnectors(context, run) {
    const { drawingScale: scale } = this;
    const { there } = this.message.arrays;
    if (!there) return;
    const n = there.length / 2;
    const [from, to] = [projectAll(run.x, run.y, this.toX, this.toY), projectAll(there.slice(0, n), there.slice(n), this.toX, this.toY)];
    context.save();
    context.setLineDash([]);
    for (const k of selectSpaced(from, to, MIN_GAP_PIXELS)) {
      const [x0, y0, x1, y1] = [from[2 * k], from[2 * k + 1], to[2 * k], to[2 * k + 1]];
      if (!isInside(x0, y0, this.frame) || !isInside(x1, y1, this.frame) || Math.hypot(x1 - x0, y1 - y0) < MIN_CONNECTOR_PIXELS) continue;
      for (const [style, width] of [[this.theme.ground, 2.8], [this.theme.ink, 1.2]]) {
        [context.strokeStyle, context.lineWidth] = [style, width * scale];
        context.beginPath();
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
        context.stroke();
      }
      drawRing(context, x1, y1, this.theme.ink, this.theme.ground, 2.2, scale);
    }
    context.restore();
  }

  // A marker for each step, unless it is too near to the last.
  drawDots(context, run) {
    const pixels = projectAll(run.x, run.y, this.toX, this.toY);
    context.setLineDash([]);
    for (const k of selectSpaced(pixels, pixels, MIN_GAP_PIXELS))
      if (isInside(pixels[2 * k], pixels[2 * k + 1], this.frame)) drawMarker(context, pixels[2 * k], pixels[2 * k + 1], run.style.marker, run.style.colour, this.theme.ground, (run.chosen ? 3.6 : 2.8) * this.drawingScale);
  }

  // The step of the compared run that is nearest to the pointer, if one is near.
  stepAt(event) {
    const run = this.runs?.find(({ chosen }) => chosen);
    if (!this.toX || !run) return undefined;
    const box = this.host.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let [best, nearest] = [HIT_RADIUS_PIXELS, undefined];
    for (let k = 0; k < run.x.length; k++) {
      const away = Math.hypot(this.toX(run.x[k]) - px, this.toY(run.y[k]) - py);
      if (away < best) [best, nearest] = [away, k];
    }
    return nearest;
  }

  // ---- the start

  dataAt(event) {
    if (!this.toX) return null;
    const box = this.host.getBoundingClientRect();
    return [this.toX.inverse(event.clientX - box.left), this.toY.inverse(event.clientY - box.top)];
  }

  placeHandle() {
    if (this.toX && this.handle.start) placeStartHandle(this.handle, this.view, this, this.minimaBoxes);
  }

  remove() {
    this.plot.remove();
  }
}
