// Error against h: the curves of all methods, the theory's lines, the notes' zones, and a line at h that is dragged.

import { createElement, hasNewSize, observeSize } from "../player/base/dom.js";
import { formatNumber, fillTemplate } from "../player/base/number_format.js";
import { PressTracker } from "../player/base/press_tracker.js";
import { CanvasLayers } from "../player/draw/canvas_layers.js";
import { getDrawingScale, getSmallFont } from "../player/draw/drawing_scale.js";
import { LabelPlacer, findLabelBox } from "../player/draw/label_placement.js";
import { drawLabel, drawRing, drawStar } from "../player/draw/markers.js";
import { findNearestStep } from "./check_numbers.js";
import { drawCurve, drawFrame, makeFrame, strokeLine } from "./chart_frame.js";

const STEPS = [1e-16, 1]; // the range of h
const SETTLE_MS = 350; // after the last of quick key presses
const RING_PIXELS = 5; // of the chosen curve, at the line
const MOST_DECADES = 0.6; // between h and the point of a curve that stands for it
const HUES = { forward: 0, centred: 1, complex: 2 }; // of the theme's colours
const ZONES = [ // of the notes, from above; colour by its place in the theme's runs
  { name: "wrong", low: 1e-2, high: Infinity, hue: 0, alpha: 0.16 },
  { name: "suspicious", low: 1e-4, high: 1e-2, hue: 0, alpha: 0.08 },
  { name: "kinks", low: 1e-7, high: 1e-4, hue: 4, alpha: 0.07 },
  { name: "good", low: 0, high: 1e-7, hue: 2, alpha: 0.08 },
];

export const styleOfCurve = (curve, theme) => ({
  colour: theme.runs[HUES[curve.method]],
  dash: curve.single ? [5, 4] : [],
  width: curve.chosen ? 2.8 : 1.5,
});

// By how many of the known steps a key moves h, 0 if it is another key. Alt and an arrow is the browser's way back.
export function countKeySteps({ key, shiftKey, altKey, ctrlKey, metaKey }) {
  const ways = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };
  return altKey || ctrlKey || metaKey ? 0 : (ways[key] ?? 0) * (shiftKey ? 10 : 1);
}

