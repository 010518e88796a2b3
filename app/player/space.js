// The landscape in space: Plotly draws the surface, canvases over it the paths, as far as the surface hides nothing.
// So a frame of playback asks nothing of WebGL; only a turned camera, a new surface or a new size does.

import { Handle } from "./handle.js";
import { Layers, Trail } from "./layers.js";
import { Lens } from "./lens.js";
import { arrow, cross, head, label, star } from "./marks.js";
import { Orbit } from "./orbit.js";
import { distance } from "./projection.js";
import { Terrain } from "./terrain.js";
import { figure, fill, linearTicks, raised } from "./ticks.js";
import { Words, ending, nameOf, smallFont } from "./words.js";

const NEAR = 0.5; // pixels: vertices closer than this to the one before are left out
const BEHIND = 0.3; // opacity of a mark that a hill hides
const HEIGHT = 0.6; // of the box, in widths

// Whether this browser can draw in space; what is made to find out is given back.
export function canDraw() {
  const gl = document.createElement("canvas").getContext("webgl");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(gl);
}

export class Space {
  // As Landscape: `send(x, y, {held, nudged})` is called with a new start; `redraw()` asks for a frame.
  constructor(host, labels, send, redraw) {
    Object.assign(this, { host, labels, redraw });
    this.runs = [];
    this.paths = [];
    this.plot = host.appendChild(Object.assign(document.createElement("div"), { className: "descent-plot" }));
    this.layers = new Layers(host, ["ghost", "trail", "stars", "heads"]);
    this.orbit = new Orbit(host, labels, () => this.look(), (event) => this.click(event));
    this.handle = new Handle(host, labels, send, this);
    this.words = new Words();
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.wheel = (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.orbit.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
    };
    host.addEventListener("wheel", this.wheel, { passive: false });
  }

  // ---- the scene, drawn by Plotly

  async setStage(Plotly, stage, theme, name) {
    if (stage !== this.stage) {
      this.terrain = terrainOf(stage);
      const sights = [this.handle.start, ...stage.minima].filter(Boolean).map((place) => [...place, this.terrain.height(...place)]);
      this.orbit.settle((eye) => this.terrain.shown(inData(eye, this.terrain), sights));
    }
    Object.assign(this, { Plotly, stage, theme, view: stage.box });
    this.surface = surfaceOf(stage, name, theme, this.terrain);
    await this.plotAgain();
    if (this.removed) return this.release();
    this.follow();
  }

  plotAgain() {
    const config = { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false };
    for (const trace of Object.values(this.plot._fullLayout?.scene?._scene.traces ?? {})) delete trace.setContourLevels;
    config.plotGlPixelRatio = Math.min(2, Math.max(1, window.devicePixelRatio || 1));
    return this.Plotly.react(this.plot, [this.surface], this.layout(), config);
  }

  // Every picture that WebGL draws comes with its camera: the paths are drawn again in the same frame.
  follow() {
    const { _scene: scene } = this.plot._fullLayout.scene;
    for (const trace of Object.values(scene.traces)) trace.setContourLevels = null; // not found anew in every picture
    if (this.glplot !== scene.glplot) {
      this.glplot = scene.glplot;
      const render = scene.glplot.onrender;
      scene.glplot.onrender = () => {
        render();
        this.project();
      };
    }
    this.pathsOf = null;
    this.project();
  }

  layout() {
    const style = getComputedStyle(this.host);
    const size = parseFloat(style.fontSize);
    const font = { family: style.fontFamily, size: 0.86 * size, color: this.theme.muted };
    const axis = {
      color: this.theme.muted,
      gridcolor: this.theme.hairline,
      linecolor: this.theme.hairline,
      showbackground: false,
      showspikes: false,
      zeroline: false,
      ticks: "",
      tickfont: font,
    };
    const ground = (title, [low, high]) => ({ ...axis, title: { text: title, font }, range: [low, high], ...ticked(linearTicks(low, high, 5)) });
    const { low, high } = this.terrain;
    const { words, ticks } = heightAxis(this.stage, low, high, this.labels);
    return {
      width: this.host.clientWidth,
      height: this.host.clientHeight,
      margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      font,
      showlegend: false,
      hovermode: false,
      scene: {
        aspectmode: "manual",
        aspectratio: { x: 1, y: 1, z: HEIGHT },
        bgcolor: "rgba(0,0,0,0)",
        camera: this.orbit.camera,
        dragmode: false,
        hovermode: false,
        xaxis: ground("x", this.view[0]),
        yaxis: ground("y", this.view[1]),
        zaxis: { ...axis, title: { text: words, font }, range: [low, high], ...ticked(ticks) },
      },
    };
  }

