// The race as a picture: landscape, charts, legend, and the scene as a caption. What no moment changes is drawn once,
// and frames over it as often as wanted; what happens on the page meanwhile does not change it.

import { wholeStep } from "../player/base/clock.js";
import { sanitizeSvg } from "../player/draw/sanitize_svg.js";
import { shortenText, wrapText, wrapPieces } from "../player/draw/text_wrapping.js";
import { drawEdgeArrow, drawLabel, drawRing, drawSwatch } from "../player/draw/markers.js";
import { findCursors, findShownSteps } from "../player/base/clock_to_steps.js";
import { fillTemplate } from "../player/base/number_format.js";
import { LabelPlacer } from "../player/draw/label_placement.js";
import { TEXT_SETTINGS } from "../player/save/pixel_and_svg_targets.js";
import { getDrawingScale } from "../player/draw/drawing_scale.js";
import { addViewPart, buildAnimationName, buildFileName, buildLink } from "./link_and_file_name.js";
import { metrics } from "./test_hooks.js";
import { getMarks } from "../player/base/punctuation.js";

const STATIC_LAYERS = ["unknown", "grid", "ghost"]; // those that no moment changes
const HEADER_LINES = 2.2; // lines of letters' height above each view
const TICK_LETTERS = 3.3; // width of the numbers left of the landscape, in letters' heights
const MARK = "Descent"; // at the right of the title
const SWATCH_LETTERS = 3.3; // width of a run's swatch with the gap after it, in letters' heights
const HIDDEN_HANDLE_OPACITY = 0.4;

// The picture's size, its file name and the function that draws it, for `FileSaver`.
export function planPicture(player, kind, isAnimation) {
  const { clock, pace, scene, panels, urls } = player;
  const { step, steps, speed } = clock;
  const position = isAnimation ? clock.position : step; // a still has the iterates that its title names
  const parts = addViewPart(scene.scene, { ...panels.readView(), step: isAnimation ? null : step }, player.stageMessage.view.defaults);
  const link = buildLink(urls.base, parts);
  const plan = layoutPicture(player, parts);
  const name = isAnimation ? buildAnimationName(parts, { pace, steps }, kind) : buildFileName(parts, { pace, step }, kind);
  const createPicture = async (target) => {
    const snapshot = new Snapshot(player, target, plan, isAnimation);
    await snapshot.renderViews(panels.landscape, panels.charts);
    metrics.saved = { ratio: target.ratio, sides: plan.sides, link };
    return snapshot;
  };
  return { width: plan.width, height: plan.height, name, link, position, speed, createPicture };
}

// Where in the picture everything goes: each chart that the page shows, beside the landscape or below it as there.
function layoutPicture(player, parts) {
  const { landscape, charts } = player.panels;
  const style = getComputedStyle(player.root);
  const size = parseFloat(style.fontSize);
  const font = (share, weight = 400) => `${weight} ${Math.round(100 * share * size) / 100}px ${style.fontFamily}`;
  const pen = Object.assign(document.createElement("canvas").getContext("2d"), TEXT_SETTINGS);
  const width = (words, face) => ((pen.font = face), pen.measureText(words).width);
  const box = (host) => host.getBoundingClientRect();
  const land = box(landscape.viewBox);
  const pad = Math.round(1.4 * size);
  const [title, bar, between] = [Math.round(2.6 * size), Math.round(HEADER_LINES * size), Math.round(1.6 * size)];
  const place = (x, y, from) => ({ x, y, width: from.width, height: from.height });
  const sides = { landscape: place(pad, pad + title + bar, land) };
  const findBottom = () => Math.max(...Object.values(sides).map(({ y, height }) => y + height));
  const columns = {}; // where the first chart of each is
  for (const [name, { host }] of [["loss", charts.lossChart], ["lower", charts.stripChart]]) {
    const from = box(host);
    if (!from.width || !from.height) continue; // the rule or the table has its place
    const isBeside = from.left >= land.right;
    const first = (columns[isBeside] ??= { top: from.top, y: isBeside ? sides.landscape.y : findBottom() + between + bar });
    sides[name] = place(isBeside ? pad + land.width + between : pad, first.y + from.top - first.top, from);
  }
  const inner = Math.max(...Object.values(sides).map(({ x, width }) => x + width)) - pad;
  const down = findBottom() + Math.round(0.9 * size);
  const pieces = layoutLegend(player.runs, { width, font, size }, inner);
  const legend = { ...wrapPieces(pieces, inner, 1.75 * size), pieces };
  const small = font(0.78);
  const captionPieces = parts.flatMap(([name, value]) => layoutCaption(`${name} = ${value}`, inner, (words) => width(words, small), size));
  const caption = wrapPieces(captionPieces, inner, 1.15 * size);
  const under = down + legend.height + Math.round(0.7 * size);
  return {
    size, scale: getDrawingScale(player.root), font, pad, inner, sides, title: pad + 0.9 * size,
    legend: { ...legend, y: down }, caption: { ...caption, pieces: captionPieces, font: small, y: under },
    width: Math.ceil(inner + 2 * pad), height: Math.ceil(under + caption.height + pad + 0.3 * size),
  };
}

