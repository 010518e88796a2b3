// The race as one sees it, composed anew: landscape, curves, who is who, and where to find it again. Still what stands
// still, and a moment of the clock drawn over it as often as one likes; what happens on the page does not change it.

import { wholeStep } from "../player/base/clock.js";
import { sanitizeSvg } from "../player/draw/sanitize_svg.js";
import { wrapText, wrapPieces } from "../player/draw/text_wrapping.js";
import { drawEdgeArrow, drawMarker, drawLabel, drawRing } from "../player/draw/markers.js";
import { findCursors, findRunSteps } from "../player/base/clock_to_steps.js";
import { renderOffscreen } from "../player/save/pixel_and_svg_targets.js";
import { fillTemplate } from "../player/base/number_format.js";
import { LabelPlacer } from "../player/draw/label_placement.js";

const STATIC_LAYERS = ["unknown", "grid", "ghost"]; // layers that no moment changes
const HEADER_LINES = 2.2; // lines of letters' height above each view
const HIDDEN_HANDLE_OPACITY = 0.4;

// What is measured before there is anything to draw with: how large the picture will be, and where what goes.
export function planSnapshot(player, parts) {
  const { views, charts } = player.parts;
  const style = getComputedStyle(player.root);
  const size = parseFloat(style.fontSize);
  const font = (share, weight = 400) => `${weight} ${Math.round(100 * share * size) / 100}px ${style.fontFamily}`;
  const pen = document.createElement("canvas").getContext("2d");
  const width = (words, face) => ((pen.font = face), pen.measureText(words).width);
  const box = (host) => host.getBoundingClientRect();
  const land = box(views.viewBox);
  const [loss, lower, right] = [charts.loss.host, charts.lower.host, charts.loss.host.parentElement].map(box);
  const beside = right.left >= land.right;
  const pad = Math.round(1.4 * size);
  const [title, bar, between] = [Math.round(2.6 * size), Math.round(HEADER_LINES * size), Math.round(1.6 * size)];
  const place = (x, y, from) => ({ x, y, width: from.width, height: from.height });
  const sides = { landscape: place(pad, pad + title + bar, land) };
  const second = beside ? { x: pad + land.width + between, y: pad + title + bar } : { x: pad, y: sides.landscape.y + land.height + between + bar };
  sides.loss = place(second.x, second.y, loss);
  sides.lower = place(second.x, second.y + lower.top - loss.top, lower);
  const inner = beside ? land.width + between + right.width : Math.max(land.width, right.width);
  const down = Math.max(...Object.values(sides).map(({ y, height }) => y + height)) + Math.round(0.9 * size);
  const pieces = layoutLegend(player.runs, { width, font, size }, inner);
  const legend = { ...wrapPieces(pieces, inner, 1.75 * size), pieces };
  const small = font(0.78);
  const said = parts.flatMap(([name, value]) => layoutCaption(`${name} = ${value}`, inner, (words) => width(words, small), size));
  const caption = wrapPieces(said, inner, 1.15 * size);
  const under = down + legend.height + Math.round(0.7 * size);
  return {
    size, font, pad, inner, sides, title: pad + 0.9 * size,
    legend: { ...legend, y: down }, caption: { ...caption, said, font: small, y: under },
    width: Math.ceil(inner + 2 * pad), height: Math.ceil(under + caption.height + pad + 0.3 * size),
  };
}

// Swatch and name, and what it is set to, word by word.
function layoutLegend(runs, { width, font, size }, inner) {
  return runs.flatMap((run) => {
    const [name, plain] = [font(1, 600), font(0.86)];
    const pieces = [{ style: run.style, words: run.name, font: name, width: 46 + width(run.name, name), gap: 0.6 * size }];
    const settings = run.detail ? run.detail.split(" · ") : [];
    settings.forEach((setting, j) => {
      const words = j + 1 < settings.length ? `${setting} ·` : setting;
      for (const part of wrapText(words, inner, (said) => width(said, plain))) pieces.push({ words: part, font: plain, muted: true, width: width(part, plain), gap: width(" ", plain) });
    });
    pieces[0].needs = pieces.reduce((sum, piece) => sum + piece.width + piece.gap, 0) - pieces.at(-1).gap;
    pieces.at(-1).gap = 1.8 * size;
    return pieces;
  });
}

