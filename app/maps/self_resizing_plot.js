// A Plotly plot that fills its host.

import { hasNewSize, observeSize } from "../player/base/dom.js";

export class SelfResizingPlot {
  // `makeLayout({ width, height, em })` returns what is particular to the layout; `em` is the size of the host's text in
  // pixels. `onUpdate()` is called after another layout or size.
  // Plotly draws in `element`, the host itself or a part of it.
  constructor(host, makeLayout, onUpdate = () => {}, element = host) {
    Object.assign(this, { host, makeLayout, onUpdate, element, isDrawn: false });
    this.observer = observeSize(host, () => this.resize());
  }

  // Returns whether it is the first time: then `element` takes listeners.
  async draw(traces, config = {}) {
    await window.Plotly.react(this.element, traces, this.layout(), { displayModeBar: false, doubleClick: false, responsive: false, ...config });
    const isFirst = !this.isDrawn;
    this.isDrawn = true;
    return isFirst;
  }

  layout() {
    const { fontFamily: family, fontSize } = getComputedStyle(this.host);
    const em = parseFloat(fontSize);
    const size = { width: this.host.clientWidth, height: this.host.clientHeight };
    this.size = { ...size, ratio: devicePixelRatio };
    const { font, ...layout } = this.makeLayout({ ...size, em });
    return { ...size, paper_bgcolor: "rgba(0,0,0,0)", showlegend: false, font: { family, size: 0.86 * em, ...font }, ...layout };
  }

  // The layout anew, if the plot is drawn.
  async update() {
    if (!this.isDrawn) return;
    await window.Plotly.relayout(this.element, this.layout());
    this.onUpdate();
  }

  resize() {
    if (this.isDrawn && hasNewSize(this.host, this.size)) this.update();
  }

  // The event's place in the units of the axes, or null before the plot is drawn.
  dataAt({ clientX, clientY }) {
    if (!this.isDrawn) return null;
    const { left, top } = this.element.getBoundingClientRect();
    const { xaxis, yaxis } = this.element._fullLayout;
    return [xaxis.p2d(clientX - left - xaxis._offset), yaxis.p2d(clientY - top - yaxis._offset)];
  }

  remove() {
    this.observer.disconnect();
    if (this.isDrawn) window.Plotly.purge(this.element);
  }
}
