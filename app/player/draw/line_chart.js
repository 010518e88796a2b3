// A chart of lines that grow with the clock: fixed axes, a line per series, the clock's cursor through all.

import { wholeStep } from "../base/clock.js";
import { hasNewSize, observeSize } from "../base/dom.js";
import { PressTracker } from "../base/press_tracker.js";
import { CanvasLayers } from "./canvas_layers.js";
import { Trail, headAt, eraseAfterRewind } from "./path_trail.js";
import { RING_RADIUS, drawEdgeArrow, drawMarker, drawRing } from "./markers.js";
import { findFractionalIndex } from "../base/clock_to_steps.js";
import { createAxis, isInside, projectAll } from "./axes_and_clipping.js";
import { linearTicks, logTicks } from "../base/axis_ticks.js";
import { getDrawingScale, getSmallFont } from "./drawing_scale.js";

const BAND_ALPHA = 0.1;
const GROWTH_DECADES = 2; // by which an axis grows with what is known of a race, whose losses fall by many
const MARKER_GAP = 70; // pixels between two markers on a curve that carries them all along
const SMALL_MARKER = 3.2; // their size
const GOLDEN_SHARE = 0.382; // of a gap, by which the markers of a curve are shifted beside those of the one before
const LABEL_GAP = 7; // pixels between a label and the axis

// The axis' distance from the left edge: the same in every chart, unless a label needs more (−1.5·10⁻⁴).
export function computeLeftMargin(widths, size) {
  return Math.max(Math.round(3.3 * size), Math.ceil(Math.max(0, ...widths)) + LABEL_GAP + 2);
}

export class LineChart {
  // `onPress(x, y)` is called where the chart is pressed, `onHover(x, event)` where it is pointed at, x null when
  // nowhere any more; x on the chart's axis, y in pixels. `redraw()` asks for a frame.
  constructor(host, { onPress, onHover, redraw }) {
    Object.assign(this, { host, redraw, known: null });
    this.series = [];
    this.trails = [];
    this.marks = []; // {x, colour}: places on the axis that are pointed at
    this.bands = []; // [low, high] of values that are shaded
    this.start = null; // where the axis begins if it is logarithmic
    this.growth = GROWTH_DECADES; // by which a logarithmic axis grows in suspense
    this.heldRange = null; // of values, whatever the curves have
    this.layers = new CanvasLayers(host, ["grid", "ghost", "trail", "heads"]);
    this.observer = observeSize(host, () => {
      if (hasNewSize(host, this.layers)) this.reproject();
    });
    const at = (event) => {
      const box = host.getBoundingClientRect();
      return [this.toX.inverse(event.clientX - box.left), event.clientY - box.top];
    };
    const press = new PressTracker(host);
    const point = (event) => {
      if (!this.toX) return;
      if (event.pointerType === "touch" && !press.isSideways) return; // it may scroll the page
      if (event.buttons === 1 && press.pressed.has(event.pointerId)) onPress(...at(event)); // not a press that began elsewhere
      else if (event.pointerType === "mouse") onHover(at(event)[0], event);
    };
    host.addEventListener("pointerdown", point);
    host.addEventListener("pointermove", point);
    host.addEventListener("pointerup", (event) => event.pointerType === "touch" && press.isTap && this.toX && onPress(...at(event)));
    host.addEventListener("pointerleave", () => onHover(null));
  }

  // `series`: {values, counts, style, name, run}, `counts` being where each value stands on the axis from 0 to `end`, and
  // `style` its colour, dash, marker (null for none), perhaps width, and whether it carries markers all along (`isMarked`);
  // `log`: without a positive value the axis is linear all the same. `fitted`: those that the axis has room
  // for; the others leave it, with an arrow at the edge.
  // `known`: how far each run may be seen, see `spoiler_protection.js`; the axis has room for that much and grows with it.
  set(series, end, log, theme, axisTitle, fitted = series, known = null) {
    Object.assign(this, { series, end, theme, axisTitle, fitted, known });
    this.isLog = log && fitted.some(({ values }) => values.some((value) => value > 0));
    this.fullRange = findRange(fitted, this.isLog);
    this.extent = new KnownExtent(this.isLog, this.growth);
    this.range = this.findKnownRange();
    this.reproject();
  }

