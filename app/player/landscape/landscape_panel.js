// The landscape as contours or in space: one of the two is shown, both keep their own zoom and camera.

import { ARROW_COLUMNS } from "../draw/head_vector_geometry.js";
import { hasWebGL } from "./plotly_webgl_scene.js";
import { ContourView } from "./contour_view.js";
import { createElement, createSegments, createSwitchMenu, createZoomButtons, pressSegment } from "../base/dom.js";
import { SurfaceView } from "./surface_view.js";
import { fillTemplate } from "../base/number_format.js";
import { VisibilityObserver } from "../base/visibility_observer.js";
import { MinimumNavigator, findStarAt } from "./minima_keyboard_navigation.js";
import { ValueReadout } from "./value_readout.js";

const RELEASE_DELAY_MS = 10000; // milliseconds after which a hidden view in space releases its WebGL context

export class LandscapePanel {
  // `choices`: what a view may be, by its parts. `onStartMove` takes a new start, `onHover(run, k, event)` a point of a
  // path that is pointed at, `onChange()` follows another choice of arrows, `redraw()` asks for a frame,
  // `questions` are answered by the server.
  constructor(host, labels, choices, { onStartMove, onHover, onChange, redraw, questions }) {
    Object.assign(this, { labels, choices, redraw, questions });
    this.onStartMove = (x, y, how) => {
      onStartMove(x, y, how);
      if (how.nudged) this.readout.show([x, y]);
    };
    [this.mode] = choices.mode;
    this.stageVersion = 0; // of the stage
    this.isFixed = false; // the start cannot be moved
    this.keptCamera = null; // `chosenCamera` of the panel before this one, until there is a view in space
    this.activeArrows = new Set();
    this.bar = host.appendChild(createElement("div", "descent-bar"));
    this.levelsNote = this.bar.appendChild(createElement("span", "descent-quiet descent-levels"));
    const tools = this.bar.appendChild(createElement("div", "descent-tools"));
    this.arrowMenu = createSwitchMenu(tools, labels.arrows, choices.arrows.map((name) => [name, labels[`arrow_${name}`]]), (names) => {
      this.activeArrows = names;
      onChange();
      redraw();
    });
    this.modeButtons = createSegments(tools, labels.view, choices.mode.map((name) => [name, labels[name]]), (name) => this.setMode(name));
    const zoom = tools.appendChild(createElement("div", "descent-segments"));
    this.viewBox = host.appendChild(createElement("div", "descent-landscape"));
    this.viewBox.setAttribute("role", "group");
    this.viewBox.setAttribute("aria-label", labels.landscape);
    this.sight = new VisibilityObserver(this.viewBox, redraw);
    this.contourView = this.createView(ContourView, questions, () => this.updateLevelsNote());
    zoom.append(...createZoomButtons(labels, 1.5, () => this.activeView));
    this.readout = new ValueReadout(this.viewBox, labels, questions, {
      findPlace: (event) => this.findPlace(event),
      findStar: (event) => this.findStar(event),
      getWidths: () => this.viewWidths,
    });
    this.minimumFocus = new MinimumNavigator(this.viewBox, labels, {
      getStars: () => this.activeView.stars,
      getWidths: () => this.viewWidths,
      onFocus: (place, name) => place && this.readout.show(place, { name }),
    });
    this.viewBox.addEventListener("focusin", ({ target }) => target.matches(".descent-start:focus-visible") && this.readout.show(this.activeView.handle.start));
    this.viewBox.addEventListener("focusout", () => this.readout.hide());
    this.arrowScaleNote = this.viewBox.appendChild(createElement("p", "descent-scale"));
    this.notice = host.appendChild(createElement("div", "descent-notice"));
    this.notice.setAttribute("role", "status");
    this.viewBox.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") return;
      const nearest = event.buttons ? null : this.activeView.findNearest(event); // while the view is turned everything moves
      if (nearest) onHover(nearest.run, nearest.k, event);
      else onHover(null);
    });
    this.viewBox.addEventListener("pointerleave", () => onHover(null));
    this.updateModeButtons();
    (window.requestIdleCallback ?? setTimeout)(() => this.isRemoved || this.surfaceView || this.checkWebGL());
  }

  createView(Kind, ...rest) {
    const view = new Kind(this.viewBox.appendChild(createElement("div", "descent-view")), this.labels, (...move) => this.onStartMove(...move), this.redraw, ...rest);
    view.handle.ignoresClicks = () => this.readout.isAfterLongPress;
    return view;
  }

  createSurfaceView() {
    const view = this.createView(SurfaceView, () => this.onSurfaceFailed());
    view.controls.restore(this.keptCamera);
    return view;
  }

  // Where the visitor has turned the view in space to, null if it is the first one.
  get chosenCamera() {
    return this.surfaceView ? this.surfaceView.controls.chosenView : this.keptCamera;
  }

  // The point of the landscape at an event, null beside it.
  findPlace(event) {
    const place = this.activeView.dataAt(event);
    return place && this.activeView.view?.every(([low, high], i) => place[i] >= low && place[i] <= high) ? place : null;
  }

  // The minimum at an event, with its name.
  findStar({ clientX, clientY }) {
    const { left, top } = this.viewBox.getBoundingClientRect();
    const star = findStarAt(this.activeView.stars, clientX - left, clientY - top);
    return star && { ...star, name: this.minimumFocus.name(star.place) };
  }

  get viewWidths() {
    return this.activeView.view.map(([low, high]) => high - low);
  }

  updateLevelsNote() {
    const { scale } = this.mode === "contour" ? this.contourView.shownLandscape : this.shownContent[2];
    this.levelsNote.textContent = this.labels[`levels_${scale}`] ?? "";
  }

  // Whether there is WebGL; without it the button is disabled, and says why when it is pressed.
  checkWebGL() {
    const isAvailable = hasWebGL();
    this.modeButtons.space.setAttribute("aria-disabled", !isAvailable);
    this.modeButtons.space.title = isAvailable ? "" : this.labels.no_space;
    return isAvailable;
  }

  // The view in space cannot be drawn any more: show the contours.
  onSurfaceFailed() {
    this.setMode("contour");
    this.notice.textContent = this.labels.lost_space;
  }

  get activeView() {
    return this.mode === "space" ? this.surfaceView : this.contourView;
  }

  // Those that are on, in their order.
  get orderedArrows() {
    return this.choices.arrows.filter((name) => this.activeArrows.has(name));
  }

  // The columns of the runs that are needed to draw the arrows.
  get neededColumns() {
    return [...this.activeArrows].flatMap((name) => ARROW_COLUMNS[name]);
  }

  // The view in space is made when it is first needed, and released after a while out of sight; its camera is kept.
  async setMode(mode) {
    this.notice.textContent = "";
    if (mode === this.mode) return;
    if (mode === "space" && (!this.surfaceView || this.surfaceView.isEmpty) && !this.checkWebGL()) {
      this.notice.textContent = this.labels.no_space;
      return;
    }
    const before = this.activeView;
    this.surfaceView ??= this.createSurfaceView();
    this.mode = mode;
    this.updateModeButtons();
    clearTimeout(this.releaseTimer);
    if (mode === "space") this.surfaceView.host.classList.add("descent-hidden"); // until it is drawn
    else this.releaseTimer = setTimeout(() => this.surfaceView.releaseContext(), RELEASE_DELAY_MS);
    this.activeView.handle.hasMoved ||= before.handle.hasMoved; // no second hint
    await this.set(...this.shownContent.slice(0, -1), before.known);
    if (this.mode !== mode) return;
    for (const view of [this.contourView, this.surfaceView]) view.host.classList.toggle("descent-hidden", view !== this.activeView);
    this.activeView.resize();
  }

  // As a link or an undo says.
  async applyView({ mode, arrows, x, y }) {
    this.activeArrows = new Set(arrows);
    this.arrowMenu.show(this.activeArrows);
    this.contourView.chooseWindow(x, y);
    await this.setMode(mode);
  }

  updateModeButtons() {
    pressSegment(this.modeButtons, this.mode);
    this.viewBox.dataset.mode = this.mode;
    this.arrowMenu.open = false;
  }

  // Another stage: each view draws it when it is next shown.
  invalidateStage() {
    this.stageVersion += 1;
  }

  // Notes whether the runs that are set next belong to another scene, or whether their paths may be told only now; once
  // they are on the stage that is shown.
  openScene({ opening, landscape, steps, surface }, stage, hidesFuture) {
    this.contourView.surfaceName = surface;
    this.contourView.fitsPaths = !hidesFuture;
    if (landscape !== stage.surface) return;
    const before = this.openedScene;
    const isTold = steps > 0 && !hidesFuture;
    this.openedScene = { opening, isTold };
    this.mustFit = before && (before.opening !== opening ? "other" : !before.isTold && isTold ? "told" : null);
  }

  // `known`: how far each run may be seen, see `spoiler_protection.js`.
  async set(runs, start, stage, theme, name, known) {
    this.shownContent = [runs, start, stage, theme, name, known];
    const view = this.activeView;
    view.known = known;
    this.theme = theme;
    view.runs = runs;
    view.handle.setFixed(this.isFixed);
    const edition = `${this.stageVersion} ${name}`;
    if (!view.handle.isHeld && start) view.handle.receiveStart(start, view.stageVersion === edition);
    if (view.stageVersion !== edition || view.isEmpty) {
      view.stageVersion = edition;
      await view.setStage(window.Plotly, stage, theme, name);
    } else view.reproject();
    if (this.mustFit && view === this.contourView) view.openScene(this.mustFit === "other");
    this.mustFit = null;
    this.updateLevelsNote();
  }

  draw(runSteps, hovered, known) {
    this.activeView.known = known;
    const arrowScale = this.activeView.draw(runSteps, hovered, this.activeArrows);
    this.minimumFocus.update();
    const words = arrowScale ? this.describeArrowScale(arrowScale) : "";
    if (this.arrowScaleNote.textContent !== words) this.arrowScaleNote.textContent = words;
  }

  // The scale of the arrows that are on, and what cannot be drawn.
  describeArrowScale({ factor, saddle }) {
    const { activeArrows: arrows, labels } = this;
    const parts = [];
    if (arrows.has("update") || arrows.has("pull")) parts.push(fillTemplate(labels.arrow_factor, { n: factor === 1 ? "1" : String(factor) }));
    if (arrows.has("slope")) parts.push(labels.arrow_log);
    if (arrows.has("model") && saddle) parts.push(labels.arrow_saddle);
    return parts.join(" · ");
  }

  remove() {
    this.isRemoved = true;
    clearTimeout(this.releaseTimer);
    this.sight.remove();
    this.readout.remove();
    this.contourView.remove();
    this.surfaceView?.remove();
  }
}