const layoutCaption = (said, inner, width, size) =>
  wrapText(said, inner, width).map((words, i, all) => ({ words, width: width(words), gap: i + 1 < all.length ? 0 : 1.5 * size }));

export class Snapshot {
  // Resolves to the picture of what `player` shows, on `target`, in the places of `plan`.
  static async create(player, press, plan) {
    const made = new Snapshot(player, press, plan);
    await made.renderViews(player.parts.views, player.parts.charts);
    return made;
  }

  constructor(player, target, plan) {
    Object.assign(this, { press: target, plan, labels: player.labels, colours: player.colours, scene: player.scene, pace: player.pace, total: player.clock.steps });
    this.runs = player.runs.map((run) => ({ ...run }));
    const { views, charts } = player.parts;
    this.arrows = new Set(views.arrows);
    this.axis = charts.axis;
    this.start = views.shown.handle.at && { ...views.shown.handle.at, behind: views.shown.handle.element.classList.contains("descent-behind") };
    const chosen = charts.choice.selectedOptions[0]?.textContent ?? "";
    this.said = { levels: views.levels.textContent, loss: this.labels.loss, lower: chosen, note: charts.note.textContent, warning: charts.warning.textContent, missing: charts.missing.textContent };
    this.describeArrowScale = (said) => views.words.call({ arrows: this.arrows, labels: this.labels }, said);
  }

  // What the views show now is kept before anything is waited for.
  async renderViews(views, charts) {
    const { press, plan } = this;
    const { space, shown, landscape } = views;
    const again = (view, called, changes = {}) =>
      Object.assign(Object.create(Object.getPrototypeOf(view)), view, { layers: press.layers(view.layers.names, plan.sides[called], called), runs: this.runs, ...changes });
    const land = again(shown, "landscape", { words: new LabelPlacer(), handle: {}, drapedRuns: null });
    this.panels = { landscape: land, loss: again(charts.loss, "loss"), lower: again(charts.lower, "lower") };
    this.panels.loss.lay();
    this.panels.lower.lay();
    if (shown === space) {
      await renderOffscreen(space, press, space.orbit.camera, (drawing, canvas) => {
        Object.assign(land, { drawing: { matrices: drawing.matrices } }).lay();
        this.ground = press.surface(canvas, plan.sides.landscape);
      });
    } else {
      land.lay();
      const { width, height } = plan.sides.landscape;
      const { markup, words } = sanitizeSvg(await window.Plotly.toImage(landscape.plot, { format: "svg", width, height, imageDataOnly: true }));
      this.ground = await press.contours(markup, plan.sides.landscape);
      this.ticks = words;
    }
  }

