// The landscape: Plotly's still contours, canvases with the paths over them, and the start as a handle.

import { StartHandle } from "./start_handle.js";
import { CanvasLayers } from "../draw/canvas_layers.js";
import { Trail, headAt, eraseAfterRewind } from "../draw/path_trail.js";
import { HEAD_RADIUS, drawEdgeArrow, drawCross, drawMarker, drawLabel, drawRing } from "../draw/markers.js";
import { findNearestVertex } from "../draw/hit_test.js";
import { createElement, hasNewSize, observeSize } from "../base/dom.js";
import { addPinchZoom, findWheelFactor } from "../base/pinch.js";
import { drawMinimaOnAxes, makeLandscapeLayout, moveStartByClick, placeStartHandle } from "./plan_view_layout.js";
import { createAxis, distanceOfIterate, findEdgePoint, isInside, projectAll } from "../draw/axes_and_clipping.js";
import { drawArrows } from "../draw/head_vector_drawing.js";
import { fillTemplate, formatCoordinate } from "../base/number_format.js";
import { LabelPlacer, crossRing } from "../draw/label_placement.js";
import { getDrawingScale, getSmallFont } from "../draw/drawing_scale.js";
import { describeFailure, listOutsideTexts } from "../base/run_descriptions.js";
import { findLastKnown } from "../base/spoiler_protection.js";
import { fitToPaths, isSameView, limitZoom, roundInterval } from "./view_fitting.js";

const FIRST_STEPS = 10; // steps of a path that the start's label does not cover
const HINT_MS = 1500; // milliseconds that a hint stays
const SETTLE_MS = 120; // milliseconds after the last change of the view, before its contours are asked for
const IS_MAC = /^(Mac|iP)/.test(navigator.platform);

export class ContourView {
  // `send(x, y, {held, nudged})` is called with a new start; `redraw()` asks for a frame; `questions` are answered by the
  // server, and `onLevels()` follows other contours.
  constructor(host, labels, send, redraw, questions, onLevels) {
    Object.assign(this, { host, labels, redraw, questions, onLevels });
    this.piece = null; // the landscape in another window than the stage's
    this.givenWindow = null; // a part of the landscape that is to be shown at first
    this.fitsPaths = true; // a view that holds a path tells where it goes
    this.runs = [];
    this.trails = [];
    this.known = null; // how far each path may be seen ahead of its head: see `spoiler_protection.js`
    this.plot = host.appendChild(createElement("div", "descent-plot"));
    this.plot.setAttribute("role", "img");
    this.layers = new CanvasLayers(host, ["unknown", "ghost", "trail", "stars", "heads"]);
    this.handle = new StartHandle(host, labels, send, this);
    this.labelPlacer = new LabelPlacer();
    this.hint = host.appendChild(createElement("p", "descent-hint"));
    Object.assign(this.hint, { hidden: true, ariaHidden: "true", textContent: fillTemplate(labels.wheel, { key: IS_MAC ? "⌘" : "Ctrl" }) });
    this.addListeners();
  }

