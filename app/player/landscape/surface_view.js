// The landscape in space. Plotly draws the surface, canvases over it draw the visible parts of paths: playback needs no
// WebGL, only a turned camera, a new surface or a new size does.

import { createElement, observeSize } from "../base/dom.js";
import { wholeStep, splitStep } from "../base/clock.js";
import { PlotlySurface } from "./plotly_webgl_scene.js";
import { StartHandle } from "./start_handle.js";
import { HIDDEN_OPACITY, drawMinima, drawSurfaceEdge } from "./surface_edge_and_minima.js";
import { CanvasLayers } from "../draw/canvas_layers.js";
import { Trail } from "../draw/path_trail.js";
import { CameraProjection } from "./camera_projection.js";
import { HEAD_RADIUS, drawEdgeArrow, drawCross, drawMarker, drawRing } from "../draw/markers.js";
import { findNearestVertex } from "../draw/hit_test.js";
import { OrbitControls } from "./camera_orbit.js";
import { distanceOfIterate, distanceToView } from "../draw/axes_and_clipping.js";
import { BOX_HEIGHT } from "./plotly_surface.js";
import { SurfaceProjection, projectVisiblePath } from "./surface_points_to_pixels.js";
import { drawArrows } from "../draw/head_vector_drawing.js";
import { HeightField } from "./heightfield.js";
import { formatNumber } from "../base/number_format.js";
import { findWheelFactor } from "../base/pinch.js";
import { LabelPlacer, listBoxPixels } from "../draw/label_placement.js";
import { getDrawingScale, getSmallFont } from "../draw/drawing_scale.js";
import { describeFailure, listOutsideTexts } from "../base/run_descriptions.js";
import { findLastKnown } from "../base/spoiler_protection.js";

export class SurfaceView {
  // As `ContourView`; `failed()` is called when there is no WebGL any more.
  constructor(host, labels, send, redraw, failed) {
    Object.assign(this, { host, labels, redraw });
    this.runs = [];
    this.paths = [];
    this.known = null; // as in `ContourView`
    this.plotlySurface = new PlotlySurface(host, labels, { camera: () => this.controls.camera, drawn: () => this.reproject(), failed });
    this.layers = new CanvasLayers(host, ["ghost", "trail", "stars", "heads"]);
    this.controls = new OrbitControls(host, labels, () => this.plotlySurface.updateCamera(), (event) => this.onClick(event));
    this.handle = new StartHandle(host, { ...labels, drag_touch: labels.tap_touch }, send, this); // a finger turns the view, from the start too
    this.labelPlacer = new LabelPlacer();
    this.observer = observeSize(host, () => this.resize());
    this.onWheel = (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const factor = findWheelFactor(event);
      if (factor !== 1) this.controls.zoom(factor);
    };
    host.addEventListener("wheel", this.onWheel, { passive: false });
  }

  // ---- the surface

  async setStage(Plotly, stage, theme, name) {
    if (stage !== this.stage) {
      this.terrain = decodeHeightField(stage);
      const sights = [this.handle.start, ...stage.minima].filter(Boolean).map((place) => [...place, this.terrain.heightAt(...place)]);
      this.controls.chooseInitialView((eye) => this.terrain.scoreViewpoint(cameraToData(eye, this.terrain), sights));
    }
    Object.assign(this, { stage, theme, view: stage.box });
    this.drapedRuns = null;
    if (await this.plotlySurface.show(Plotly, stage, theme, name, this.terrain)) this.reproject();
  }

  zoom(factor) {
    this.controls.zoom(factor);
  }

  reset() {
    this.controls.reset();
  }

  // Also called when it is shown again, since it keeps its size while hidden.
  async resize() {
    if (await this.plotlySurface.resize(this.layers.ratio)) this.reproject();
  }

  // Release what drawing takes; the camera stays.
  releaseContext() {
    this.plotlySurface.releaseContext();
  }

  get isEmpty() {
    return this.plotlySurface.isEmpty;
  }

  // ---- from data to pixels and back

  // After new runs, a moved camera, or a new size.
  reproject() {
    if (!this.plotlySurface.matrices) return;
    this.drawStaticLayers();
    this.placeHandle();
    this.redraw();
  }