  // Bounds of the axis: around everything, or in suspense around what is known.
  findKnownRange() {
    if (this.keepsRange) return this.range; // in a file, where no axis moves
    if (this.heldRange) return this.heldRange;
    return this.known ? this.extent.extend(this.fitted, this.known) : this.fullRange;
  }

  reproject() {
    if (!this.theme) return;
    if (!this.host.clientWidth) return void (this.trails = []); // hidden: the curves of other runs are not drawn on
    this.drawStaticLayers();
    this.redraw();
  }

  // Draw what no moment changes, and work out where everything else goes.
  drawStaticLayers() {
    this.layers.fit();
    this.font = getSmallFont(this.host);
    this.scale = getDrawingScale(this.host);
    const size = parseFloat(this.font) / 0.86;
    const bottom = this.layers.height - Math.round((this.axisTitle ? 2.9 : 1.7) * size);
    const top = Math.max(6, Math.round(0.45 * size)); // room for half of the highest label
    const room = Math.max(2, Math.floor((bottom - top) / (3.6 * size)));
    const ticks = !this.series.length && !this.heldRange ? [] : this.isLog ? logTicks(...this.range, room) : linearTicks(...this.range, room);
    this.layers.grid.font = this.font;
    const widths = ticks.map(({ text }) => this.layers.grid.measureText(text).width);
    this.frame = { left: computeLeftMargin(widths, size), top, right: this.layers.width - 8, bottom };
    this.toX = createAxis(this.start ?? 0, this.end || 1, this.frame.left, this.frame.right, this.start !== null);
    this.toY = createAxis(...this.range, this.frame.bottom, this.frame.top, this.isLog);
    this.drawAxes(size, ticks);
    this.trails = this.series.map(({ values, counts, style }) => new Trail(projectAll(counts, values, this.toX, this.toY), { width: 1.8, ...style, scale: this.scale }));
    this.paddedFrame = padFrame(this.frame);
    this.drawGhosts();
  }

  // The curves ahead, faintly.
  drawGhosts() {
    this.layers.clear("ghost");
    this.trails.forEach((trail, i) => trail.drawGhost(this.layers.ghost, this.paddedFrame, this.findLastKnownVertex(i)));
  }

  findLastKnownVertex(i) {
    return this.known ? Math.min(this.trails[i].last, wholeStep(this.known[this.series[i].run])) : this.trails[i].last;
  }