  // All that no moment changes.
  still() {
    const { plan, colours, said } = this;
    const { context } = this.press;
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, plan.width, plan.height);
    const { landscape, loss, lower } = plan.sides;
    this.ground(landscape.x, landscape.y);
    this.lay(STATIC_LAYERS);
    for (const { words, x, y, align } of this.ticks ?? []) this.drawText(words, landscape.x + x, landscape.y + y, plan.font(0.86), colours.muted, align, "alphabetic");
    const { size, font } = plan;
    const above = (words, { x, y }, face, colour) => this.drawText(words, x + 3.3 * size, y - 0.9 * size, face, colour);
    above(said.levels, landscape, font(0.86), colours.muted);
    above(said.loss, loss, font(1, 600), colours.ink);
    above(said.lower, lower, font(1, 600), colours.ink);
    const more = font(0.86);
    const room = loss.width - 3.84 * size;
    const beside = lower.x + 3.3 * size + this.measureWidth(said.lower, font(1, 600)) + size;
    if (said.missing) this.drawText(said.missing, beside, lower.y - 0.9 * size, more, colours.muted);
    const lines = wrapText([said.note, said.warning].filter(Boolean).join(" "), room, (words) => this.measureWidth(words, more));
    const most = Math.max(0, Math.floor((lower.y - loss.y - loss.height - 1.6 * size) / (1.2 * size)));
    lines.slice(0, most).forEach((words, i) => this.drawText(words, loss.x + 3.84 * size, loss.y + loss.height + (0.8 + 1.2 * i) * size, more, colours.muted));
    this.drawLegend();
    this.drawCaption();
    this.drawText("Descent", plan.pad + plan.inner, plan.title, font(0.86), colours.muted, "right");
  }

  drawLegend() {
    const { plan, colours } = this;
    const { context } = this.press;
    plan.legend.pieces.forEach(({ style, words, font, muted }, i) => {
      const [x, y] = [plan.pad + plan.legend.places[i].x, plan.legend.y + plan.legend.places[i].y + 0.8 * plan.size];
      if (style) this.drawSwatch(context, x, y, style);
      this.drawText(words, style ? x + 46 : x, y, font, muted ? colours.muted : colours.ink);
    });
  }

  drawSwatch(context, x, y, { colour, dash, marker }) {
    context.strokeStyle = colour;
    context.lineWidth = 2.3;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 36, y);
    context.stroke();
    context.setLineDash([]);
    drawMarker(context, x + 18, y, marker, colour, this.colours.ground, 5);
  }

  drawCaption() {
    const { plan, colours } = this;
    const { context } = this.press;
    context.strokeStyle = colours.hairline;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(plan.pad, plan.caption.y - 0.2 * plan.size);
    context.lineTo(plan.pad + plan.inner, plan.caption.y - 0.2 * plan.size);
    context.stroke();
    plan.caption.said.forEach(({ words }, i) => {
      const { x, y } = plan.caption.places[i];
      this.drawText(words, plan.pad + x, plan.caption.y + y + 0.75 * plan.size, plan.caption.font, colours.muted);
    });
  }

  // The clock at a position: paths up to there, heads, arrows, cursors, and how far it is.
  moment(position) {
    const { plan, panels, runs, pace, scene, colours } = this;
    const { context } = this.press;
    const at = findRunSteps(runs, position, pace);
    const cursor = findCursors(position, pace, scene.epoch)[this.axis] ?? null;
    const said = panels.landscape.draw(at, null, this.arrows);
    panels.loss.draw(at, cursor, null);
    panels.lower.draw(at, cursor, null);
    this.lay(null);
    const { x, y, height } = plan.sides.landscape;
    if (this.start) this.drawStart(x, y);
    const words = said ? this.describeArrowScale(said) : "";
    const top = panels.landscape.surfaceProjection; // in space the axes are below
    if (words) drawLabel(context, x + (top ? 0.4 : 4.2) * plan.size, y + (top ? plan.size : height - 3 * plan.size), words, colours.ink, colours.ground, plan.font(0.86));
    this.drawText(this.title(position), plan.pad, plan.title, plan.font(1.15, 600), colours.ink);
  }

  title(position) {
    const words = { surface: this.scene.surface, k: wholeStep(position), n: this.total };
    return fillTemplate(this.pace === "steps" ? this.labels.picture_steps : this.labels.picture_evaluations, words);
  }

  // The layers named, or all others, at their places.
  lay(named) {
    for (const [name, { x, y }] of Object.entries(this.plan.sides)) {
      const { layers } = this.panels[name];
      layers.drawOnto(this.press.context, layers.names.filter((layer) => STATIC_LAYERS.includes(layer) === Boolean(named)), x, y);
    }
  }

  drawStart(left, top) {
    const { context } = this.press;
    const { x, y, angle, away, behind } = this.start;
    context.globalAlpha = behind ? HIDDEN_HANDLE_OPACITY : 1;
    drawRing(context, left + x, top + y, this.colours.ink, this.colours.ground, 7.9);
    if (away) drawEdgeArrow(context, left + x + 14 * Math.cos(angle), top + y + 14 * Math.sin(angle), angle, this.colours.ink, this.colours.ground);
    context.globalAlpha = 1;
  }

  measureWidth(words, font) {
    const { context } = this.press;
    context.font = font;
    return context.measureText(words).width;
  }

  drawText(words, x, y, font, colour, align = "left", baseline = "middle") {
    if (!words) return;
    const { context } = this.press;
    Object.assign(context, { font, fillStyle: colour, textAlign: align, textBaseline: baseline });
    context.fillText(words, x, y);
  }
}