// For each run a swatch with its name, and its settings, setting by setting.
function layoutLegend(runs, { width, font, size }, inner) {
  return runs.flatMap((run) => {
    const [name, plain] = [font(1, 600), font(0.86)];
    const pieces = [{ style: run.style, words: run.name, font: name, width: SWATCH_LETTERS * size + width(run.name, name), gap: 0.6 * size }];
    const settings = run.detail ? run.detail.split(" · ") : [];
    settings.forEach((setting, j) => {
      const words = j + 1 < settings.length ? `${setting} ·` : setting;
      for (const part of wrapText(words, inner, (part) => width(part, plain))) pieces.push({ words: part, font: plain, muted: true, width: width(part, plain), gap: width(" ", plain) });
    });
    pieces[0].needs = pieces.reduce((sum, piece) => sum + piece.width + piece.gap, 0) - pieces.at(-1).gap;
    pieces.at(-1).gap = 1.8 * size;
    return pieces;
  });
}

const layoutCaption = (text, inner, width, size) =>
  wrapText(text, inner, width).map((words, i, all) => ({ words, width: width(words), gap: i + 1 < all.length ? 0 : 1.5 * size }));

export class Snapshot {
  // `isAnimation`: it begins at the start, and has room for everything on its axes.
  constructor(player, target, plan, isAnimation) {
    const { landscape, charts, labels } = player.panels;
    const { handle } = landscape.activeView;
    Object.assign(this, { target, plan, labels, theme: player.colours, scene: player.scene, pace: player.pace, steps: player.clock.steps, isAnimation });
    this.runs = player.runs.map((run) => ({ ...run }));
    this.known = player.known && isAnimation ? player.runs.map(() => 0) : player.known; // in a film nothing is ahead of the heads
    this.arrows = new Set(landscape.activeArrows);
    this.axis = charts.axis;
    this.start = handle.screenPosition && { ...handle.screenPosition, behind: handle.element.classList.contains("descent-behind") };
    const strip = charts.stripSelect.selectedOptions[0]?.textContent ?? "";
    const { note, warningNote, missingNote } = charts;
    this.texts = { levels: landscape.levelsNote.textContent, loss: labels.loss, strip, note: note.textContent, warning: isAnimation && this.known ? "" : warningNote.textContent, missing: missingNote.textContent };
    this.describeArrowScale = (scale) => landscape.describeArrowScale.call({ activeArrows: this.arrows, labels }, scale);
  }

  get width() {
    return this.plan.width;
  }

  get height() {
    return this.plan.height;
  }

  // Colours that a small palette must have.
  get colours() {
    const { ground, ink, muted, hairline } = this.theme;
    return [...this.runs.map(({ style }) => style.colour), ground, ink, muted, hairline];
  }