  addListeners() {
    this.observer = observeSize(this.host, () => this.resize());
    this.onWheel = (event) => {
      if (!this.toX) return;
      if (!(event.ctrlKey || event.metaKey)) return this.showZoomHint();
      this.hint.hidden = true;
      event.preventDefault();
      this.zoom(findWheelFactor(event), ...this.dataAt(event));
    };
    this.host.addEventListener("wheel", this.onWheel, { passive: false });
    addPinchZoom(this.host, this.plot, (factor, view) => this.limitZoom(factor, view));
    this.host.addEventListener("pointerdown", () => (this.isPressed = true), true);
    this.onRelease = () => {
      this.isPressed = false;
      if (this.heldPiece) setTimeout(() => this.heldPiece && this.showPiece(this.heldPiece)); // after Plotly's end of a drag
    };
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, this.onRelease, true);
  }

  // The wheel alone scrolls the page; the hint says how to zoom.
  showZoomHint() {
    this.hint.hidden = false;
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => (this.hint.hidden = true), HINT_MS);
  }

  // The point of the surface at an event, null before the landscape is drawn.
  dataAt(event) {
    if (!this.toX) return null;
    const box = this.host.getBoundingClientRect();
    return [this.toX.inverse(event.clientX - box.left), this.toY.inverse(event.clientY - box.top)];
  }

  // The stage and the theme; the view stays where the visitor put it while the box is the same.
  async setStage(Plotly, stage, theme, name) {
    const isOtherBox = JSON.stringify(stage.box) !== JSON.stringify(this.box);
    if (stage.surface !== this.stage?.surface) this.piece = this.heldPiece = null;
    Object.assign(this, { Plotly, stage, theme, themeName: name, box: stage.box });
    if (isOtherBox) this.fitView();
    await this.drawContours();
    if (!this.isListening) {
      this.isListening = true;
      this.plot.on("plotly_relayouting", (change) => this.onRelayout(change));
      this.plot.on("plotly_relayout", (change) => {
        this.onRelayout(change);
        this.requestPiece();
      });
      moveStartByClick(this.plot, this.handle, (event) => this.dataAt(event));
    }
    this.requestPiece(0);
    this.reproject();
  }

  async drawContours() {
    const { stage, theme, themeName } = this;
    const [contour] = this.shownLandscape.figure.data;
    const data = [{ ...contour, ...stage.themes[themeName], line: { ...contour.line, color: theme.lines } }];
    this.onLevels();
    const { box } = this.shownLandscape;
    await this.Plotly.react(this.plot, data, this.layout(), { displayModeBar: false, doubleClick: false, responsive: false });
    this.drawnWindow = box;
  }

  // ---- the part of the landscape that is seen

  get shownLandscape() {
    return this.piece ?? this.stage;
  }

  // The view of the scene: the box, and what of the paths lies not far from it, if that can be computed and may be told.
  fitView() {
    this.home = this.fitsPaths && this.questions.isExpectedToAnswer() ? fitToPaths(this.box, this.runs) : this.box;
    this.view = this.home.map((interval, i) => [...(this.givenWindow?.[i] ?? interval)]);
    this.givenWindow = null;
  }

  // The visitor's window, rounded to visible digits; null for both axes if it is the view of the scene.
  get chosenWindow() {
    const isWhole = this.home ? isSameView(this.view, this.home) : !this.givenWindow;
    const [x, y] = isWhole ? [null, null] : this.home ? this.view.map(roundInterval) : this.givenWindow;
    return { x, y };
  }

  // As a link says, or a scene that is opened; null: the view of the scene.
  chooseWindow(x, y) {
    if (!this.home) return (this.givenWindow = x || y ? [x, y] : null); // until there is a stage
    const window = [x ?? this.home[0], y ?? this.home[1]];
    if (!isSameView(this.view, window)) this.setView(window.map((interval) => [...interval]));
  }

  // Other runs than before, of another scene or after they have waited: show them whole, but not while the visitor looks
  // at a part of the same scene.
  openScene(isOther) {
    if (!this.isListening || !this.box || (!isOther && !isSameView(this.view, this.home))) return;
    const before = this.view;
    this.fitView();
    if (!isSameView(this.view, before)) this.setView(this.view);
  }

  // The contours of the view, once it has settled; the old ones stay until they come.
  requestPiece(delay = SETTLE_MS) {
    clearTimeout(this.settleTimer);
    this.heldPiece = null;
    this.questions.cancel("window");
    this.isPieceAwaited = !isSameView(this.view, this.shownLandscape.box) && this.questions.isExpectedToAnswer();
    if (this.isPieceAwaited) this.settleTimer = setTimeout(() => this.askForPiece(), delay);
  }

  // There is a connection to the server again: what it could not be asked, or has not answered, is asked now.
  reconnect() {
    if (this.isListening && !this.isPieceAwaited && !this.heldPiece) this.requestPiece(0);
  }

  askForPiece() {
    if (isSameView(this.view, this.box)) return this.showPiece(null);
    this.questions.ask("window", this.view, (piece) => {
      this.isPieceAwaited = false;
      if (!piece) return this.reproject();
      if (this.isPressed) this.heldPiece = piece; // a plot that is drawn anew would end a drag
      else this.showPiece(piece);
    });
  }

  async showPiece(piece) {
    this.piece = piece;
    this.heldPiece = null;
    this.isPieceAwaited = false;
    await this.drawContours();
    this.reproject();
  }

  layout() {
    const layout = makeLandscapeLayout(this.host, this.theme, this.view);
    this.margin = layout.margin;
    this.plottedSize = { width: this.host.clientWidth, height: this.host.clientHeight };
    return { ...this.plottedSize, ...layout };
  }

  // The view that Plotly shows now, from its event or its axes.
  onRelayout(change) {
    this.view = ["xaxis", "yaxis"].map((name, i) => {
      const range = [0, 1].map((end) => change[`${name}.range[${end}]`] ?? change[`${name}.range`]?.[end]);
      return range.every(Number.isFinite) ? range : change[`${name}.autorange`] ? [...this.box[i]] : this.view[i];
    });
    this.reproject();
  }

  zoom(factor, x = midpoint(this.view[0]), y = midpoint(this.view[1])) {
    const around = [x, y];
    const allowed = this.limitZoom(factor, this.view);
    if (allowed !== 1) this.setView(this.view.map((interval, i) => interval.map((end) => around[i] + allowed * (end - around[i]))));
  }

  // How much wider a view may become: the server computes no other landscape.
  limitZoom(factor, view) {
    return limitZoom(factor, view, this.box, this.stage.window_limits);
  }

  reset() {
    this.setView(this.home.map((interval) => [...interval]));
  }

  setView(view) {
    if (!this.isListening) return;
    this.Plotly.relayout(this.plot, { "xaxis.range": view[0], "yaxis.range": view[1] });
  }

  resize() {
    if (!this.isListening) return;
    if (hasNewSize(this.host, this.plottedSize)) this.Plotly.relayout(this.plot, this.layout());
    else if (hasNewSize(this.host, this.layers)) this.reproject(); // on a screen with another pixel ratio
  }

  // After new runs, a new view, or a new size.
  reproject() {
    if (!this.view || !this.theme) return;
    this.plot.setAttribute("aria-label", describePicture(this.labels.picture, this.surfaceName, this.view));
    this.drawStaticLayers();
    this.placeHandle();
    this.redraw();
  }

  // Draw what no moment changes, and work out where everything else goes.
  drawStaticLayers() {
    this.layers.fit();
    this.smallFont = getSmallFont(this.host);
    this.drawingScale = getDrawingScale(this.host);
    const { l, r, t, b } = this.margin;
    this.frame = { left: l, top: t, right: this.layers.width - r, bottom: this.layers.height - b, font: this.smallFont };
    this.toX = createAxis(...this.view[0], this.frame.left, this.frame.right);
    this.toY = createAxis(...this.view[1], this.frame.bottom, this.frame.top);
    this.trails = this.runs.map(({ columns, style }) => {
      const pixels = projectAll(columns.x, columns.y, this.toX, this.toY);
      return new Trail(pixels, { ...style, halo: this.theme.ground, width: 2.3, scale: this.drawingScale });
    });
    this.drawGhosts();
    this.hatchOutside();
    this.drawMinima();
  }

  // The paths ahead, faintly.
  drawGhosts() {
    this.layers.clear("ghost");
    this.trails.forEach((trail, i) => trail.drawGhost(this.layers.ghost, this.frame, findLastKnown(this.runs[i], this.known?.[i])));
  }

  // Hatch the region outside of the computed landscape: a colour there would say that the surface is low or high.
  hatchOutside() {
    if (this.isPieceAwaited) return;
    const { left, right, top, bottom } = this.frame;
    const [[xl, xh], [yl, yh]] = this.shownLandscape.box;
    const box = { left: this.toX(xl), right: this.toX(xh), top: this.toY(yh), bottom: this.toY(yl) };
    if (box.left < left + 1 && box.right > right - 1 && box.top < top + 1 && box.bottom > bottom - 1) return;
    const context = this.layers.unknown;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.fillStyle = this.theme.ground;
    context.fill("evenodd");
    context.save();
    context.clip("evenodd");
    drawHatching(context, this.frame, this.theme.hairline);
    context.restore();
    context.strokeStyle = this.theme.muted;
    context.lineWidth = 1;
    context.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.restore();
    const line = 1.3 * parseFloat(this.smallFont);
    const above = box.top - top > 1.5 * line;
    const x = Math.max(left, box.left) + 6;
    if (box.left < right && (above || bottom - box.bottom > 1.5 * line))
      drawLabel(context, x, above ? Math.min(box.top, bottom) - line : Math.max(box.bottom, top) + line, this.labels.unknown, this.theme.muted, this.theme.ground, this.smallFont);
  }

  drawMinima() {
    const { start } = this.handle;
    const paths = [...this.trails.map(({ pixels }) => pixels), ...(start ? [crossRing({ x: this.toX(start[0]), y: this.toY(start[1]) })] : [])];
    this.minimaBoxes = drawMinimaOnAxes(this.layers.stars, this.stage.minima, this.view, { ...this, font: this.smallFont, label: this.labels.minimum, paths });
  }

  // The minima in sight, {x, y, place} in pixels and in data.
  get stars() {
    if (!this.toX) return [];
    return this.stage.minima.map((place) => ({ x: this.toX(place[0]), y: this.toY(place[1]), place })).filter(({ x, y }) => isInside(x, y, this.frame));
  }

  placeHandle() {
    const beginnings = this.trails.map(({ pixels }) => pixels.subarray(2, 2 * (FIRST_STEPS + 1)));
    if (this.toX && this.handle.start) placeStartHandle(this.handle, this.view, this, this.minimaBoxes, beginnings);
  }

  // Draw a frame with the runs at `runSteps`: extend the paths, or redraw them after going back. `hovered`: the step of each
  // run that the visitor points at; `arrows`: the names of those that are on. Returns the scale of the arrows, if there are any.
  draw(runSteps, hovered, arrows) {
    if (!this.toX) return null;
    eraseAfterRewind(this.layers, this.trails, runSteps);
    this.layers.clear("heads");
    const context = this.layers.heads;
    const heads = this.trails.map((trail, i) => headAt(trail.pixels, runSteps[i]));
    if (this.trails.some((trail, i) => trail.isGhostStale(findLastKnown(this.runs[i], this.known?.[i]), heads[i].k))) this.drawGhosts();
    this.trails.forEach((trail, i) => {
      trail.drawUntil(this.layers.trail, heads[i].k, this.frame);
      trail.drawTip(context, heads[i].k, heads[i].x, heads[i].y, this.frame);
    });
    this.handle.yieldTo?.(heads.flatMap(({ x, y }) => [x, y])); // a picture has no label there
    const arrowScale = arrows?.size ? this.drawArrows(context, heads, arrows) : null;
    this.labelPlacer.reset(context, this.smallFont, this.frame, this.theme.ground, [this.handle.labelBox, ...this.minimaBoxes]);
    context.setLineDash([]);
    for (let i = heads.length - 1; i >= 0; i--) this.drawHead(context, this.runs[i], this.trails[i], heads[i], runSteps[i]);
    if (hovered) this.drawHoverMarks(context, hovered);
    this.heads = heads;
    return arrowScale;
  }

  // Arrows start at the iterate itself, not between two.
  drawArrows(context, heads, arrows) {
    const { frame, theme, toX, toY } = this;
    const trace = (points) => projectAll(points.map(([x]) => x), points.map(([, y]) => y), toX, toY);
    return drawArrows(context, this.runs, heads.map(({ k }) => k), { frame, theme, size: this.drawingScale, scale: [toX.scale, toY.scale], trace }, arrows);
  }

  drawHoverMarks(context, hovered) {
    this.trails.forEach((trail, i) => {
      const { x, y } = headAt(trail.pixels, Math.round(hovered[i]));
      if (isInside(x, y, this.frame)) drawRing(context, x, y, trail.style.colour, this.theme.ground, 6, this.drawingScale);
    });
  }

  // The run and the step whose point is nearest to the pointer, if one is near.
  findNearest(event) {
    const box = this.host.getBoundingClientRect();
    const isKnown = (run, k) => k <= findLastKnown(this.runs[run], this.known?.[run]);
    return findNearestVertex(this.trails.map(({ pixels }) => pixels), event.clientX - box.left, event.clientY - box.top, isKnown);
  }

  drawHead(context, run, trail, { x, y }, position) {
    const { colour, marker } = trail.style;
    const { drawingScale: scale } = this;
    const words = describeFailure(run, trail.last, position, this.labels);
    if (isInside(x, y, this.frame)) {
      if (words) drawCross(context, x, y, colour, this.theme.ground, scale);
      else drawMarker(context, x, y, marker, colour, this.theme.ground, HEAD_RADIUS * scale);
      if (words) this.labelPlacer.placeFirst(x, y, [words, run.name], colour);
      return;
    }
    const at = findEdgePoint(x, y, this.frame, 12 * scale);
    drawEdgeArrow(context, at.x, at.y, at.angle, colour, this.theme.ground, scale);
    const distance = distanceOfIterate(run, position, this.view);
    this.labelPlacer.placeFirst(at.x, at.y, listOutsideTexts(run, words, distance, this.labels), colour);
  }

  // Centres of the heads in page pixels, for tests.
  headPixels() {
    const box = this.host.getBoundingClientRect();
    return (this.heads ?? []).map(({ x, y }) => [box.left + x, box.top + y]);
  }

  // Where a point of the surface is, in page pixels, by Plotly's own axes.
  pixelOf(x, y) {
    const box = this.host.getBoundingClientRect();
    const { xaxis, yaxis } = this.plot._fullLayout;
    return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)];
  }

  remove() {
    this.observer.disconnect();
    clearTimeout(this.hintTimer);
    clearTimeout(this.settleTimer);
    for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, this.onRelease, true);
    this.host.removeEventListener("wheel", this.onWheel);
    if (this.isListening) this.Plotly.purge(this.plot);
  }
}

// The picture in words: what it shows, and between which values.
function describePicture(template, surface, view) {
  const [[left, right], [bottom, top]] = view.map(([low, high]) => [low, high].map((end) => formatCoordinate(end, high - low)));
  return fillTemplate(template, { surface, left, right, bottom, top });
}

// Thin slanting lines.
function drawHatching(context, { left, right, top, bottom }, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = left - (bottom - top); x < right; x += 8) {
    context.moveTo(x, bottom);
    context.lineTo(x + bottom - top, top);
  }
  context.stroke();
}

const midpoint = ([low, high]) => (low + high) / 2;
