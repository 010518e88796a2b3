// What tests and benchmarks can see and do, as `window.__descent`.

const FRAME_TIMES_KEPT = 1024; // frames

export const metrics = { frames: new Float32Array(FRAME_TIMES_KEPT), count: 0, paintCount: 0, lastPaintAt: 0 };

export function exposeToTests(player) {
  const live = {
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
      return player.parts.views.landscape.view;
    },
    get mode() {
      return player.parts.views.mode;
    },
    get space() {
      return player.parts.views.space;
    },
    heads: () => player.parts.views.shown.headPixels(),
    pixelOf: (x, y) => player.parts.views.shown.pixelOf(x, y),
    point: (run, k) => ["x", "y"].map((name) => player.runs[run].columns[name][k]),
    column: (run, name) => player.runs[run]?.columns[name] && [...player.runs[run].columns[name]],
    seek: (k) => (player.clock.stand(k), player.now()),
  };
  window.__descent = Object.defineProperties(metrics, Object.getOwnPropertyDescriptors(live));
}
