// The landscape in space: Plotly draws the surface, canvases over it the paths, as far as the surface hides nothing.
// So a frame of playback asks nothing of WebGL; only a turned camera, a new surface or a new size does.

import { PlotlySurface } from "./plotly_webgl_scene.js";
import { StartHandle } from "./start_handle.js";
import { HIDDEN_OPACITY, drawMinima, drawSurfaceEdge } from "./surface_edge_and_minima.js";
import { CanvasLayers, Trail } from "../draw/canvas_layers.js";
import { CameraProjection } from "./camera_projection.js";
import { drawEdgeArrow, drawCross, drawMarker, drawRing } from "../draw/markers.js";
import { findNearestVertex } from "../draw/hit_test.js";
import { OrbitControls } from "./camera_orbit.js";
import { distanceToView } from "../draw/scales_and_clipping.js";
import { BOX_HEIGHT } from "./plotly_surface.js";
import { SurfaceProjection, projectVisiblePath } from "./surface_projection.js";
import { drawArrows } from "../draw/head_vector_drawing.js";
import { HeightField } from "./heightfield.js";
import { formatNumber, fillTemplate } from "../base/number_format.js";
import { LabelPlacer, describeFailure, getSmallFont } from "../draw/label_placement.js";

export class SurfaceView {
  // As Landscape: `send(x, y, {held, nudged})` is called with a new start; `redraw()` asks for a frame. `failed()`
  // follows where there is no WebGL any more.
  constructor(host, labels, send, redraw, failed) {
    Object.assign(this, { host, labels, redraw });
    this.runs = [];
    this.paths = [];
    this.drawing = new PlotlySurface(host, labels, { camera: () => this.orbit.camera, drawn: () => this.project(), failed });
    this.layers = new CanvasLayers(host, ["ghost", "trail", "stars", "heads"]);
    this.orbit = new OrbitControls(host, labels, () => this.drawing.look(), (event) => this.click(event));
    this.handle = new StartHandle(host, labels, send, this);
    this.words = new LabelPlacer();
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.wheel = (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.orbit.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
    };
    host.addEventListener("wheel", this.wheel, { passive: false });
  }

  // ---- the surface

  async setStage(Plotly, stage, theme, name) {
    if (stage !== this.stage) {
      this.terrain = decodeHeightField(stage);
      const sights = [this.handle.start, ...stage.minima].filter(Boolean).map((place) => [...place, this.terrain.height(...place)]);
      this.orbit.settle((eye) => this.terrain.shown(cameraToData(eye, this.terrain), sights));
    }
    Object.assign(this, { stage, theme, view: stage.box });
    this.drapedRuns = null;
    if (await this.drawing.show(Plotly, stage, theme, name, this.terrain)) this.project();
  }

  zoom(factor) {
    this.orbit.zoom(factor);
  }

  reset() {
    this.orbit.reset();
  }

  // Also called when it is shown again: while it is hidden it keeps its size.
  async resize() {
    if (await this.drawing.resize(this.layers.ratio)) this.project();
  }

  // Nobody has looked for a while: the browser gets back what drawing took, and the camera stays for the next time.
  rest() {
    this.drawing.release();
  }

  get isEmpty() {
    return this.drawing.isEmpty;
  }

  // ---- from data to pixels and back

  // All pixels anew: after new runs, a moved camera, a new size.
  project() {
    if (!this.drawing.matrices) return;
    this.lay();
    this.placeHandle();
    this.redraw();
  }

  // What stands still, on the layers, and where everything else will go.
  lay() {
    const { terrain } = this;
    const { matrices } = this.drawing;
    this.layers.fit();
    const { width, height } = this.layers;
    this.smallFont = getSmallFont(this.host);
    this.frame = { left: 0, top: 0, right: width, bottom: height, font: this.smallFont };
    this.lens = new CameraProjection(...matrices, width, height);
    this.surfaceProjection = new SurfaceProjection(this.lens, terrain);
    this.iteratePixels = null;
    if (this.drapedRuns !== this.runs) {
      this.drapedRuns = this.runs;
      this.drapedPaths = this.runs.map(({ columns }) => terrain.drape(columns.x, columns.y));
    }
    this.paths = this.runs.map(({ style }, i) => {
      const { pixels, times } = projectVisiblePath(this.drapedPaths[i], this.lens, terrain);
      return { times, trail: new Trail(pixels, { ...style, halo: this.theme.ground, width: 2.3 }) };
    });
    drawSurfaceEdge(this.layers.ghost, this.surfaceProjection, this.theme, this.frame);
    for (const { trail } of this.paths) trail.drawGhost(this.layers.ghost, this.frame);
    this.drawnSteps = [];
    this.minimaPixels = drawMinima(this.layers.stars, this.surfaceProjection, this.stage.minima, this);
  }

  // The place on the surface that is seen where an event is, or null.
  dataAt(event) {
    return this.surfaceProjection && this.surfaceProjection.dataAt(...this.pixelAt(event));
  }

