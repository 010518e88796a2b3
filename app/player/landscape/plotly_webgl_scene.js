// Plotly's scene in WebGL: draw it, report its frames, release it, and restore it when the browser takes its context.

import { hasNewSize } from "../base/dom.js";
import { buildSceneLayout, buildSurfaceTrace } from "./plotly_surface.js";

const MIN_CONTEXT_LIFETIME_MS = 5000; // milliseconds: a context lost sooner than this is not replaced

// Whether this browser has WebGL; the context of the test is released.
export function hasWebGL() {
  const gl = document.createElement("canvas").getContext("webgl");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(gl);
}

export class PlotlySurface {
  // `camera()` says where to look from, as Plotly's layout has it; `drawn()` is called with every picture that WebGL
  // has made, `failed()` when it is gone and cannot be had again.
  constructor(host, labels, { camera: getCamera, drawn: onDrawn, failed: onFailed }) {
    Object.assign(this, { host, labels, camera: getCamera, drawn: onDrawn, failed: onFailed });
    this.pixelRatio = null; // pixels for each of the screen's, where it is not the screen that it is drawn for
    this.plot = host.appendChild(Object.assign(document.createElement("div"), { className: "descent-plot" }));
    this.plot.setAttribute("aria-hidden", "true"); // the controls over it say what it is
  }

  // Resolves once the surface is drawn, to whether it could be.
  show(Plotly, stage, theme, name, terrain) {
    Object.assign(this, { Plotly, stage, theme, name, terrain });
    this.surface = buildSurfaceTrace(stage, name, theme, terrain);
    return this.replot();
  }

  async replot() {
    this.isEmpty = false;
    const config = { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false };
    for (const trace of Object.values(this.scene?.traces ?? {})) delete trace.setContourLevels;
    config.plotGlPixelRatio = this.pixelRatio ?? Math.min(2, Math.max(1, window.devicePixelRatio || 1));
    await this.Plotly.react(this.plot, [this.surface], buildSceneLayout(this.host, this, this.camera()), config);
    if (!this.isRemoved && this.scene?.glplot) return this.attachCallbacks();
    this.releaseContext();
    if (!this.isRemoved) this.failed();
    return false;
  }

  // Every picture that WebGL draws comes with its camera: what lies over it is drawn again in the same frame.
  attachCallbacks() {
    const { scene } = this;
    for (const trace of Object.values(scene.traces)) trace.setContourLevels = null; // not computed again in every frame
    if (this.glplot !== scene.glplot) {
      this.glplot = scene.glplot;
      const render = scene.glplot.onrender;
      scene.glplot.onrender = () => {
        render();
        this.drawn();
      };
      scene.glplot.oncontextloss = () => this.onContextLost(); // Plotly would wait for the same one in every frame, for ever
    }
    return true;
  }

  get scene() {
    return this.plot._fullLayout?.scene?._scene;
  }

  // The arguments of `CameraProjection`, or null where nothing is drawn.
  get matrices() {
    return this.glplot && [this.glplot.cameraParams, this.scene.dataScale];
  }

  updateCamera() {
    if (this.glplot) this.Plotly.relayout(this.plot, { "scene.camera": this.camera() });
  }

  // Resolves to whether it had to be drawn again.
  async resize(ratio) {
    if (!this.glplot || !this.host.clientWidth || this.isHidden) return false;
    return (hasNewSize(this.host, this.plot._fullLayout) || ratio !== window.devicePixelRatio) && this.replot();
  }

  get isHidden() {
    return this.host.classList.contains("descent-hidden");
  }

  // Browsers take contexts away when the driver restarts or other pages need them. Draw again in a new one, unless the
  // view is hidden.
  async onContextLost() {
    const before = this.contextLostAt;
    this.contextLostAt = performance.now();
    this.releaseContext();
    if (this.isHidden || this.isRemoved) return;
    if (this.contextLostAt - before < MIN_CONTEXT_LIFETIME_MS || !hasWebGL()) this.failed();
    else if (await this.replot()) this.drawn();
  }

  // Release the context now, not at the next garbage collection.
  releaseContext() {
    this.glplot = null;
    this.isEmpty = true;
    if (!this.plot._fullLayout) return;
    const gl = this.scene?.glplot?.gl;
    this.Plotly.purge(this.plot);
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }

  remove() {
    this.isRemoved = true;
    this.releaseContext();
  }
}
