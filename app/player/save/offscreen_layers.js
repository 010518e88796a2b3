// Layers that nobody sees: what a view draws for a picture or a film, as pixels or as lines.

import { SvgContext } from "../draw/svg_context.js";

// As `Layers`, with so many pixels for each of the screen's.
export class OffscreenLayers {
  constructor(names, width, height, { ratio, kept }) {
    Object.assign(this, { names, width, height });
    for (const name of names) {
      const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      const context = canvas.getContext("2d", kept);
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

// The same as vectors; `groupName` names its groups.
export class SvgLayers {
  constructor(names, width, height, { measure, ids }, groupName) {
    Object.assign(this, { names, width, height, called: groupName });
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
    for (const name of names) vectors.addMarkup(this[name].markup, x, y, `${this.called}-${name}`);
  }
}