  // Draw what no moment changes, and work out where everything else goes.
  drawStaticLayers() {
    const { terrain } = this;
    const { matrices } = this.plotlySurface;
    this.layers.fit();
    const { width, height } = this.layers;
    this.smallFont = getSmallFont(this.host);
    this.drawingScale = getDrawingScale(this.host);
    this.frame = { left: 0, top: 0, right: width, bottom: height, font: this.smallFont };
    this.cameraProjection = new CameraProjection(...matrices, width, height);
    this.surfaceProjection = new SurfaceProjection(this.cameraProjection, terrain);
    this.iteratePixels = null;
    if (this.drapedRuns !== this.runs) {
      this.drapedRuns = this.runs;
      this.drapedPaths = this.runs.map(({ columns }) => terrain.drape(columns.x, columns.y));
    }
    this.paths = this.runs.map(({ style }, i) => {
      const { pixels, times } = projectVisiblePath(this.drapedPaths[i], this.cameraProjection, terrain);
      return { times, trail: new Trail(pixels, { ...style, halo: this.theme.ground, width: 2.3, scale: this.drawingScale }) };
    });
    this.drawGhosts();
    this.drawnSteps = [];
    this.minimaBoxes = drawMinima(this.layers.stars, this.surfaceProjection, this.stage.minima, this);
  }

  // The edge of the surface, and the paths ahead, faintly.
  drawGhosts() {
    this.layers.clear("ghost");
    drawSurfaceEdge(this.layers.ghost, this.surfaceProjection, this.theme, this.frame);
    this.paths.forEach(({ trail }, i) => trail.drawGhost(this.layers.ghost, this.frame, this.findLastKnownVertex(i)));
  }

  // The last vertex of a path that may be seen ahead of its head.
  findLastKnownVertex(i) {
    return this.known ? findLastVertex(this.paths[i].times, this.known[i]) : this.paths[i].trail.last;
  }

  // The point of the surface at an event, or null.
  dataAt(event) {
    return this.surfaceProjection && this.surfaceProjection.dataAt(...this.pixelAt(event));
  }

