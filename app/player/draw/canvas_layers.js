// Canvases over a view, one above the other, all of its size.

export class CanvasLayers {
  // Canvases named by `names`, bottom first, all the size of `host`.
  constructor(host, names) {
    Object.assign(this, { host, names });
    this.canvases = names.map((name) => {
      const canvas = document.createElement("canvas");
      canvas.className = `descent-layer descent-layer-${name}`;
      canvas.setAttribute("aria-hidden", "true");
      host.append(canvas);
      this[name] = canvas.getContext("2d");
      return canvas;
    });
    this.width = this.height = 0;
  }

  // Resize to the host and clear.
  fit() {
    const { clientWidth: width, clientHeight: height } = this.host;
    const ratio = window.devicePixelRatio || 1;
    if (width === this.width && height === this.height && ratio === this.ratio) {
      for (const canvas of this.canvases) canvas.getContext("2d").clearRect(0, 0, width, height);
      return;
    }
    this.ratio = ratio;
    for (const canvas of this.canvases) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      [context.lineJoin, context.lineCap] = ["round", "butt"];
    }
    [this.width, this.height] = [width, height];
  }

  clear(name) {
    this[name].clearRect(0, 0, this.width, this.height);
  }
}
