// Two verdicts without a tolerance: the slope of the Taylor remainder, and the residual of a fitted parabola.

import { createElement, hasNewSize, observeSize } from "../player/base/dom.js";
import { fillTemplate, formatNumber } from "../player/base/number_format.js";
import { CanvasLayers } from "../player/draw/canvas_layers.js";
import { getDrawingScale, getSmallFont } from "../player/draw/drawing_scale.js";
import { drawCurve, drawFrame, makeFrame, strokeLine } from "./chart_frame.js";
import { findErrorRange } from "./error_chart.js";

const KINK_LIMIT = 1e-2; // of the range of the values, as in Chainer

export class SmallCharts {
  constructor(host, labels) {
    this.labels = labels;
    this.taylor = new SmallChart(host, labels.taylor);
    this.parabola = new SmallChart(host, labels.parabola);
  }

  set({ taylor, arrays }, theme) {
    const { labels } = this;
    const accent = { colour: theme.accent, width: 1.8 };
    if (taylor) {
      const range = findErrorRange([arrays.taylor_r]);
      const sample = Math.min(...arrays.taylor_r.filter((r) => r > 0));
      this.taylor.set(theme, "t", { x: [1e-8, 1], y: [Math.max(range[0], sample / 3), range[1]] }, [{ xs: arrays.taylor_t, ys: arrays.taylor_r, ...accent }]);
      const { slope, right } = taylor;
      this.taylor.say(slope === null ? labels.taylor_exact : fillTemplate(labels[right ? "taylor_right" : "taylor_wrong"], { slope: formatNumber(slope) }));
    }
    if (!arrays.h) return;
    this.values = arrays.parabola;
    const limit = { xs: [1e-16, 1], ys: [KINK_LIMIT, KINK_LIMIT], colour: theme.muted, width: 1, dash: [3, 3] };
    this.parabola.set(theme, labels.x_axis, { x: [1e-16, 1], y: [1e-12, 10] }, [limit, { xs: arrays.h, ys: arrays.parabola, ...accent }]);
  }

  // At row `k` of the scan.
  show(k, h) {
    const share = this.values?.[k];
    if (share === undefined) return;
    const { labels } = this;
    this.parabola.say(fillTemplate(labels[share > KINK_LIMIT ? "parabola_kinked" : "parabola_smooth"], { share: formatNumber(100 * share, 2) }));
    this.parabola.moveTo(h);
  }

  remove() {
    this.taylor.remove();
    this.parabola.remove();
  }
}

class SmallChart {
  constructor(host, title) {
    const figure = host.appendChild(createElement("figure", ""));
    figure.append(createElement("h3", "", title));
    this.host = figure.appendChild(createElement("div", "descent-check-little"));
    this.words = figure.appendChild(createElement("figcaption", "descent-quiet"));
    this.layers = new CanvasLayers(this.host, ["curves", "cursor"]);
    this.observer = observeSize(this.host, () => hasNewSize(this.host, this.layers) && this.redraw());
  }

  set(theme, xTitle, ranges, curves) {
    Object.assign(this, { theme, xTitle, ranges, curves });
    this.redraw();
  }

  say(text) {
    if (this.words.textContent !== text) this.words.textContent = text;
  }

  redraw() {
    if (!this.curves || !this.host.clientWidth) return;
    this.layers.fit();
    const { curves: context, width, height } = this.layers;
    this.layers.clear("curves");
    const scale = getDrawingScale(this.host);
    this.frame = makeFrame(context, { width, height, font: getSmallFont(this.host), ...this.ranges });
    drawFrame(context, this.frame, this.theme, this.xTitle);
    for (const { xs, ys, ...style } of this.curves) drawCurve(context, this.frame, xs, ys, { ...style, width: style.width * scale });
    this.moveTo(this.h);
  }

  moveTo(h) {
    this.h = h;
    this.layers.clear("cursor");
    if (!this.frame || !(h > 0)) return;
    const { cursor: context } = this.layers;
    const x = this.frame.toX(h);
    context.strokeStyle = this.theme.ink;
    context.lineWidth = getDrawingScale(this.host);
    strokeLine(context, x, this.frame.top, x, this.frame.bottom);
  }

  remove() {
    this.observer.disconnect();
  }
}