  // Draw the landscape and the charts as they are now: they are copied before the first `await`.
  async renderViews({ surfaceView, activeView, contourView }, { lossChart, stripChart }) {
    const { target, plan } = this;
    const copy = (view, name, changes = {}) =>
      Object.assign(Object.create(Object.getPrototypeOf(view)), view, { layers: target.createLayers(view.layers.names, plan.sides[name], name), runs: this.runs, ...changes });
    const { known } = this;
    const landscape = copy(activeView, "landscape", { labelPlacer: new LabelPlacer(), handle: {}, drapedRuns: null, known });
    const copyChart = (chart, name) => copy(chart, name, { known, keepsRange: true, range: this.isAnimation ? chart.fullRange : chart.range });
    this.charts = Object.entries({ loss: lossChart, lower: stripChart }).filter(([name]) => plan.sides[name]).map(([name, chart]) => [name, copyChart(chart, name)]);
    this.panels = { landscape, ...Object.fromEntries(this.charts) };
    for (const [, chart] of this.charts) chart.drawStaticLayers();
    if (activeView === surfaceView) {
      await surfaceView.renderOffscreen(target.ratio, (matrices, canvas) => {
        Object.assign(landscape, { plotlySurface: { matrices } }).drawStaticLayers();
        this.drawBackground = target.prepareSurface(canvas, plan.sides.landscape);
      });
    } else {
      landscape.drawStaticLayers();
      const { width, height } = plan.sides.landscape;
      const { markup, words } = sanitizeSvg(await window.Plotly.toImage(contourView.plot, { format: "svg", width, height, imageDataOnly: true }));
      this.drawBackground = await target.prepareContours(markup, plan.sides.landscape);
      this.tickLabels = words;
    }
  }