  pixelAt(event) {
    const box = this.host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  click(event) {
    const place = this.dataAt(event);
    if (place) this.handle.moveStart(...place);
  }

  placeHandle() {
    if (!this.surfaceProjection || !this.handle.start) return;
    const place = this.surfaceProjection.projectPoint(...this.handle.start);
    const away = place.outside && formatNumber(distanceToView(...this.handle.start, this.view), 2);
    this.handle.place(place, this.frame, away, [...this.paths.map(({ trail }) => trail.pixels), this.minimaPixels]);
    this.handle.element.classList.toggle("descent-behind", !place.visible && !place.outside);
  }

  // ---- what is drawn over the surface

  // As Landscape: what a frame with the runs at `runSteps` adds; what is hidden of arrows is left out as of paths.
  draw(runSteps, hovered, arrows) {
    if (!this.surfaceProjection) return null;
    if (runSteps.some((place, i) => place < (this.drawnSteps[i] ?? 0))) {
      this.layers.clear("trail");
      for (const { trail } of this.paths) trail.again();
    }
    this.drawnSteps = [...runSteps];
    this.layers.clear("heads");
    const context = this.layers.heads;
    this.heads = this.paths.map(({ trail, times }, i) => {
      const at = this.surfaceProjection.projectPoint(...interpolatePoint(this.runs[i].columns, runSteps[i]));
      const k = findLastVertex(times, runSteps[i]);
      trail.grow(this.layers.trail, k, this.frame);
      if (at.visible && !at.outside) trail.tip(context, k, at.x, at.y, this.frame);
      return at;
    });
    const said = arrows?.size ? this.drawArrows(context, runSteps, arrows) : null;
    this.words.begin(context, this.smallFont, this.frame, this.theme.ground, this.handle.labelBox);
    context.setLineDash([]);
    for (let i = this.heads.length - 1; i >= 0; i--) this.drawHead(context, this.runs[i], this.heads[i], runSteps[i]);
    if (hovered) this.point(context, hovered);
    context.globalAlpha = 1;
    return said;
  }

  // Arrows start at the iterate itself, not between two.
  drawArrows(context, places, arrows) {
    const { frame, theme, surfaceProjection: sight } = this;
    const ks = this.runs.map((run, i) => Math.min(run.length - 1, Math.floor(places[i] + 1e-9)));
    return drawArrows(context, this.runs, ks, { frame, theme, scale: sight.scale, trace: (points) => sight.trace(points) }, arrows);
  }

  point(context, hovered) {
    this.runs.forEach(({ columns, length, style }, i) => {
      const k = Math.min(length - 1, Math.round(hovered[i]));
      const at = this.surfaceProjection.projectPoint(columns.x[k], columns.y[k]);
      context.globalAlpha = at.visible ? 1 : HIDDEN_OPACITY;
      if (!at.outside) drawRing(context, at.x, at.y, style.colour, this.theme.ground, 6);
    });
  }

  // The run and the step whose point is nearest to the pointer, if one is near and no hill hides it.
  nearest(event) {
    if (!this.surfaceProjection) return null;
    this.iteratePixels ??= this.runs.map(({ columns }) => this.surfaceProjection.pixels(columns.x, columns.y));
    return findNearestVertex(this.iteratePixels, ...this.pixelAt(event), (run, k) => {
      const { x, y } = this.runs[run].columns;
      return this.surfaceProjection.projectPoint(x[k], y[k]).visible;
    });
  }

  drawHead(context, run, at, position) {
    const { colour, marker } = run.style;
    const end = run.length - 1;
    const words = describeFailure(run, end, position, this.labels);
    context.globalAlpha = at.visible || at.outside ? 1 : HIDDEN_OPACITY;
    if (!at.outside) {
      if (words) drawCross(context, at.x, at.y, colour, this.theme.ground);
      else drawMarker(context, at.x, at.y, marker, colour, this.theme.ground);
      if (words) this.words.place(at.x, at.y, words, colour);
      return;
    }
    drawEdgeArrow(context, at.x, at.y, at.angle, colour, this.theme.ground);
    const away = fillTemplate(this.labels.away, { d: formatNumber(distanceToView(...interpolatePoint(run.columns, Math.floor(position + 1e-9)), this.view), 2) });
    this.words.place(at.x, at.y, words ? `× ${words}, ${away}` : `${run.name}, ${away}`, colour);
  }

  // Centres of the heads in page pixels, for tests.
  headPixels() {
    const box = this.host.getBoundingClientRect();
    return (this.heads ?? []).map(({ x, y }) => [box.left + x, box.top + y]);
  }

  pixelOf(x, y) {
    const box = this.host.getBoundingClientRect();
    const at = this.surfaceProjection.projectPoint(x, y);
    return [box.left + at.x, box.top + at.y];
  }

  remove() {
    this.observer.disconnect();
    this.host.removeEventListener("wheel", this.wheel);
    this.drawing.remove();
  }
}

// ---- small pieces of the scene

function decodeHeightField(stage) {
  const { z } = stage.figure.data[0];
  const bytes = Uint8Array.from(atob(z.bdata), (letter) => letter.charCodeAt(0));
  const [rows, columns] = z.shape.split(",").map(Number);
  return new HeightField(new Float32Array(bytes.buffer), columns, rows, stage.box);
}

// From the units of Plotly's camera, the box's width, to data.
function cameraToData({ x, y, z }, { box: [[left, right], [bottom, top]], low, high }) {
  return [(left + right) / 2 + x * (right - left), (bottom + top) / 2 + y * (top - bottom), (low + high) / 2 + (z / BOX_HEIGHT) * (high - low)];
}

// The place at a fractional position; it stays at the last iterate once there.
function interpolatePoint({ x, y }, position) {
  const end = x.length - 1;
  const k = Math.min(Math.floor(position + 1e-9), end);
  const part = k < end ? Math.max(0, position - k) : 0;
  return part ? [x[k] + part * (x[k + 1] - x[k]), y[k] + part * (y[k + 1] - y[k])] : [x[k], y[k]];
}

// The last index whose time has come.
export function findLastVertex(times, position) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (times[middle] <= position + 1e-9) low = middle;
    else high = middle - 1;
  }
  return low;
}