  pixelAt(event) {
    const box = this.host.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  onClick(event) {
    const place = this.dataAt(event);
    if (place) this.handle.moveStart(...place);
  }

  // The minima in sight, as in `ContourView`.
  get stars() {
    if (!this.surfaceProjection) return [];
    return this.stage.minima.map((place) => ({ ...this.surfaceProjection.projectPoint(...place), place })).filter(({ outside, visible }) => visible && !outside);
  }

  placeHandle() {
    if (!this.surfaceProjection || !this.handle.start) return;
    const place = this.surfaceProjection.projectPoint(...this.handle.start);
    const away = place.outside && formatNumber(distanceToView(...this.handle.start, this.view), 2);
    this.handle.moveTo(place, this.frame, away, [...this.paths.map(({ trail }) => trail.pixels), listBoxPixels(this.minimaBoxes)]);
    this.handle.element.classList.toggle("descent-behind", !place.visible && !place.outside);
  }

  // ---- what is drawn over the surface

  // As `ContourView.draw`; hidden parts of arrows are left out.
  draw(runSteps, hovered, arrows) {
    if (!this.surfaceProjection) return null;
    if (runSteps.some((place, i) => place < (this.drawnSteps[i] ?? 0))) {
      this.layers.clear("trail");
      for (const { trail } of this.paths) trail.reset();
    }
    this.drawnSteps = [...runSteps];
    this.layers.clear("heads");
    const context = this.layers.heads;
    this.heads = this.paths.map(({ trail, times }, i) => {
      const at = this.surfaceProjection.projectPoint(...interpolatePoint(this.runs[i].columns, runSteps[i]));
      const k = findLastVertex(times, runSteps[i]);
      trail.drawUntil(this.layers.trail, k, this.frame);
      if (at.visible && !at.outside) trail.drawTip(context, k, at.x, at.y, this.frame);
      return at;
    });
    if (this.paths.some(({ trail, times }, i) => trail.isGhostStale(this.findLastKnownVertex(i), findLastVertex(times, runSteps[i])))) this.drawGhosts();
    this.handle.yieldTo?.(this.heads.flatMap(({ x, y }) => [x, y])); // a picture has no label there
    const arrowScale = arrows?.size ? this.drawArrows(context, runSteps, arrows) : null;
    this.labelPlacer.reset(context, this.smallFont, this.frame, this.theme.ground, [this.handle.labelBox, ...this.minimaBoxes]);
    context.setLineDash([]);
    for (let i = this.heads.length - 1; i >= 0; i--) this.drawHead(context, this.runs[i], this.heads[i], runSteps[i]);
    if (hovered) this.drawHoverMarks(context, hovered);
    context.globalAlpha = 1;
    return arrowScale;
  }

  // Arrows start at the iterate itself, not between two.
  drawArrows(context, runSteps, arrows) {
    const { frame, theme, surfaceProjection: sight } = this;
    const ks = this.runs.map((run, i) => Math.min(run.length - 1, wholeStep(runSteps[i])));
    return drawArrows(context, this.runs, ks, { frame, theme, size: this.drawingScale, scale: sight.pixelsPerUnit, trace: (points) => sight.projectLine(points) }, arrows);
  }

  drawHoverMarks(context, hovered) {
    this.runs.forEach(({ columns, length, style }, i) => {
      const k = Math.min(length - 1, Math.round(hovered[i]));
      const at = this.surfaceProjection.projectPoint(columns.x[k], columns.y[k]);
      context.globalAlpha = at.visible ? 1 : HIDDEN_OPACITY;
      if (!at.outside) drawRing(context, at.x, at.y, style.colour, this.theme.ground, 6, this.drawingScale);
    });
  }

  // The run and the step whose point is nearest to the pointer, if one is near and no hill hides it.
  findNearest(event) {
    if (!this.surfaceProjection) return null;
    this.iteratePixels ??= this.runs.map(({ columns }) => this.surfaceProjection.projectPoints(columns.x, columns.y));
    return findNearestVertex(this.iteratePixels, ...this.pixelAt(event), (run, k) => {
      const { x, y } = this.runs[run].columns;
      return k <= findLastKnown(this.runs[run], this.known?.[run]) && this.surfaceProjection.projectPoint(x[k], y[k]).visible;
    });
  }

  drawHead(context, run, at, position) {
    const { drawingScale: scale } = this;
    const { colour, marker } = run.style;
    const end = run.length - 1;
    const words = describeFailure(run, end, position, this.labels);
    context.globalAlpha = at.visible || at.outside ? 1 : HIDDEN_OPACITY;
    if (!at.outside) {
      if (words) drawCross(context, at.x, at.y, colour, this.theme.ground, scale);
      else drawMarker(context, at.x, at.y, marker, colour, this.theme.ground, HEAD_RADIUS * scale);
      if (words) this.labelPlacer.placeFirst(at.x, at.y, [words, run.name], colour);
      return;
    }
    drawEdgeArrow(context, at.x, at.y, at.angle, colour, this.theme.ground, scale);
    const distance = distanceOfIterate(run, position, this.view);
    this.labelPlacer.placeFirst(at.x, at.y, listOutsideTexts(run, words, distance, this.labels), colour);
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

  // The surface drawn once more where nobody sees it, `ratio` pixels for each of the screen's. `use(matrices, canvas)`
  // is called while it is there; then its context is given back.
  async renderOffscreen(ratio, use) {
    const { camera } = this.controls;
    const host = this.host.parentElement.appendChild(createElement("div", "descent-unseen-view"));
    host.setAttribute("aria-hidden", "true");
    Object.assign(host.style, { width: `${this.layers.width}px`, height: `${this.layers.height}px` });
    const surface = new PlotlySurface(host, this.labels, { camera: () => camera, drawn: () => {}, failed: () => {} });
    surface.pixelRatio = ratio;
    try {
      const { stage, theme, terrain, Plotly, name } = this.plotlySurface;
      if (!(await surface.show(Plotly, stage, theme, name, terrain))) throw new Error("there is no WebGL for another picture");
      surface.glplot.redraw(); // what is drawn can be read until this task is over
      return use(surface.matrices, surface.scene.glplot.canvas);
    } finally {
      surface.remove();
      host.remove();
    }
  }

  remove() {
    this.observer.disconnect();
    this.host.removeEventListener("wheel", this.onWheel);
    this.plotlySurface.remove();
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
  const [k, part] = splitStep(position, x.length - 1);
  return part ? [x[k] + part * (x[k + 1] - x[k]), y[k] + part * (y[k + 1] - y[k])] : [x[k], y[k]];
}

// The last index whose time is not later than the position.
export function findLastVertex(times, position) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (times[middle] <= position + 1e-9) low = middle;
    else high = middle - 1;
  }
  return low;
}