  // All that no moment changes.
  drawStatic() {
    const { plan, theme: colours, texts } = this;
    const { context } = this.target;
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, plan.width, plan.height);
    const { landscape, loss, lower } = plan.sides;
    this.drawBackground(landscape.x, landscape.y);
    this.compositeLayers(true);
    for (const { words, x, y, align } of this.tickLabels ?? []) this.drawText(words, landscape.x + x, landscape.y + y, plan.font(0.86), colours.muted, align, "alphabetic");
    if (this.tickLabels) this.nameAxes();
    const { size, font } = plan;
    const above = (words, { x, y }, face, colour) => this.drawText(words, x + 3.3 * size, y - 0.9 * size, face, colour);
    above(texts.levels, landscape, font(0.86), colours.muted);
    const more = font(0.86);
    if (loss) {
      above(texts.loss, loss, font(1, 600), colours.ink);
      const room = loss.width - 3.84 * size;
      const lines = wrapText([texts.note, texts.warning].filter(Boolean).join(getMarks().gap), room, (words) => this.measureWidth(words, more));
      const end = lower ? lower.y - 1.6 * size : plan.legend.y - 0.9 * size;
      const most = Math.max(0, Math.floor((end - loss.y - loss.height) / (1.2 * size)));
      lines.slice(0, most).forEach((words, i) => this.drawText(words, loss.x + 3.84 * size, loss.y + loss.height + (0.8 + 1.2 * i) * size, more, colours.muted));
    }
    if (lower) {
      above(texts.strip, lower, font(1, 600), colours.ink);
      const beside = lower.x + 3.3 * size + this.measureWidth(texts.strip, font(1, 600)) + size;
      if (texts.missing) this.drawText(texts.missing, beside, lower.y - 0.9 * size, more, colours.muted);
    }
    this.drawLegend();
    this.drawCaption();
    this.drawText(MARK, plan.pad + plan.inner, plan.title, font(0.86), colours.muted, "right");
  }

  // x below the numbers of the landscape seen from above, y left of them; in space the axes have names of their own.
  nameAxes() {
    const { size, font, sides: { landscape: { x, y, width, height } } } = this.plan;
    const draw = (name, ...place) => this.drawText(name, ...place, font(0.86), this.theme.muted, "center");
    draw("x", x + (TICK_LETTERS * size + width) / 2, y + height + 0.35 * size);
    draw("y", x, y + height / 2 - size);
  }

  drawLegend() {
    const { plan, theme: colours } = this;
    const { context } = this.target;
    plan.legend.pieces.forEach(({ style, words, font, muted }, i) => {
      const [x, y] = [plan.pad + plan.legend.places[i].x, plan.legend.y + plan.legend.places[i].y + 0.8 * plan.size];
      if (style) drawSwatch(context, x, y, style, colours.ground, plan.scale);
      this.drawText(words, style ? x + SWATCH_LETTERS * plan.size : x, y, font, muted ? colours.muted : colours.ink);
    });
  }

  drawCaption() {
    const { plan, theme: colours } = this;
    const { context } = this.target;
    context.strokeStyle = colours.hairline;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(plan.pad, plan.caption.y - 0.2 * plan.size);
    context.lineTo(plan.pad + plan.inner, plan.caption.y - 0.2 * plan.size);
    context.stroke();
    plan.caption.pieces.forEach(({ words }, i) => {
      const { x, y } = plan.caption.places[i];
      this.drawText(words, plan.pad + x, plan.caption.y + y + 0.75 * plan.size, plan.caption.font, colours.muted);
    });
  }

  // The clock at a position: paths up to there, heads, arrows, cursors, and the title.
  drawFrame(position) {
    const { plan, panels, runs, pace, scene, theme: colours } = this;
    const { context } = this.target;
    const at = findShownSteps(runs, { playing: this.isAnimation, shownPosition: position }, pace);
    const cursor = findCursors(position, pace, scene.epoch)[this.axis] ?? null;
    const arrowScale = panels.landscape.draw(at, null, this.arrows);
    for (const [, chart] of this.charts) chart.draw(at, cursor, null);
    this.compositeLayers(false);
    const { x, y, height } = plan.sides.landscape;
    if (this.start) this.drawStart(x, y);
    const words = arrowScale ? this.describeArrowScale(arrowScale) : "";
    const top = panels.landscape.surfaceProjection; // in space the axes are below
    if (words) drawLabel(context, x + (top ? 0.4 : 4.2) * plan.size, y + (top ? plan.size : height - 3 * plan.size), words, colours.ink, colours.ground, plan.font(0.86));
    this.drawText(this.formatTitle(position), plan.pad, plan.title, plan.font(1.15, 600), colours.ink);
  }

  // The picture's title: the surface and the step. A long formula is shortened to fit.
  formatTitle(position) {
    const { plan, labels } = this;
    const template = this.pace === "steps" ? labels.picture_steps : labels.picture_evaluations;
    const fill = (surface) => fillTemplate(template, { surface, k: wholeStep(position), n: this.steps });
    const face = plan.font(1.15, 600);
    const room = plan.inner - this.measureWidth(MARK, plan.font(0.86)) - 2 * plan.size;
    return fill(shortenText(this.scene.picture_title, room, (surface) => this.measureWidth(fill(surface), face)));
  }

  // The layers that no moment changes, or all others.
  compositeLayers(isStatic) {
    for (const [name, { x, y }] of Object.entries(this.plan.sides)) {
      const { layers } = this.panels[name];
      layers.drawOnto(this.target.context, layers.names.filter((layer) => STATIC_LAYERS.includes(layer) === isStatic), x, y);
    }
  }

  drawStart(left, top) {
    const { context } = this.target;
    const { x, y, angle, away, behind } = this.start;
    const { scale } = this.plan;
    context.globalAlpha = behind ? HIDDEN_HANDLE_OPACITY : 1;
    drawRing(context, left + x, top + y, this.theme.ink, this.theme.ground, 7.9, scale);
    const beside = 14 * scale;
    if (away) drawEdgeArrow(context, left + x + beside * Math.cos(angle), top + y + beside * Math.sin(angle), angle, this.theme.ink, this.theme.ground, scale);
    context.globalAlpha = 1;
  }

  measureWidth(words, font) {
    const { context } = this.target;
    context.font = font;
    return context.measureText(words).width;
  }

  drawText(words, x, y, font, colour, align = "left", baseline = "middle") {
    if (!words) return;
    const { context } = this.target;
    Object.assign(context, { font, fillStyle: colour, textAlign: align, textBaseline: baseline });
    context.fillText(words, x, y);
  }
}