  look() {
    if (this.glplot) this.Plotly.relayout(this.plot, { "scene.camera": this.orbit.camera });
  }

  zoom(factor) {
    this.orbit.zoom(factor);
  }

  reset() {
    this.orbit.reset();
  }

  // Also called when it is shown again: while it is hidden it keeps its size.
  async resize() {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!this.glplot || !width || this.hidden) return;
    const { width: before, height: high } = this.plot._fullLayout;
    if (width === before && height === high && this.layers.ratio === window.devicePixelRatio) return;
    await this.plotAgain();
    if (!this.removed) this.follow();
  }

  get hidden() {
    return this.host.classList.contains("descent-hidden");
  }

  // ---- from data to pixels and back

  // All pixels anew: after new runs, a moved camera, a new size.
  project() {
    const { glplot, terrain } = this;
    if (!glplot || !this.theme || this.removed) return;
    const { dataScale } = this.plot._fullLayout.scene._scene;
    this.layers.fit();
    const { width, height } = this.layers;
    this.small = smallFont(this.host);
    this.frame = { left: 0, top: 0, right: width, bottom: height, font: this.small };
    this.lens = new Lens(glplot.cameraParams, dataScale, width, height);
    if (this.pathsOf !== this.runs) {
      this.pathsOf = this.runs;
      this.draped = this.runs.map(({ columns }) => terrain.drape(columns.x, columns.y));
    }
    this.paths = this.runs.map(({ style }, i) => {
      const { pixels, times } = seen(this.draped[i], this.lens, terrain);
      return { times, trail: new Trail(pixels, { ...style, halo: this.theme.ground, width: 2.3 }) };
    });
    this.drawRim();
    for (const { trail } of this.paths) trail.ghost(this.layers.ghost, this.frame);
    this.grown = [];
    this.drawMinima();
    this.placeHandle();
    this.redraw();
  }

  // Where a point (x, y) of the data is: on the surface, at the box's edge if it is outside.
  locate(x, y) {
    const [[left, right], [bottom, top]] = this.view;
    const at = [Math.min(right, Math.max(left, x)), Math.min(top, Math.max(bottom, y))];
    const height = this.terrain.height(...at);
    const point = [...at, Number.isFinite(height) ? height : this.terrain.high];
    const [px, py] = this.lens.pixel(...point);
    const outside = at[0] !== x || at[1] !== y;
    const visible = this.terrain.sees(point, this.lens.line(px, py)[0]);
    if (!outside) return { x: px, y: py, outside, visible, angle: 0 };
    const away = this.lens.pixel(at[0] + 0.1 * Math.sign(x - at[0]) * (right - left), at[1] + 0.1 * Math.sign(y - at[1]) * (top - bottom), point[2]);
    return { x: px, y: py, outside, visible, angle: Math.atan2(away[1] - py, away[0] - px) };
  }

  // The place on the surface that is seen where an event is, or null.
  dataAt(event) {
    const box = this.host.getBoundingClientRect();
    return this.lens && this.terrain.hit(...this.lens.line(event.clientX - box.left, event.clientY - box.top));
  }

  click(event) {
    const place = this.dataAt(event);
    if (place) this.handle.offer(...place);
  }

  placeHandle() {
    if (!this.lens || !this.handle.start) return;
    const place = this.locate(...this.handle.start);
    this.handle.place(place, this.frame, place.outside && figure(distance(...this.handle.start, this.view), 2));
    this.handle.element.classList.toggle("descent-behind", !place.visible && !place.outside);
  }

  // ---- what is drawn over the surface

  // The surface's edge, which a pale plain would not show by itself.
  drawRim() {
    const [[left, right], [bottom, top]] = this.view;
    const rim = this.terrain.drape([left, right, right, left, left], [bottom, bottom, top, top, bottom]);
    const style = { colour: this.theme.ridges, dash: [], width: 1.2 };
    const edge = new Trail(seen(rim, this.lens, this.terrain).pixels, style);
    edge.stroke(this.layers.ghost, 0, edge.last, this.frame, false);
  }

  drawMinima() {
    const { stars } = this.layers;
    const widths = this.view.map(([low, high]) => high - low);
    for (const [x, y] of this.stage.minima) {
      const at = this.locate(x, y);
      if (at.outside) continue;
      stars.globalAlpha = at.visible ? 1 : BEHIND;
      star(stars, at.x, at.y, this.theme.ink, this.theme.ground);
      const words = nameOf(this.stage.minima, x, y, widths, this.labels.minimum);
      stars.font = this.small;
      const left = at.x + 16 + stars.measureText(words).width > this.frame.right;
      if (at.visible) label(stars, at.x + (left ? -14 : 14), at.y, words, this.theme.ink, this.theme.landscape[1], this.small, left ? "right" : "left");
    }
    stars.globalAlpha = 1;
  }

  // What a frame with the runs at `places` adds; going back clears the paths first.
  draw(places) {
    if (!this.lens) return;
    if (places.some((place, i) => place < (this.grown[i] ?? 0))) {
      this.layers.clear("trail");
      for (const { trail } of this.paths) trail.again();
    }
    this.grown = [...places];
    this.layers.clear("heads");
    const context = this.layers.heads;
    this.words.begin(context, this.small, this.frame, this.theme.ground, this.handle.spokenFor);
    this.heads = this.paths.map(({ trail, times }, i) => {
      const at = this.locate(...between(this.runs[i].columns, places[i]));
      const k = last(times, places[i]);
      trail.grow(this.layers.trail, k, this.frame);
      if (at.visible && !at.outside) trail.tip(context, k, at.x, at.y, this.frame);
      return at;
    });
    context.setLineDash([]);
    for (let i = this.heads.length - 1; i >= 0; i--) this.drawHead(context, this.runs[i], this.heads[i], places[i]);
    context.globalAlpha = 1;
  }

  drawHead(context, run, at, position) {
    const { colour, marker } = run.style;
    const end = run.length - 1;
    const words = ending(run, end, position, this.labels);
    context.globalAlpha = at.visible || at.outside ? 1 : BEHIND;
    if (!at.outside) {
      if (words) cross(context, at.x, at.y, colour, this.theme.ground);
      else head(context, at.x, at.y, marker, colour, this.theme.ground);
      if (words) this.words.write(at.x, at.y, words, colour);
      return;
    }
    arrow(context, at.x, at.y, at.angle, colour, this.theme.ground);
    const away = fill(this.labels.away, { d: figure(distance(...between(run.columns, Math.floor(position + 1e-9)), this.view), 2) });
    this.words.write(at.x, at.y, words ? `× ${words}, ${away}` : `${run.name}, ${away}`, colour);
  }

  // Centres of the heads in page pixels, for tests.
  headPixels() {
    const box = this.host.getBoundingClientRect();
    return (this.heads ?? []).map(({ x, y }) => [box.left + x, box.top + y]);
  }

  pixelOf(x, y) {
    const box = this.host.getBoundingClientRect();
    const at = this.locate(x, y);
    return [box.left + at.x, box.top + at.y];
  }

  remove() {
    this.removed = true;
    this.observer.disconnect();
    this.host.removeEventListener("wheel", this.wheel);
    this.release();
  }

  // Plotly forgets the scene, and the browser gets its context back now, not when it tidies up.
  release() {
    if (!this.plot._fullLayout) return;
    const gl = this.plot._fullLayout.scene?._scene?.glplot?.gl;
    this.Plotly.purge(this.plot);
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

// ---- small pieces of the scene

function terrainOf(stage) {
  const { z } = stage.figure.data[0];
  const bytes = Uint8Array.from(atob(z.bdata), (letter) => letter.charCodeAt(0));
  const [rows, columns] = z.shape.split(",").map(Number);
  return new Terrain(new Float32Array(bytes.buffer), columns, rows, stage.box);
}

// The heights of the contours as a surface: pale, lit softly from above, with the same lines.
function surfaceOf(stage, name, theme, { low, high }) {
  const [contour] = stage.figure.data;
  const [rows, columns] = contour.z.shape.split(",").map(Number);
  const along = (first, step, count) => Array.from({ length: count }, (_, i) => first + i * step);
  return {
    type: "surface",
    x: along(contour.x0, contour.dx, columns),
    y: along(contour.y0, contour.dy, rows),
    z: contour.z,
    cmin: low,
    cmax: high,
    colorscale: stage.themes[name].colorscale,
    showscale: false,
    hoverinfo: "skip",
    contours: {
      x: { highlight: false },
      y: { highlight: false },
      z: { highlight: false, show: true, start: contour.contours.start, end: contour.contours.end, size: contour.contours.size, color: theme.ridges, width: 1 },
    },
    lighting: { ambient: 0.85, diffuse: 0.22, specular: 0.01, roughness: 0.9, fresnel: 0 },
    lightposition: { x: -2e4, y: -1e4, z: 4e4 },
  };
}

// From the units of Plotly's camera, the box's width, to data.
function inData({ x, y, z }, { box: [[left, right], [bottom, top]], low, high }) {
  return [(left + right) / 2 + x * (right - left), (bottom + top) / 2 + y * (top - bottom), (low + high) / 2 + (z / HEIGHT) * (high - low)];
}

// The axis upwards: the loss, or on a log scale its distance from the lowest.
function heightAxis({ scale, levels }, low, high, labels) {
  if (scale !== "log") return { words: labels.height, ticks: linearTicks(low, high, 4) };
  const { bottom, softest } = levels;
  const [first, top] = [Math.ceil(Math.log10(softest) + 0.3), Math.floor(Math.log10(10 ** high - softest) + 1e-6)];
  const every = Math.max(1, Math.ceil((top - first + 1) / 4));
  const ticks = [];
  for (let n = top; n >= first; n -= every) ticks.push({ value: Math.log10(10 ** n + softest), text: n === 0 ? "1" : n === 1 ? "10" : `10${raised(n)}` });
  const above = Math.abs(bottom) > 1e-6 * 10 ** high;
  return { words: above ? labels.height_above : labels.height, ticks };
}

const ticked = (ticks) => ({ tickmode: "array", tickvals: ticks.map(({ value }) => value), ticktext: ticks.map(({ text }) => text) });

// Pixels and times of the vertices of a path; NaN where it is hidden or outside. Where it goes behind a hill it ends
// at the hill's edge.
export function seen({ points, times }, lens, terrain) {
  const [pixels, kept] = [[], []];
  let before = null;
  for (let i = 0; i < times.length; i++) {
    const point = [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
    const [px, py] = lens.pixel(...point);
    if (before && Math.hypot(px - before.px, py - before.py) < NEAR) continue;
    const visible = px === px && terrain.sees(point, lens.line(px, py)[0]);
    if (before && visible !== before.visible && px === px && before.px === before.px) {
      const edge = visible ? rim(point, before.point, lens, terrain) : rim(before.point, point, lens, terrain);
      pixels.push(...edge);
      kept.push((before.time + times[i]) / 2);
    }
    pixels.push(...(visible ? [px, py] : [NaN, NaN]));
    kept.push(times[i]);
    before = { point, px, py, visible, time: times[i] };
  }
  return { pixels: Float64Array.from(pixels), times: Float64Array.from(kept) };
}

// The pixel between a vertex that is seen and one that is not where the surface begins to hide.
function rim(shown, hidden, lens, terrain) {
  for (let round = 0; round < 4; round++) {
    const middle = shown.map((value, i) => (value + hidden[i]) / 2);
    if (terrain.sees(middle, lens.line(...lens.pixel(...middle))[0])) shown = middle;
    else hidden = middle;
  }
  return lens.pixel(...shown);
}

// The last index whose time has come.
export function last(times, position) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (times[middle] <= position + 1e-9) low = middle;
    else high = middle - 1;
  }
  return low;
}

// The place at a fractional position; it stays at the last iterate once there.
function between({ x, y }, position) {
  const end = x.length - 1;
  const k = Math.min(Math.floor(position + 1e-9), end);
  const part = k < end ? Math.max(0, position - k) : 0;
  return part ? [x[k] + part * (x[k + 1] - x[k]), y[k] + part * (y[k + 1] - y[k])] : [x[k], y[k]];
}