// Bounds of the errors: whole decades around all of them, at least from 1e-10 to 10.
export function findErrorRange(errors) {
  let [low, high] = [1e-10, 10];
  for (const values of errors)
    for (const value of values) {
      if (!(value > 0) || value === Infinity) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  const power = (value, round) => 10 ** round(Math.log10(value));
  return [Math.max(1e-18, power(low, Math.floor)), Math.min(1e4, power(high, Math.ceil))];
}

// The box of a label of this size beside the star at (x, y), or beside the line at h where that is close: clear of the line
// and the rings on it, and of the curve's pixels where there is room. Null where there is none.
export function findOptimumBox(x, y, [width, height], frame, scale, line, path) {
  const reach = (RING_PIXELS + 2) * scale;
  const rings = [line - reach, line + reach].map((edge) => [edge, frame.top, edge, frame.bottom]);
  const anchors = Math.abs(line - x) < 3 * reach ? [x, line] : [x];
  for (const avoided of [[...rings, path], rings]) {
    for (const anchor of anchors) {
      const box = findLabelBox(anchor, y, width, height, frame, [], scale, avoided);
      if (box) return box;
    }
  }
  return null;
}

export class ErrorChart {
  // `onMove(h)` is called while h is dragged, `onSettle(h)` when it is let go.
  constructor(host, { onMove, onSettle }) {
    Object.assign(this, { host, onMove, onSettle });
    this.layers = new CanvasLayers(host, ["curves", "cursor"]);
    this.handle = host.appendChild(createElement("div", "descent-check-handle"));
    this.handle.tabIndex = 0;
    this.handle.setAttribute("role", "slider");
    this.handle.setAttribute("aria-valuemin", -16);
    this.handle.setAttribute("aria-valuemax", 0);
    this.observer = observeSize(host, () => hasNewSize(host, this.layers) && this.redraw());
    this.listen();
  }

  listen() {
    const { host, handle } = this;
    const press = new PressTracker(host);
    const at = ({ clientX }) => this.frame.toX.inverse(clientX - host.getBoundingClientRect().left);
    const move = (event) => this.onMove(at(event));
    const settle = () => {
      if (!this.isDragging) return;
      this.isDragging = false;
      this.onSettle();
    };
    host.addEventListener("pointerdown", (event) => {
      if (!this.frame || event.button > 0) return;
      if (event.pointerType === "touch" && event.target !== handle) return; // it may scroll the page
      this.isDragging = true;
      host.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      if (event.target !== handle) move(event);
      event.preventDefault();
    });
    host.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" && press.isSideways && event.buttons === 1 && this.frame) this.isDragging = true;
      if (this.isDragging) move(event);
    });
    host.addEventListener("pointerup", (event) => {
      if (event.pointerType === "touch" && press.isTap && this.frame) {
        this.isDragging = true;
        move(event);
      }
      settle();
    });
    host.addEventListener("pointercancel", settle);
    handle.addEventListener("keydown", (event) => {
      const count = countKeySteps(event);
      if (!count || !this.steps?.length) return;
      event.preventDefault();
      this.stepBy(count);
    });
  }

  // Move h by so many of the known steps.
  stepBy(count) {
    const { steps } = this;
    if (!steps?.length) return;
    const to = findNearestStep(steps, this.h) + count;
    this.onMove(steps[Math.min(steps.length - 1, Math.max(0, to))]);
    this.isStepping = true;
    clearTimeout(this.settleTimer);
    this.settleTimer = setTimeout(() => {
      this.isStepping = false;
      this.onSettle();
    }, SETTLE_MS);
  }

  // The curves of `message`, and the worst entry's errors {h, errors} of the chosen method.
  set(message, theme, worst) {
    Object.assign(this, { message, theme, worst, steps: message.arrays.h });
    this.handle.setAttribute("aria-label", message.labels.handle);
    this.redraw();
  }

  redraw() {
    if (!this.message || !this.host.clientWidth) return;
    this.layers.fit();
    const { curves: context, width, height } = this.layers;
    this.layers.clear("curves");
    this.drawPicture(context, { width, height, font: getSmallFont(this.host), scale: getDrawingScale(this.host) });
    this.moveTo(this.h, this.words);
  }

  // All that does not depend on h, on a canvas or as SVG.
  drawPicture(context, { width, height, font, scale }) {
    const { message, theme, worst } = this;
    const { curves, arrays, labels } = message;
    const errors = curves.map((_, k) => arrays[`error${k}`]);
    this.frame = makeFrame(context, { width, height, font, x: STEPS, y: findErrorRange([...errors, ...(worst ? [worst.errors] : [])]) });
    this.drawZones(context);
    drawFrame(context, this.frame, theme, labels.x_axis);
    this.labelZones(context);
    const order = [...curves.keys()].sort((i, j) => curves[i].chosen - curves[j].chosen);
    const chosen = curves.find((curve) => curve.chosen);
    if (chosen) this.drawTheory(context, chosen, scale);
    if (worst) drawCurve(context, this.frame, worst.h, worst.errors, { colour: theme.muted, width: scale, dash: [1.5, 3] });
    for (const k of order) {
      const style = styleOfCurve(curves[k], theme);
      if (curves[k].chosen) drawCurve(context, this.frame, arrays[`h${k}`], errors[k], { colour: theme.ground, width: (style.width + 3) * scale });
      drawCurve(context, this.frame, arrays[`h${k}`], errors[k], { ...style, width: style.width * scale, alpha: curves[k].chosen ? 1 : 0.75 });
    }
    if (chosen) this.drawFacts(context, chosen, scale);
  }

  drawZones(context) {
    const { left, right, top, bottom, toY } = this.frame;
    for (const { low, high, hue, alpha } of ZONES) {
      const from = Math.max(top, Number.isFinite(high) ? toY(high) : top);
      const until = Math.min(bottom, low > 0 ? toY(low) : bottom);
      context.fillStyle = this.theme.runs[hue];
      context.globalAlpha = alpha;
      context.fillRect(left, from, right - left, Math.max(0, until - from));
    }
    context.globalAlpha = 1;
  }

  labelZones(context) {
    const { left, top, bottom, toY, size } = this.frame;
    context.fillStyle = this.theme.muted;
    context.textAlign = "left";
    context.textBaseline = "top";
    for (const { name, high } of ZONES) {
      const y = Math.max(top, Number.isFinite(high) ? toY(high) : top) + 0.2 * size;
      if (y < bottom - size) context.fillText(this.message.labels[`zone_${name}`], left + 0.5 * size, y);
    }
  }

  // Truncation and round-off of the chosen method.
  drawTheory(context, { theory, method, single }, scale) {
    if (!theory) return;
    const [order, truncation, roundOff] = theory;
    const style = { ...styleOfCurve({ method, single: false }, this.theme), width: scale, dash: [2, 3], alpha: 0.9 };
    const ends = [1e-18, 1e2]; // beyond the frame, which clips
    if (truncation > 0) drawCurve(context, this.frame, ends, ends.map((h) => truncation * h ** order), style);
    if (roundOff > 0) drawCurve(context, this.frame, ends, ends.map((h) => roundOff / h), style);
  }

  // The best h by the theory, and the slopes at the lines on which they were measured.
  drawFacts(context, curve, scale) {
    const { frame, theme, message } = this;
    const { labels } = message;
    const { colour } = styleOfCurve(curve, theme);
    const placer = new LabelPlacer();
    const k = message.curves.indexOf(curve);
    const errorAt = (h) => message.arrays[`error${k}`][findNearestStep(message.arrays[`h${k}`], h)];
    placer.reset(context, frame.font, frame, theme.ground, [curve.optimum && this.drawOptimum(context, curve.optimum, k, scale)]);
    for (const measured of [curve.truncation, curve.round_off]) {
      if (!measured) continue;
      const middle = Math.sqrt(measured[1] * measured[2]);
      placer.place(frame.toX(middle), frame.toY(errorAt(middle)), fillTemplate(labels.slope, { slope: formatNumber(measured[0]) }), colour);
    }
  }

  // The best h by the theory: a star, and its label. Returns the label's box, or null. `k`: its curve.
  drawOptimum(context, [h, error], k, scale) {
    const { frame, theme, message } = this;
    const { [`h${k}`]: steps, [`error${k}`]: errors } = message.arrays;
    const [x, y] = [frame.toX(h), frame.toY(Math.max(error, frame.toY.low))];
    drawStar(context, x, y, theme.ink, theme.ground, scale);
    context.font = frame.font;
    const words = fillTemplate(message.labels.theory_best, { h: formatNumber(h, 2) });
    const line = frame.toX(this.h ?? message.h);
    const height = 1.3 * parseFloat(frame.font);
    const path = Array.from(steps).flatMap((step, i) => [frame.toX(step), frame.toY(Math.max(errors[i], frame.toY.low))]);
    const box = findOptimumBox(x, y, [context.measureText(words).width, height], frame, scale, line, path);
    if (box) drawLabel(context, box.from, box.line, words, theme.ink, theme.ground, frame.font);
    return box;
  }

  // The line and its handle at h; `words` are what the handle says.
  moveTo(h, words) {
    Object.assign(this, { h, words });
    this.layers.clear("cursor");
    if (!this.frame || !(h > 0)) return;
    this.drawCursor(this.layers.cursor, getDrawingScale(this.host));
    Object.assign(this.handle.style, { left: `${this.frame.toX(h)}px`, top: `${this.frame.top}px` });
    this.handle.setAttribute("aria-valuenow", Math.log10(h).toFixed(2));
    this.handle.setAttribute("aria-valuetext", words ?? "");
  }

  // The line at h, and a ring on every curve.
  drawCursor(context, scale) {
    const { h, frame: { toX, toY, top, bottom }, message: { curves, arrays } } = this;
    const x = toX(h);
    context.strokeStyle = this.theme.ink;
    context.lineWidth = 1.4 * scale;
    strokeLine(context, x, top, x, bottom);
    if (this.message.waits) this.drawQuestionMark(context, x);
    curves.forEach((curve, k) => {
      const nearest = findNearestStep(arrays[`h${k}`], h);
      if (Math.abs(Math.log10(arrays[`h${k}`][nearest] / h)) > MOST_DECADES) return; // the curve does not get there
      const error = arrays[`error${k}`][nearest];
      if (error >= 0 && Number.isFinite(error) && error <= toY.high) drawRing(context, x, toY(Math.max(error, toY.low)), styleOfCurve(curve, this.theme).colour, this.theme.ground, curve.chosen ? RING_PIXELS : 3.2, scale);
    });
  }

  // Draw a question mark beside the line at h, where a lesson asks for the error.
  drawQuestionMark(context, x) {
    const { left, right, top, bottom, size } = this.frame;
    context.font = this.frame.font.replace(/[\d.]+px/, `${4 * size}px`);
    context.fillStyle = this.theme.muted;
    context.textAlign = x > (left + right) / 2 ? "right" : "left";
    context.textBaseline = "middle";
    context.fillText("?", x + (context.textAlign === "right" ? -size : size), (top + bottom) / 2);
  }

  remove() {
    clearTimeout(this.settleTimer);
    this.observer.disconnect();
  }
}
