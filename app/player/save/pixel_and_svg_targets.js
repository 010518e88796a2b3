// The targets on which the same code draws a picture or a video: a canvas of pixels, or SVG.

import { SvgContext } from "../draw/svg_context.js";

// Letters stand where the font puts them, not at the pixels of a screen: a picture has finer ones.
export const TEXT_SETTINGS = { textRendering: "geometricPrecision" };
const MAX_PIXELS = 16e6; // pixels of a picture: on the largest screens it is less than twice as large

// Pixels for each of the screen's, so that a picture has no more than it may.
export const choosePixelRatio = (width, height, { widest = Infinity, most = MAX_PIXELS } = {}) => Math.min(2, widest / width, Math.sqrt(most / (width * height)));

export class PixelTarget {
  // `isRead`: its pixels are read often.
  constructor(width, height, ratio, isRead = false) {
    const even = (value) => 2 * Math.round((value * ratio) / 2); // as a video needs
    this.canvas = Object.assign(document.createElement("canvas"), { width: even(width), height: even(height) });
    Object.assign(this, { ratio, width, height, contextSettings: { willReadFrequently: isRead } });
    this.context = Object.assign(this.canvas.getContext("2d", this.contextSettings), TEXT_SETTINGS);
    this.context.scale(this.canvas.width / width, this.canvas.height / height);
  }

  createLayers(names, { width, height }) {
    return new OffscreenLayers(names, width, height, this);
  }

  // Takes a view that Plotly has drawn; returns a function that draws it at a place.
  async prepareContours(markup, { width, height }) {
    const picture = Object.assign(new Image(), { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}` });
    await picture.decode();
    return (x, y) => this.context.drawImage(picture, x, y, width, height);
  }

  prepareSurface(canvas, { width, height }) {
    const copy = copyCanvas(canvas);
    return (x, y) => this.context.drawImage(copy, x, y, width, height);
  }
}

export class SvgTarget {
  constructor(width, height) {
    const pen = Object.assign(document.createElement("canvas").getContext("2d"), TEXT_SETTINGS);
    this.measure = (font, text) => {
      pen.font = font;
      return pen.measureText(text).width;
    };
    Object.assign(this, { ratio: 2, width, height, ids: { clips: 0 } });
    this.context = new SvgContext(this.measure, this.ids);
  }

  createLayers(names, { width, height }, groupName) {
    return new SvgLayers(names, width, height, this, groupName);
  }

  prepareContours(markup) {
    return (x, y) => this.context.addMarkup(markup, x, y, "landscape-contours");
  }

  prepareSurface(canvas, { width, height }) {
    const address = copyCanvas(canvas).toDataURL("image/png");
    return (x, y) => this.context.addImage(address, x, y, width, height);
  }
}

function copyCanvas(canvas) {
  const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  copy.getContext("2d", { willReadFrequently: true }).drawImage(canvas, 0, 0);
  return copy;
}

// Layers like those of `CanvasLayers` that nobody sees.
class OffscreenLayers {
  constructor(names, width, height, { ratio, contextSettings }) {
    Object.assign(this, { names, width, height });
    for (const name of names) {
      const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      const context = Object.assign(canvas.getContext("2d", contextSettings), TEXT_SETTINGS);
      context.scale(canvas.width / width, canvas.height / height);
      [context.lineJoin, context.lineCap] = ["round", "butt"];
      this[name] = context;
    }
  }

  fit() {
    for (const name of this.names) this.clear(name);
  }

  clear(name) {
    this[name].clearRect(0, 0, this.width, this.height);
  }

  // Some of the layers, laid on a canvas.
  drawOnto(context, names, x, y) {
    for (const name of names) context.drawImage(this[name].canvas, x, y, this.width, this.height);
  }
}

// The same in SVG; `groupName` names its groups.
class SvgLayers {
  constructor(names, width, height, { measure, ids }, groupName) {
    Object.assign(this, { names, width, height, groupName });
    for (const name of names) {
      this[name] = new SvgContext(measure, ids);
      this[name].lineJoin = "round";
    }
  }

  fit() {
    for (const name of this.names) this.clear(name);
  }

  clear(name) {
    this[name].clear();
  }

  drawOnto(vectors, names, x, y) {
    for (const name of names) vectors.addMarkup(this[name].markup, x, y, `${this.groupName}-${name}`);
  }
}