  drawAxes(size, ticks) {
    const context = this.layers.grid;
    const { left, right, top, bottom } = this.frame;
    context.font = this.font;
    context.fillStyle = this.theme.muted;
    context.strokeStyle = this.theme.hairline;
    context.lineWidth = 1;
    for (const band of this.bands) this.shadeBand(context, band);
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const { value, text } of ticks) {
      const y = Math.round(this.toY(value)) + 0.5;
      drawLine(context, left, y, right, y);
      context.fillText(text, left - LABEL_GAP, y);
    }
    drawLine(context, left + 0.5, top, left + 0.5, bottom);
    drawLine(context, left, bottom + 0.5, right, bottom + 0.5);
    context.textBaseline = "top";
    context.textAlign = "center";
    const places = Math.max(2, Math.floor((right - left) / (5 * size)));
    const across = this.start === null ? linearTicks(0, this.end || 1, places) : logTicks(this.start, this.end, places);
    for (const { value, text } of across) {
      if (this.start !== null || Number.isInteger(value) || (this.end > 0 && this.end < 4)) context.fillText(text, Math.min(this.toX(value), right - 0.5 * size), bottom + 6);
    }
    if (this.axisTitle) context.fillText(this.axisTitle, (left + right) / 2, bottom + 6 + 1.15 * size);
    for (const mark of this.marks) this.drawMark(context, mark, size);
  }

  // Values that belong together, as far as the axis has them.
  shadeBand(context, band) {
    const { left, right, top, bottom } = this.frame;
    const [from, until] = band.map((value) => Math.min(bottom, Math.max(top, this.toY(value))));
    context.save();
    Object.assign(context, { fillStyle: this.theme.accent, globalAlpha: BAND_ALPHA });
    context.fillRect(left, until, right - left, from - until);
    context.restore();
  }

  // A place on the axis that has a meaning of its own: a line, and a triangle that points to it from above.
  drawMark(context, { x, colour }, size) {
    const { top, bottom } = this.frame;
    const at = Math.round(this.toX(x)) + 0.5;
    context.strokeStyle = context.fillStyle = colour;
    context.setLineDash([1, 3]);
    drawLine(context, at, top, at, bottom);
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(at - 0.35 * size, top);
    context.lineTo(at + 0.35 * size, top);
    context.lineTo(at, top + 0.55 * size);
    context.fill();
  }

  // `runSteps`: how far each run is; `cursor`: where on the axis the clock stands, if it is counted so; `hovered`: the
  // places that the visitor points at.
  draw(runSteps, cursor, hovered, known = this.known) {
    this.layers.clear("heads");
    if (!this.toX || !this.trails.length) return;
    const { scale } = this;
    this.known = known;
    const range = this.findKnownRange();
    if (range !== this.range && range.join() !== this.range.join()) {
      this.range = range;
      this.drawStaticLayers();
    }
    const context = this.layers.heads;
    const mine = this.series.map(({ run }) => runSteps[run]);
    eraseAfterRewind(this.layers, this.trails, mine);
    if (cursor !== null) this.drawVerticalLine(context, this.toX(cursor), [3, 3]);
    const heads = this.trails.map((trail, i) => headAt(trail.pixels, mine[i]));
    if (this.trails.some((trail, i) => trail.isGhostStale(this.findLastKnownVertex(i), heads[i].k))) this.drawGhosts();
    this.trails.forEach((trail, i) => {
      trail.drawUntil(this.layers.trail, heads[i].k, this.paddedFrame);
      if (trail.style.isMarked) this.drawMarkersAlong(trail, i);
      trail.drawTip(context, heads[i].k, heads[i].x, heads[i].y, this.paddedFrame);
    });
    context.setLineDash([]);
    this.trails.forEach(({ style }, i) => {
      const { x, y } = heads[i];
      if (!Number.isFinite(y) || !style.marker) return; // a curve without a marker is one of many values
      if (isInside(x, y, this.paddedFrame)) return drawMarker(context, x, y, style.marker, style.colour, this.theme.ground, 4 * scale);
      const up = y < this.frame.top;
      drawEdgeArrow(context, x, up ? this.frame.top + 8 * scale : this.frame.bottom - 8 * scale, up ? -Math.PI / 2 : Math.PI / 2, style.colour, this.theme.ground, scale);
    });
    if (hovered) this.drawHoverMarks(context, hovered);
  }

  // The markers on what is new of the i-th curve. Each curve begins with them at another place, so that none hides another.
  drawMarkersAlong(trail, i) {
    const { layers: { trail: context }, frame, scale } = this;
    const { pixels, style, drawnUntil: until } = trail;
    const gap = MARKER_GAP * scale;
    if (!(trail.markedUntil <= until)) Object.assign(trail, { markedUntil: 0, nextMarker: frame.left + gap * ((i * GOLDEN_SHARE) % 1) }); // it begins, perhaps again
    context.setLineDash([]);
    for (let k = trail.markedUntil + 1; k <= until; k++) {
      const [x, y] = [pixels[2 * k], pixels[2 * k + 1]];
      if (!(x >= trail.nextMarker) || !isInside(x, y, this.paddedFrame)) continue;
      trail.nextMarker = x + gap;
      drawMarker(context, x, y, style.marker, style.colour, this.theme.ground, SMALL_MARKER * scale);
    }
    trail.markedUntil = until;
  }

  // A second cursor where the visitor points: a ring on every curve, and a line where they are all at one place.
  drawHoverMarks(context, hovered) {
    const at = this.trails.map((trail, i) => headAt(trail.pixels, Math.round(hovered[this.series[i].run])));
    const xs = this.series.map(({ counts, run }) => this.toX(counts[Math.min(counts.length - 1, hovered[run])]));
    const [least, most] = [Math.min(...xs), Math.max(...xs)];
    if (most - least < 1 || this.series.every(({ run }) => hovered[run] === hovered[0])) this.drawVerticalLine(context, most, []);
    at.forEach(({ x, y }, i) => {
      if (isInside(x, y, this.paddedFrame)) drawRing(context, x, y, this.trails[i].style.colour, this.theme.ground, RING_RADIUS, this.scale);
    });
  }

  drawVerticalLine(context, x, dash) {
    context.strokeStyle = dash.length ? this.theme.ink : this.theme.muted;
    context.lineWidth = this.scale;
    context.setLineDash(dash);
    drawLine(context, x, this.frame.top, x, this.frame.bottom);
    context.setLineDash([]);
  }

  // The run whose curve is nearest to (x on the axis, y in pixels), and its step there.
  findNearest(x, y) {
    let best = null;
    this.series.forEach(({ run, counts }, i) => {
      const k = Math.round(findFractionalIndex(counts, x));
      const away = Math.abs(this.trails[i].pixels[2 * k + 1] - y);
      if (Number.isFinite(away) && !(best?.away <= away)) best = { run, k, away };
    });
    return best;
  }

  remove() {
    this.observer.disconnect();
  }
}

