// What a picture is drawn with: pixels, or lines. Both are drawn on by the same hands.

import { PlotlySurface } from "../landscape/plotly_webgl_scene.js";
import { createElement } from "../base/dom.js";
import { OffscreenLayers, SvgLayers } from "./offscreen_layers.js";
import { SvgContext } from "../draw/svg_context.js";

const MAX_PIXELS = 16e6; // pixels of a picture: on the largest screens it is less than twice as large

// Pixels for each of the screen's, so that a picture has no more than it may.
export const choosePixelRatio = (width, height, { widest = Infinity, most = MAX_PIXELS } = {}) => Math.min(2, widest / width, Math.sqrt(most / (width * height)));

export class PixelTarget {
  // `isRead`: its pixels are wanted often, so they are better kept where they can be read.
  constructor(width, height, ratio, isRead = false) {
    const even = (value) => 2 * Math.round((value * ratio) / 2); // as a film has to be
    this.canvas = Object.assign(document.createElement("canvas"), { width: even(width), height: even(height) });
    Object.assign(this, { ratio, width, height, kept: { willReadFrequently: isRead } });
    this.context = this.canvas.getContext("2d", this.kept);
    this.context.scale(this.canvas.width / width, this.canvas.height / height);
  }

  layers(names, { width, height }) {
    return new OffscreenLayers(names, width, height, this);
  }

  // What Plotly has drawn of a view, to be laid at a place.
  async contours(markup, { width, height }) {
    const picture = Object.assign(new Image(), { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}` });
    await picture.decode();
    return (x, y) => this.context.drawImage(picture, x, y, width, height);
  }

  surface(canvas, { width, height }) {
    const copy = copyCanvas(canvas);
    return (x, y) => this.context.drawImage(copy, x, y, width, height);
  }
}

export class SvgTarget {
  constructor(width, height) {
    const pen = document.createElement("canvas").getContext("2d");
    this.measure = (font, text) => {
      pen.font = font;
      return pen.measureText(text).width;
    };
    Object.assign(this, { ratio: 2, width, height, ids: { clips: 0 } });
    this.context = new SvgContext(this.measure, this.ids);
  }

  layers(names, { width, height }, called) {
    return new SvgLayers(names, width, height, this, called);
  }

  contours(markup) {
    return (x, y) => this.context.addMarkup(markup, x, y, "landscape-contours");
  }

  surface(canvas, { width, height }) {
    const address = copyCanvas(canvas).toDataURL("image/png");
    return (x, y) => this.context.addImage(address, x, y, width, height);
  }
}

function copyCanvas(canvas) {
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  copy.getContext("2d", { willReadFrequently: true }).drawImage(canvas, 0, 0);
  return copy;
}

// A view in space drawn once more where nobody looks, as finely as the press prints; `use(drawing, canvas)` is called
// while it is there, and then its context is given back.
export async function renderOffscreen(space, { ratio }, camera, use) {
  const host = space.host.parentElement.appendChild(createElement("div", "descent-unseen-view"));
  host.setAttribute("aria-hidden", "true");
  host.style.width = `${space.layers.width}px`;
  host.style.height = `${space.layers.height}px`;
  const drawing = new PlotlySurface(host, space.labels, { camera: () => camera, drawn: () => {}, failed: () => {} });
  drawing.ratio = ratio;
  try {
    const { stage, theme, terrain, Plotly, name } = space.drawing;
    if (!(await drawing.show(Plotly, stage, theme, name, terrain))) throw new Error("there is no WebGL for another picture");
    drawing.glplot.redraw(); // what is drawn can be read until this task is over
    return use(drawing, drawing.scene.glplot.canvas);
  } finally {
    drawing.remove();
    host.remove();
  }
}
