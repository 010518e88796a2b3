// One chart over the steps: fixed axes, a line per run, the clock's cursor through it.

import { Layers, Trail, headAt } from "./layers.js";
import { head } from "./marks.js";
import { axis, projectAll } from "./projection.js";
import { linearTicks, logTicks } from "./ticks.js";

export class Curve {
  // `seek(step)` is called where the chart is pressed.
  constructor(host, seek, redraw) {
    Object.assign(this, { host, redraw });
    this.series = [];
    this.trails = [];
    this.layers = new Layers(host, ["grid", "ghost", "trail", "heads"]);
    this.observer = new ResizeObserver(() => {
      if (host.clientWidth !== this.layers.width || host.clientHeight !== this.layers.height) this.project();
    });
    this.observer.observe(host);
    const jump = (event) => {
      if (event.buttons !== 1 || !this.toX) return;
      seek(Math.round(this.toX.inverse(event.clientX - host.getBoundingClientRect().left)));
    };
    host.addEventListener("pointerdown", jump);
    host.addEventListener("pointermove", jump);
  }

  // `series`: {values, style, name}; `log` as wished: without a positive value the axis is linear all the same.
  set(series, steps, log, theme, stepWord) {
    Object.assign(this, { series, steps, theme, stepWord });
    this.log = log && series.some(({ values }) => values.some((value) => value > 0));
    this.range = range(series, this.log);
    this.project();
  }

  project() {
    if (!this.theme || !this.host.clientWidth) return;
    this.layers.fit();
    const size = parseFloat(getComputedStyle(this.host).fontSize);
    this.font = `${0.86 * size}px ${getComputedStyle(this.host).fontFamily}`;
    const bottom = this.layers.height - Math.round((this.stepWord ? 2.9 : 1.7) * size);
    this.frame = { left: Math.round(3.3 * size), top: 6, right: this.layers.width - 8, bottom };
    this.toX = axis(0, Math.max(1, this.steps), this.frame.left, this.frame.right);
    this.toY = axis(...this.range, this.frame.bottom, this.frame.top, this.log);
    this.drawAxes(size);
    const counts = Float64Array.from({ length: this.steps + 1 }, (_, i) => i);
    this.trails = this.series.map(({ values, style }) => new Trail(projectAll(counts, values, this.toX, this.toY), { ...style, width: 1.8 }));
    this.wide = { ...this.frame, top: this.frame.top - 2, bottom: this.frame.bottom + 2 };
    this.trails.forEach((trail) => trail.ghost(this.layers.ghost, this.wide));
    this.grown = 0;
    this.redraw();
  }

  drawAxes(size) {
    const context = this.layers.grid;
    const { left, right, top, bottom } = this.frame;
    context.font = this.font;
    context.fillStyle = this.theme.muted;
    context.strokeStyle = this.theme.hairline;
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    const room = Math.max(2, Math.floor((bottom - top) / (3.6 * size)));
    const ticks = this.log ? logTicks(...this.range, room) : linearTicks(...this.range, room);
    for (const { value, text } of ticks) {
      const y = Math.round(this.toY(value)) + 0.5;
      line(context, left, y, right, y);
      context.fillText(text, left - 7, y);
    }
    line(context, left + 0.5, top, left + 0.5, bottom);
    line(context, left, bottom + 0.5, right, bottom + 0.5);
    context.textBaseline = "top";
    context.textAlign = "center";
    for (const { value, text } of linearTicks(0, Math.max(1, this.steps), Math.max(2, Math.floor((right - left) / (5 * size))))) {
      if (Number.isInteger(value)) context.fillText(text, Math.min(this.toX(value), right - 0.5 * size), bottom + 6);
    }
    if (this.stepWord) context.fillText(this.stepWord, (left + right) / 2, bottom + 6 + 1.15 * size);
  }

  draw(position) {
    if (!this.toX || !this.trails.length) return this.layers.clear("heads");
    const k = Math.floor(position + 1e-9);
    if (k < this.grown) {
      this.layers.clear("trail");
      for (const trail of this.trails) trail.drawn = 0;
    }
    this.grown = k;
    this.layers.clear("heads");
    const context = this.layers.heads;
    const x = this.toX(position);
    context.strokeStyle = this.theme.ink;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    line(context, x, this.frame.top, x, this.frame.bottom);
    context.setLineDash([]);
    this.trails.forEach((trail) => {
      const at = headAt(trail.pixels, position);
      trail.grow(this.layers.trail, k, this.wide);
      trail.tip(context, at.k, at.x, at.y, this.wide);
      if (Number.isFinite(at.y)) head(context, at.x, at.y, trail.style.marker, trail.style.colour, this.theme.ground, 4);
    });
  }

  remove() {
    this.observer.disconnect();
  }
}

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

// Bounds that hold every finite value of every run (above zero on a log axis), with a little air.
export function range(series, log) {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of series)
    for (const value of values) {
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  if (low > high) return log ? [0.1, 10] : [0, 1];
  if (log) {
    const air = 10 ** Math.max(0.04 * Math.log10(high / low), 0.08);
    return [Math.max(low / air, Number.MIN_VALUE), Math.min(high * air, Number.MAX_VALUE)];
  }
  const air = 0.04 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low - air, high + air];
}

// Runs with values that a log axis cannot hold, with the first step of each.
export function notPositive(series) {
  return series
    .map(({ name, values }) => ({ name, k: values.findIndex((value) => value <= 0) }))
    .filter(({ k }) => k >= 0);
}
