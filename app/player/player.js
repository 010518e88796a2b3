// The player: one landscape, two charts, one table and one clock for each place where Streamlit mounts it.

import { Clock } from "./clock.js";
import { Curve, notPositive } from "./curves.js";
import { Landscape } from "./landscape.js";
import { decodeRuns, decodeStage } from "./message.js";
import { awaitStage, forgetStage, offerStage } from "./registry.js";
import { Space, canDraw } from "./space.js";
import { styleOf, themeOf } from "./theme.js";
import { figure, fill } from "./ticks.js";
import { Transport, button, element } from "./transport.js";
import { Verdicts, leading } from "./verdicts.js";

const STRIPS = ["gradient_norm", "lr", "step_length"];
const ZOOM = {
  zoom_in: "M10.8 5h2.4v5.8H19v2.4h-5.8V19h-2.4v-5.8H5v-2.4h5.8z",
  zoom_out: "M5 10.8h14v2.4H5z",
  reset: "M5 5h5v2.2H7.2V10H5zM14 5h5v5h-2.2V7.2H14zM5 14h2.2v2.8H10V19H5zM16.8 14H19v5h-5v-2.2h2.8z",
};

const PATIENCE = 3000; // milliseconds that a player whose place was taken away waits for another
const players = new Map(); // name of the scene -> Player
const measured = { frames: new Float32Array(1024), count: 0, painted: 0, paintedAt: 0 };

// Streamlit calls these at mount and again, with the same parentElement, whenever data or theme changed. When runs of
// its script follow each other fast (a slider's key is held) it takes the place away and gives another: the player,
// its clock and its zoom move there.
export function player(component, urls) {
  const { parentElement, data, setStateValue } = component;
  guarded(() => {
    const scene = decodeRuns(data);
    const here = players.get(scene.id) ?? new Player(urls);
    players.set(scene.id, here);
    here.send = (start) => setStateValue("start", start);
    here.settle(parentElement);
    here.receive(scene);
  });
  return () => {
    for (const [name, here] of players)
      here.leave(parentElement, () => {
        if (players.get(name) === here) players.delete(name);
      });
  };
}

export function stage({ parentElement, data }) {
  const container = parentElement.closest('[data-testid="stElementContainer"]');
  if (container) container.style.display = "none";
  let name = null;
  guarded(() => {
    const message = decodeStage(data);
    name = message.id;
    offerStage(name, message);
  });
  return () => name && forgetStage(name);
}

// A message that cannot be read changes nothing.
function guarded(read) {
  try {
    read();
  } catch (error) {
    console.warn(`descent: ignored a message: ${error.message}`);
  }
}

