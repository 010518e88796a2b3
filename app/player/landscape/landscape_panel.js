// The landscape as contours or in space: one of the two is shown, both keep their own zoom and camera.

import { ARROW_COLUMNS } from "../draw/head_vector_geometry.js";
import { hasWebGL } from "./plotly_webgl_scene.js";
import { ContourView } from "./contour_view.js";
import { createButton, createElement, createSegments, createSwitchMenu } from "../base/dom.js";
import { SurfaceView } from "./surface_view.js";
import { fillTemplate } from "../base/number_format.js";

const RELEASE_DELAY_MS = 10000; // milliseconds after which a view in space that nobody looks at gives back what it takes

const ZOOM_ICONS = {
  zoom_in: "M10.8 5h2.4v5.8H19v2.4h-5.8V19h-2.4v-5.8H5v-2.4h5.8z",
  zoom_out: "M5 10.8h14v2.4H5z",
  reset: "M5 5h5v2.2H7.2V10H5zM14 5h5v5h-2.2V7.2H14zM5 14h2.2v2.8H10V19H5zM16.8 14H19v5h-5v-2.2h2.8z",
};

export class LandscapePanel {
  // `choices` are those of a view, by its parts. `send` takes a new start, `hover(run, k, event)` a place of a path that is pointed at, `changed()` follows another
  // choice of arrows, `redraw()` asks for a frame.
  constructor(host, labels, choices, { send: onStartMove, hover, changed, redraw }) {
    Object.assign(this, { labels, choices, send: onStartMove, redraw });
    [this.mode] = choices.mode;
    this.stageVersion = 0; // of the stage
    this.fixed = false; // the start cannot be moved
    this.arrows = new Set();
    const bar = host.appendChild(createElement("div", "descent-bar"));
    this.levels = bar.appendChild(createElement("span", "descent-quiet descent-levels"));
    const tools = bar.appendChild(createElement("div", "descent-tools"));
    this.menu = createSwitchMenu(tools, labels.arrows, choices.arrows.map((name) => [name, labels[`arrow_${name}`]]), (names) => {
      this.arrows = names;
      changed();
      redraw();
    });
    this.modeButtons = createSegments(tools, labels.view, choices.mode.map((name) => [name, labels[name]]), (name) => this.choose(name));
    const zoom = tools.appendChild(createElement("div", "descent-segments"));
    this.viewBox = host.appendChild(createElement("div", "descent-landscape"));
    this.viewBox.setAttribute("role", "group");
    this.viewBox.setAttribute("aria-label", labels.landscape);
    this.landscape = this.createView(ContourView);
    for (const [name, act] of [["zoom_in", () => this.shown.zoom(1 / 1.5)], ["zoom_out", () => this.shown.zoom(1.5)], ["reset", () => this.shown.reset()]])
      zoom.append(createButton(labels[name], ZOOM_ICONS[name], act));
    this.scale = this.viewBox.appendChild(createElement("p", "descent-scale"));
    this.notice = host.appendChild(createElement("div", "descent-notice"));
    this.notice.setAttribute("role", "status");
    this.viewBox.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") return;
      const found = event.buttons ? null : this.shown.nearest(event); // while it is turned everything moves away
      if (found) hover(found.run, found.k, event);
      else hover(null);
    });
    this.viewBox.addEventListener("pointerleave", () => hover(null));
    this.mark();
    (window.requestIdleCallback ?? setTimeout)(() => this.isRemoved || this.space || this.find());
  }

  createView(Kind) {
    return new Kind(this.viewBox.appendChild(createElement("div", "descent-view")), this.labels, this.send, this.redraw, () => this.onSurfaceFailed());
  }

  // Whether there is WebGL; where there is none the choice is shown as none, and says why when it is pressed.
  find() {
    const found = hasWebGL();
    this.modeButtons.space.setAttribute("aria-disabled", !found);
    this.modeButtons.space.title = found ? "" : this.labels.no_space;
    return found;
  }

  // The view in space cannot be drawn any more: the contours show the same race.
  onSurfaceFailed() {
    this.choose("contour");
    this.notice.textContent = this.labels.lost_space;
  }

  get shown() {
    return this.mode === "space" ? this.space : this.landscape;
  }

  // Those that are on, in their order.
  get orderedArrows() {
    return this.choices.arrows.filter((name) => this.arrows.has(name));
  }

  // What has to be sent to draw the arrows.
  get wanted() {
    return [...this.arrows].flatMap((name) => ARROW_COLUMNS[name]);
  }

  // The scene in space is made when it is first asked for. It is kept as long as the visitor goes to and fro; its camera
  // always.
  async choose(mode) {
    this.notice.textContent = "";
    if (mode === this.mode) return;
    if (mode === "space" && (!this.space || this.space.isEmpty) && !this.find()) {
      this.notice.textContent = this.labels.no_space;
      return;
    }
    const before = this.shown;
    this.space ??= this.createView(SurfaceView);
    this.mode = mode;
    this.mark();
    clearTimeout(this.releaseTimer);
    if (mode === "space") this.space.host.classList.add("descent-hidden"); // until it is drawn
    else this.releaseTimer = setTimeout(() => this.space.rest(), RELEASE_DELAY_MS);
    this.shown.handle.moved ||= before.handle.moved; // who has moved the start once need not be told again
    await this.set(...this.shownContent);
    if (this.mode !== mode) return;
    for (const view of [this.landscape, this.space]) view.host.classList.toggle("descent-hidden", view !== this.shown);
    this.shown.resize();
  }

  // As a link or an undo says.
  async adopt({ mode, arrows }) {
    this.arrows = new Set(arrows);
    this.menu.show(this.arrows);
    await this.choose(mode);
  }

  mark() {
    for (const [name, made] of Object.entries(this.modeButtons)) made.setAttribute("aria-pressed", name === this.mode);
    this.viewBox.dataset.mode = this.mode;
    this.menu.open = false;
  }

  // Another stage: its figure is drawn again in whichever view is shown next.
  invalidateStage() {
    this.stageVersion += 1;
  }

  async set(runs, start, stage, theme, name) {
    this.shownContent = [runs, start, stage, theme, name];
    const view = this.shown;
    this.theme = theme;
    this.levels.textContent = this.labels[`levels_${stage.scale}`] ?? "";
    view.runs = runs;
    view.handle.setFixed(this.fixed);
    if (!view.handle.held && start) view.handle.start = start;
    const edition = `${this.stageVersion} ${name}`;
    if (view.stageVersion !== edition || view.isEmpty) {
      view.stageVersion = edition;
      await view.setStage(window.Plotly, stage, theme, name);
    } else view.project();
  }

  draw(runSteps, hovered) {
    const said = this.shown.draw(runSteps, hovered, this.arrows);
    const words = said ? this.words(said) : "";
    if (this.scale.textContent !== words) this.scale.textContent = words;
  }

  // The scale of the arrows that are on, and what cannot be drawn.
  words({ factor, saddle }) {
    const { arrows, labels } = this;
    const parts = [];
    if (arrows.has("update") || arrows.has("pull")) parts.push(fillTemplate(labels.arrow_factor, { n: factor === 1 ? "1" : String(factor) }));
    if (arrows.has("slope")) parts.push(labels.arrow_log);
    if (arrows.has("model") && saddle) parts.push(labels.arrow_saddle);
    return parts.join(" · ");
  }

  remove() {
    this.isRemoved = true;
    clearTimeout(this.releaseTimer);
    this.landscape.remove();
    this.space?.remove();
  }
}