function drawLine(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

// The frame and a little more: the last value of a curve may lie a rounding error to the right of the axis' end.
export function padFrame({ left, right, top, bottom }) {
  return { left: left - 1, right: right + 1, top: top - 2, bottom: bottom + 2 };
}

// Bounds around all finite values (above zero on a log axis), with a margin.
export function findRange(series, log) {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of series)
    for (const value of values) {
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  if (low > high) return log ? [0.1, 10] : [0, 1];
  if (log) {
    const air = 10 ** Math.max(0.04 * (Math.log10(high) - Math.log10(low)), 0.08); // their quotient may overflow
    return [Math.max(low / air, Number.MIN_VALUE), Math.min(high * air, Number.MAX_VALUE)];
  }
  const air = 0.04 * high - 0.04 * low || 0.1 * Math.abs(high) || 1;
  return [Math.max(low - air, -Number.MAX_VALUE), Math.min(high + air, Number.MAX_VALUE)];
}

// The bounds of what is known of some series, in round numbers, so that the axis grows seldom: by so many decades, or by a
// quarter of itself.
export class KnownExtent {
  constructor(log, decades = GROWTH_DECADES) {
    Object.assign(this, { log, decades });
    this.begin();
  }

  begin() {
    Object.assign(this, { low: Infinity, high: -Infinity, until: [] });
  }

  // `known` has the last known step of every run. What was looked at before is not looked at again.
  extend(series, known) {
    const ends = series.map(({ run, values }) => Math.min(values.length - 1, wholeStep(known[run])));
    if (ends.some((end, i) => end < (this.until[i] ?? 0))) this.begin();
    series.forEach(({ values }, i) => {
      for (let k = (this.until[i] ?? -1) + 1; k <= ends[i]; k++) {
        const value = values[k];
        if (!Number.isFinite(value) || (this.log && value <= 0)) continue;
        if (value < this.low) this.low = value;
        if (value > this.high) this.high = value;
      }
      this.until[i] = ends[i];
    });
    return this.low > this.high ? findRange([], this.log) : roundOutward(this.low, this.high, this.log, this.decades);
  }
}

// Wider bounds in round numbers; on a logarithmic axis in multiples of so many decades.
export function roundOutward(low, high, log, decades = GROWTH_DECADES) {
  if (log) {
    const power = (value, round) => 10 ** (decades * round(Math.log10(value) / decades));
    return [Math.max(power(low / 1.2, Math.floor), Number.MIN_VALUE), Math.min(power(high * 1.2, Math.ceil), Number.MAX_VALUE)];
  }
  const [from, until] = findRange([{ values: [low, high] }], false);
  const unit = 2 ** Math.ceil(Math.log2((until - from) / 4));
  if (!Number.isFinite(unit)) return [from, until];
  return [unit * Math.floor(from / unit), unit * Math.ceil(until / unit)];
}

// Runs with values that a log axis cannot hold, with the first step of each, and whether none is below 0.
export function findNonPositive(series) {
  return series
    .map(({ name, run, values }) => ({ name, run, k: values.findIndex((value) => value <= 0), isZero: !values.some((value) => value < 0) }))
    .filter(({ k }) => k >= 0);
}

// Runs with values beyond the axis, with the first step of each.
export function findOutOfRange(series, [low, high]) {
  return series
    .map(({ name, run, values }) => ({ name, run, k: values.findIndex((value) => value > high || value < low) }))
    .filter(({ k }) => k >= 0);
}