class Player {
  constructor(urls) {
    this.urls = urls;
    this.root = element("section", "descent");
    this.root.tabIndex = 0;
    this.style = loadStyle(`${urls.folder}player.css`);
    this.plotly = window.Plotly ? Promise.resolve() : import(urls.plotly);
    this.clock = new Clock(0);
    this.serial = Date.now();
    this.logLoss = null; // until the visitor chooses, log where every loss allows it
    this.strip = STRIPS[0];
    this.mode = "contour";
    this.edition = 0; // of the stage
    this.frame = this.frame.bind(this);
    this.keys = this.keys.bind(this);
    this.root.addEventListener("keydown", this.keys);
    this.root.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("button, input, select")) this.root.focus({ preventScroll: true });
    });
  }

  // ---- where it stands

  settle(parent) {
    clearTimeout(this.homeless);
    if (this.root.parentElement === parent) return;
    parent.append(this.root);
    this.home = parent;
  }

  // Without a place for a while it is not wanted any more; `gone` is called then.
  leave(parent, gone) {
    if (this.home !== parent) return;
    this.homeless = setTimeout(() => {
      this.remove();
      gone();
    }, PATIENCE);
  }

  // ---- what comes in

  receive(scene) {
    const before = this.scene;
    this.scene = scene;
    this.clock.resize(scene.steps);
    if (!before) this.stopAwaiting = awaitStage(scene.id, (message) => this.setStage(message));
    if (!this.parts) return;
    const typed = before && before.start.join() !== scene.start.join() && this.sent?.join() !== scene.start.join();
    if (typed && !this.awaiting && !this.still) this.restart();
    this.show();
  }

  async setStage(message) {
    this.stageMessage = message;
    await Promise.all([this.plotly, this.style]);
    if (this.removed || this.stageMessage !== message) return;
    if (!this.parts) this.build(message.labels);
    const staged = JSON.stringify(message.stage);
    if (staged !== this.staged) {
      const first = !this.staged;
      this.staged = staged;
      this.edition += 1; // the figure is drawn again
      this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (this.still) this.clock.seek(this.clock.steps);
      else this.restart();
      if (first) this.expose();
    }
    await this.show();
  }

  restart() {
    this.clock.seek(0);
    this.clock.playing = true;
  }

  // ---- what is shown

  build(labels) {
    const { root } = this;
    const part = (name) => root.appendChild(element("div", `descent-${name}`));
    const again = () => this.schedule();
    root.setAttribute("aria-label", labels.player);

    const left = part("left");
    const bar = left.appendChild(element("div", "descent-bar"));
    this.levels = bar.appendChild(element("span", "descent-quiet"));
    const tools = bar.appendChild(element("div", "descent-tools"));
    this.modes = segments(tools, [["contour", labels.contour], ["space", labels.space]], (name) => this.choose(name));
    const zoom = tools.appendChild(element("div", "descent-segments"));
    const land = left.appendChild(element("div", "descent-landscape"));
    land.setAttribute("role", "group");
    land.setAttribute("aria-label", labels.landscape);
    this.views = (Kind) => new Kind(land.appendChild(element("div", "descent-view")), labels, (x, y, how) => this.offer(x, y, how), again);
    const landscape = this.views(Landscape);
    for (const [name, act] of [["zoom_in", () => this.shown.zoom(1 / 1.5)], ["zoom_out", () => this.shown.zoom(1.5)], ["reset", () => this.shown.reset()]])
      zoom.append(button(labels[name], ZOOM[name], act));

    const transport = new Transport(part("transport"), labels, this.clock, () => {
      this.quick = true;
      again();
    });

    const right = part("right");
    this.note = right.appendChild(element("p", "descent-note"));
    const seek = (step) => {
      this.clock.seek(step);
      this.quick = true;
      again();
    };
    const lossBar = right.appendChild(element("div", "descent-bar"));
    lossBar.append(Object.assign(element("h3", ""), { textContent: labels.loss }));
    this.scales = segments(lossBar, [["linear", labels.linear], ["log", labels.log]], (choice) => {
      this.logLoss = choice === "log";
      this.showCurves();
    });
    const loss = chart(right, labels.loss, seek, again);
    this.warning = right.appendChild(element("p", "descent-quiet"));
    const stripBar = right.appendChild(element("div", "descent-bar"));
    const choice = stripBar.appendChild(element("select", "descent-strip-choice"));
    choice.setAttribute("aria-label", labels.strip);
    for (const name of STRIPS) choice.append(new Option(labels[name], name));
    choice.addEventListener("change", () => {
      this.strip = choice.value;
      this.showCurves();
    });
    this.missing = stripBar.appendChild(element("span", "descent-quiet"));
    const strip = chart(right, labels.strip, seek, again);
    strip.host.classList.add("descent-lower");

    const verdicts = new Verdicts(part("verdicts"), labels);
    this.spoken = part("spoken");
    this.spoken.className = "descent-unseen";
    this.spoken.setAttribute("aria-live", "polite");
    this.parts = { landscape, transport, loss, strip, verdicts };
    this.labels = labels;
    this.markMode();
    (window.requestIdleCallback ?? setTimeout)(() => {
      if (this.removed || this.parts.space || canDraw()) return;
      this.modes.space.disabled = true;
      this.modes.space.title = labels.no_space;
    });
  }

  // ---- contour or space

  get shown() {
    return this.mode === "space" ? this.parts.space : this.parts.landscape;
  }

  // The scene in space is made when it is first asked for, and kept from then on.
  async choose(mode) {
    if (mode === this.mode || this.modes[mode].disabled) return;
    this.parts.space ??= this.views(Space);
    this.mode = mode;
    this.markMode();
    if (mode === "space") this.parts.space.host.classList.add("descent-hidden"); // until it is drawn
    await this.show();
    if (this.removed || this.mode !== mode) return;
    for (const view of [this.parts.landscape, this.parts.space]) view.host.classList.toggle("descent-hidden", view !== this.shown);
    this.shown.resize();
  }

  markMode() {
    for (const [name, made] of Object.entries(this.modes)) made.setAttribute("aria-pressed", name === this.mode);
  }

  // Everything that a new message or theme changes; the landscape's figure only where it differs.
  async show() {
    const { palette, stage } = this.stageMessage;
    const name = themeOf(this.root);
    const theme = palette.themes[name];
    const { verdicts } = this.parts;
    const view = this.shown;
    for (const colour of ["ground", "panel", "card", "ink", "muted", "hairline", "accent"]) this.root.style.setProperty(`--descent-${colour}`, theme[colour]);
    this.root.dataset.theme = name;
    this.runs = this.scene.runs.filter((run) => run.visible && run.length > 0);
    for (const run of this.runs) run.style = styleOf(run.colour, palette, name);
    this.note.textContent = this.scene.note;
    this.levels.textContent = this.labels[`levels_${stage.scale}`] ?? "";
    this.colours = theme;
    view.runs = this.runs;
    if (!view.held && !this.awaiting) view.start = this.scene.start;
    const edition = `${this.edition} ${name}`;
    if (view.edition !== edition) {
      view.edition = edition;
      await view.setStage(window.Plotly, stage, theme, name);
    } else view.project();
    verdicts.set(this.runs, theme);
    this.showCurves();
    this.fresh = this.quick = true;
    this.schedule();
  }

  showCurves() {
    const { loss, strip } = this.parts;
    const series = (name) => this.runs.filter((run) => run.columns[name]).map((run) => ({ name: run.name, values: run.columns[name], style: run.style }));
    const losses = series("loss");
    const log = this.logLoss ?? losses.every(({ values }) => values.every((value) => value >= 0));
    loss.set(losses, this.scene.steps, log, this.colours, "");
    for (const [name, pressed] of [["log", loss.log], ["linear", !loss.log]]) this.scales[name].setAttribute("aria-pressed", pressed);
    const lost = log ? notPositive(losses) : [];
    this.warning.textContent = lost.map(({ name, k }) => fill(this.labels.not_positive, { names: name, k })).join("; ");
    const lower = series(this.strip);
    const none = this.runs.filter((run) => !run.columns[this.strip]).map((run) => run.name);
    strip.set(lower, this.scene.steps, this.strip !== "lr" || wide(lower), this.colours, this.labels.step);
    this.missing.textContent = none.length ? fill(this.labels.none, { names: none.join(", ") }) : "";
    this.schedule();
  }

  // ---- time

  schedule() {
    this.pending ??= requestAnimationFrame(this.frame);
  }

  frame(now) {
    const begun = performance.now();
    this.pending = null;
    if (this.removed || !this.parts || !this.runs) return;
    this.clock.tick(this.before ? (now - this.before) / 1000 : 0);
    this.before = this.clock.playing ? now : null;
    const { landscape, transport, loss, strip, verdicts } = this.parts;
    const { position, step } = this.clock;
    this.shown.draw(position);
    loss.draw(position);
    strip.draw(position);
    transport.draw(this.scene.epoch);
    if (this.quick || !this.clock.playing || now - (this.tabled ?? 0) > 100) {
      this.tabled = now;
      this.quick = false;
      verdicts.draw(step, landscape.view);
    }
    this.speak(now);
    measured.drawn = position;
    if (this.clock.playing) this.schedule();
    measured.frames[measured.count++ % measured.frames.length] = performance.now() - begun;
    if (this.fresh) {
      this.fresh = false;
      measured.painted += 1;
      measured.paintedAt = performance.now();
    }
  }

  // At most one sentence a second, and only when it says something new.
  speak(now) {
    if (now - (this.spokenAt ?? -1000) < 1000) {
      if (!this.clock.playing) this.later ??= setTimeout(() => ((this.later = null), this.removed || this.speak(performance.now())), 1000);
      return;
    }
    const { step, steps } = this.clock;
    const best = leading(this.runs, step);
    const words = { k: step, n: steps, leader: best?.name, loss: best && figure(best.columns.loss[step]) };
    const sentence = fill(this.labels[best ? "summary" : "summary_empty"], words);
    if (sentence === this.spoken.textContent) return;
    this.spokenAt = now;
    this.spoken.textContent = sentence;
  }

  // ---- what the visitor does

  // While dragging and nudging the clock stays where it is; a click or the end of a drag begins the race anew.
  offer(x, y, { held = false, nudged = false }) {
    if (!held && !nudged && !this.still) this.restart();
    this.schedule();
    this.sent = [x, y];
    this.serial = Math.max(this.serial + 1, Date.now());
    this.sentAt = measured.sentAt = performance.now();
    this.send({ x, y, n: this.serial, held });
  }

  // A newer start is on its way to Python: what arrives now still has the one before it.
  get awaiting() {
    return this.sent && performance.now() - this.sentAt < 600 && this.sent.join() !== this.scene.start.join();
  }

  keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.parts) return;
    const target = event.target;
    if (target.matches("input, select, textarea, [contenteditable]")) return;
    const acts = {
      " ": () => (this.clock.playing ? this.clock.pause() : this.clock.play()),
      ArrowLeft: () => this.clock.nudge(-1),
      ArrowRight: () => this.clock.nudge(1),
      Home: () => this.clock.seek(0),
      End: () => this.clock.seek(this.clock.steps),
      v: () => this.choose(this.mode === "space" ? "contour" : "space"),
      r: () => this.shown.reset(),
    };
    if (!acts[event.key] || (event.key === " " && target.matches("button"))) return;
    event.preventDefault();
    acts[event.key]();
    this.quick = true;
    this.schedule();
  }

  // For tests and benchmarks.
  expose() {
    const here = this;
    const live = {
      get step() {
        return here.clock.step;
      },
      get position() {
        return here.clock.position;
      },
      get playing() {
        return here.clock.playing;
      },
      get view() {
        return here.parts.landscape.view;
      },
      get mode() {
        return here.mode;
      },
      get space() {
        return here.parts.space;
      },
      heads: () => here.shown.headPixels(),
      pixelOf: (x, y) => here.shown.pixelOf(x, y),
      point: (run, k) => ["x", "y"].map((name) => here.runs[run].columns[name][k]),
      seek: (k) => (here.clock.pause(), here.clock.seek(k), (here.quick = true), here.schedule()),
    };
    window.__descent = Object.defineProperties(measured, Object.getOwnPropertyDescriptors(live));
  }

  remove() {
    this.removed = true;
    this.stopAwaiting?.();
    cancelAnimationFrame(this.pending);
    clearTimeout(this.later);
    for (const part of Object.values(this.parts ?? {})) part.remove?.();
    this.root.remove();
  }
}

// ---- small pieces of the page

function chart(host, words, seek, redraw) {
  const place = host.appendChild(element("div", "descent-chart"));
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", words);
  return new Curve(place, seek, redraw);
}

function segments(host, choices, choose) {
  const group = host.appendChild(element("div", "descent-segments"));
  group.setAttribute("role", "group");
  return Object.fromEntries(
    choices.map(([name, words]) => {
      const made = group.appendChild(element("button", "descent-word"));
      made.type = "button";
      made.textContent = words;
      made.addEventListener("click", () => choose(name));
      return [name, made];
    }),
  );
}

const wide = (series) => {
  const values = series.flatMap(({ values: column }) => [...column]).filter((value) => value > 0);
  return values.length > 0 && values.reduce((a, b) => Math.max(a, b)) > 20 * values.reduce((a, b) => Math.min(a, b));
};

function loadStyle(href) {
  const present = document.querySelector(`link[href="${href}"]`);
  if (present) return present.ready ?? Promise.resolve();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  link.ready = new Promise((done) => (link.onload = link.onerror = done));
  document.head.append(link);
  return link.ready;
}
