// State and actions of the race for tests and benchmarks, as `window.__descent`.

const FRAME_TIMES_KEPT = 1024; // frames

export const metrics = { frames: new Float32Array(FRAME_TIMES_KEPT), count: 0, paintCount: 0, lastPaintAt: 0 };

export function exposeToTests(player) {
  const live = {
    // not of a page that has been left since
    get isShown() {
      return player.root.isConnected;
    },
    get step() {
      return player.clock.step;
    },
    get position() {
      return player.clock.position;
    },
    get playing() {
      return player.clock.playing;
    },
    get view() {
      return player.panels.landscape.contourView.view;
    },
    // the window whose contours are drawn
    get computedWindow() {
      return player.panels.landscape.contourView.drawnWindow;
    },
    get mode() {
      return player.panels.landscape.mode;
    },
    get space() {
      return player.panels.landscape.surfaceView;
    },
    heads: () => player.panels?.landscape.activeView.headPixels() ?? [], // none before the first picture
    pixelOf: (x, y) => player.panels.landscape.activeView.pixelOf(x, y),
    point: (run, k) => ["x", "y"].map((name) => player.runs[run].columns[name][k]),
    column: (run, name) => player.runs[run]?.columns[name] && [...player.runs[run].columns[name]],
    seek: (k) => (player.clock.pauseAt(k), player.requestFrame()),
  };
  window.__descent = Object.defineProperties(metrics, Object.getOwnPropertyDescriptors(live));
}
