// One race as it is watched: landscape, curves, table and one clock, and what the visitor does with them.

import { Address } from "./address.js";
import { Charts } from "./charts.js";
import { Clock } from "./clock.js";
import { watchConnection } from "./connection.js";
import { expose, measured } from "./exposed.js";
import { Feed } from "./feed.js";
import { Focus } from "./focus.js";
import { Help, helpRows, listen } from "./keys.js";
import { decodeRuns, guarded } from "./message.js";
import { Outlook } from "./outlook.js";
import { places, positionOf, total } from "./pace.js";
import { element, loadStyle } from "./parts.js";
import { awaiting } from "./registry.js";
import { styleOf, themeOf } from "./theme.js";
import { Tip } from "./tip.js";
import { Transport } from "./transport.js";
import { Twin } from "./twin.js";
import { Verdicts, swatch } from "./verdicts.js";
import { Views } from "./views.js";

const PATIENCE = 3000; // milliseconds that a player whose place was taken away waits for another
const ANSWER = 600; // milliseconds within which Python is expected to answer a new start
const MOVES = 16;
const DIALOG = "body > [data-testid='stDialog']";
const INKS = ["ground", "panel", "card", "ink", "muted", "hairline", "accent"];

export class Player {
  constructor(urls) {
    this.urls = urls;
    this.root = element("section", "descent");
    this.root.tabIndex = 0;
    this.style = Promise.all(["player.css", "rule.css"].map((name) => loadStyle(urls.folder + name)));
    this.plotly = window.Plotly ? Promise.resolve() : import(urls.plotly);
    this.clock = new Clock(0);
    this.address = new Address(window);
    const taken = (bytes) => guarded(() => this.take(decodeRuns(bytes)));
    this.feed = new Feed(urls.base, taken, () => this.tell("missed", this.nextSerial()));
    this.outlook = new Outlook(() => this.seen(), (view) => this.adopt(view), (view) => {
      if (this.scene.fixed) return null; // a lesson is looked at as one likes, and is not changed by it
      const n = this.nextSerial();
      this.tell("view", { ...view, n });
      return n;
    });
    this.pace = "steps";
    this.serial = Date.now();
    this.moves = []; // through the history of the scene, the last ones
    this.wanted = "";
    this.frame = this.frame.bind(this);
    this.root.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("button, input, select, summary, label, [tabindex]:not(.descent)")) this.root.focus({ preventScroll: true });
    });
  }

  // ---- where it stands

  // Whether it had to move.
  settle(parent) {
    clearTimeout(this.homeless);
    if (this.root.parentElement === parent) return false;
    parent.style.containerType = "inline-size"; // the layout follows the room there is, in the type there is
    parent.append(this.root);
    this.home = parent;
    this.address.settle();
    if (this.staged) expose(this); // another player may have been shown in between
    return true;
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

  // Through Streamlit: the runs themselves.
  receive(scene) {
    this.feed.calm();
    this.take(scene);
    this.feed.open(scene.feed);
  }

  // Through Streamlit: which runs went by the feed, or that the place or the theme is another.
  expect(mark, moved) {
    this.feed.expect(mark);
    if (this.parts && (moved || themeOf(this.root) !== this.root.dataset.theme)) this.show();
  }

  take(scene) {
    const before = this.scene;
    this.scene = scene;
    if (!before) {
      this.stopAwaiting = awaiting("stage", scene.id, (message) => this.setStage(message));
      this.stopViews = awaiting("view", scene.id, (message) => this.setView(message));
    }
    if (!this.parts) return this.clock.resize(scene.steps);
    const typed = before && before.start.join() !== scene.start.join() && this.sent?.join() !== scene.start.join();
    if (typed && !this.awaiting && !this.still) this.restart();
    if (before && !before.steps && scene.steps) this.begin();
    this.show();
  }

  // What waited at its start, a race of no steps, is let go.
  begin() {
    this.clock.resize(this.scene.steps);
    if (this.still) this.clock.finish();
    else this.restart();
  }

  async setStage(message) {
    this.stageMessage = message;
    this.onStage = false;
    await Promise.all([this.plotly, this.style]);
    if (this.removed || this.stageMessage !== message) return;
    if (!this.parts) this.build(message.labels);
    const staged = JSON.stringify(message.stage);
    if (staged !== this.staged) {
      const first = !this.staged;
      this.staged = staged;
      this.parts.views.renew();
      this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (this.still) this.clock.finish();
      else this.restart();
      if (first) expose(this);
    }
    await this.show();
    this.onStage = true;
    this.heed();
  }

  setView(message) {
    this.address.follow(message.query);
    this.viewMessage = message;
    this.heed();
  }

  // Once there is something to look at.
  heed() {
    if (this.viewMessage && this.onStage) this.outlook.take(this.viewMessage);
  }

  // How the scene is looked at.
  seen() {
    const { views, charts } = this.parts;
    return { mode: views.mode, ...charts.outlook, pace: this.pace, arrows: views.shownArrows, step: this.clock.moment };
  }

  adopt(view) {
    const { views, charts, transport } = this.parts;
    transport.pace.value = view.pace;
    if (view.pace !== this.pace) this.setPace(view.pace);
    charts.adopt(view);
    views.adopt(view);
    if (view.step !== null) this.clock.stand(view.step);
    this.ask();
    this.now();
  }

  restart() {
    this.clock.seek(0);
    this.clock.playing = true;
  }

  // ---- what is shown

  build(labels) {
    const { root, clock } = this;
    this.labels = labels;
    const part = (name) => root.appendChild(element("div", `descent-${name}`));
    const redraw = () => this.schedule();
    const now = () => this.now();
    const changed = () => {
      this.ask();
      now();
    };
    root.setAttribute("aria-label", labels.player);
    const views = new Views(part("left"), labels, {
      send: (x, y, how) => this.offer(x, y, how),
      hover: (run, k, event) => this.hover(run === null ? null : this.placesOf(run, k), event),
      changed,
      redraw,
    });
    const transport = new Transport(part("transport"), labels, clock, {
      changed: now,
      paced: (pace) => this.setPace(pace),
      acts: { projector: () => this.project(), full: () => this.fill(), help: () => this.parts.help.toggle() },
    });
    const charts = new Charts(part("right"), labels, {
      seek: (run, k) => {
        clock.seek(positionOf(this.runs[run], k, this.pace));
        now();
      },
      hover: (at, event) => this.hover(at, event),
      changed,
      redraw,
    });
    const tables = part("verdicts");
    const focus = new Focus(part("focus"), labels, (colour) => {
      this.tell("focus", colour);
      now();
    });
    const verdicts = new Verdicts(tables, labels, (run) => focus.look(run.colour));
    const twin = new Twin(part("words"), labels);
    const tip = new Tip(root, (run) => swatch(run.style, this.colours));
    const help = new Help(root, labels, helpRows(labels), () => this.cover());
    this.alarm = part("alarm");
    this.alarm.setAttribute("role", "status");
    this.parts = { views, transport, charts, verdicts, twin, tip, help, focus };
    this.stopRules = awaiting("rule", this.scene.id, (message) => {
      focus.take(message);
      now();
    });
    this.deafen = listen(this.keys(now), () => help.dialog.open && document.activeElement !== root);
    this.unwatch = watchConnection((lost) => (this.alarm.textContent = lost ? labels.lost : ""));
    this.covers = new MutationObserver(() => this.cover());
    this.covers.observe(document.body, { childList: true });
  }

  // Everything that a new message or theme changes; the landscape's figure only where it differs.
  async show() {
    const { palette, stage } = this.stageMessage;
    const { views, charts, verdicts, twin, tip, focus } = this.parts;
    const name = themeOf(this.root);
    this.colours = palette.themes[name];
    for (const ink of INKS) this.root.style.setProperty(`--descent-${ink}`, this.colours[ink]);
    this.root.dataset.theme = name;
    document.documentElement.style.colorScheme = name; // also for what Streamlit lays over the page
    this.runs = this.scene.runs.filter((run) => run.visible && run.length > 0);
    for (const run of this.runs) Object.assign(run, { style: styleOf(run.colour, palette, name), cut: run.length <= this.scene.steps });
    this.clock.resize(total(this.runs, this.scene.steps, this.pace));
    this.hovered = null;
    tip.hide();
    views.fixed = Boolean(this.scene.fixed);
    charts.set(this.runs, this.scene, this.colours); // what asks for sizes comes before what changes the page
    const drawn = views.set(this.runs, this.awaiting ? null : this.scene.start, stage, this.colours, name);
    verdicts.set(this.runs, this.colours);
    twin.set(this.scene, this.runs);
    focus.set(this.runs);
    await drawn;
    this.fresh = this.quick = true;
    this.schedule();
  }

  // Columns that are not sent unless they are shown.
  ask() {
    const names = [...new Set([...this.parts.views.wanted, ...this.parts.charts.wanted])].sort();
    if (names.join() === this.wanted) return;
    this.wanted = names.join();
    this.tell("wanted", names);
  }

  setPace(pace) {
    const { clock } = this;
    const part = clock.steps ? clock.position / clock.steps : 0;
    this.pace = pace;
    clock.resize(total(this.runs, this.scene.steps, pace));
    const playing = clock.playing;
    clock.seek(Math.round(part * clock.steps));
    clock.playing = playing;
    this.parts.charts.follow(pace);
    this.ask();
    this.now();
  }

  // ---- time

  // A frame in which everything is drawn, also what may wait while playing.
  now() {
    this.quick = true;
    this.schedule();
  }

  schedule() {
    this.pending ??= requestAnimationFrame(this.frame);
  }

  frame(now) {
    const begun = performance.now();
    this.pending = null;
    if (this.removed || !this.parts || !this.runs) return;
    const { clock, pace, runs, scene, hovered } = this;
    clock.tick(this.before ? (now - this.before) / 1000 : 0);
    this.before = clock.playing ? now : null;
    const { views, transport, charts, verdicts, twin, focus } = this.parts;
    const { position } = clock;
    const at = places(runs, position, pace);
    views.draw(at, hovered);
    charts.draw(at, cursors(position, pace, scene.epoch), hovered);
    transport.draw(scene.epoch, pace);
    verdicts.draw(at.map((place) => Math.floor(place + 1e-9)), views.landscape.view, clock.playing && !this.quick);
    this.quick = false;
    focus.draw(at);
    twin.draw(at, now, clock.playing);
    this.outlook.look();
    measured.drawn = position;
    if (clock.playing) this.schedule();
    measured.frames[measured.count++ % measured.frames.length] = performance.now() - begun;
    if (this.fresh) {
      this.fresh = false;
      measured.painted += 1;
      measured.paintedAt = performance.now();
    }
  }

  // ---- what the visitor points at

  placesOf(run, k) {
    return places(this.runs, positionOf(this.runs[run], k, this.pace), this.pace).map(Math.round);
  }

  hover(at, event) {
    if (!at && !this.hovered) return;
    this.hovered = at;
    const { tip, charts } = this.parts;
    if (!at) tip.hide();
    else {
      const { labels, runs } = this;
      const together = at.every((place) => place === at[0]);
      const strip = charts.strip;
      const columns = [[labels.loss, "loss"], [labels[strip] ?? this.scene.hypers[strip], strip]];
      tip.show(together ? `${labels.step} ${at[0]}` : labels.pointed, runs, at, columns, event);
    }
    this.schedule();
  }

  // ---- what the visitor does

  // While dragging and nudging the clock stays where it is; a click or the end of a drag begins the race anew.
  // Python answers with the paths; what it says beside them can wait until the start is let go.
  offer(x, y, { held = false, nudged = false }) {
    if (!held && !nudged && !this.still) this.restart();
    this.schedule();
    this.sent = [x, y];
    this.sentAt = measured.sentAt = performance.now();
    this.tell("start", { x, y, n: this.nextSerial(), held });
  }

  // No other message has it, not even one of the page before a reload.
  nextSerial() {
    return (this.serial = Math.max(this.serial + 1, Date.now()));
  }

  // A newer start is on its way to Python: what arrives now still has the one before it.
  get awaiting() {
    return this.sent && performance.now() - this.sentAt < ANSWER && this.sent.join() !== this.scene.start.join();
  }

  // A run on or off, by its place in the list.
  turn(number) {
    if (number > this.scene.racers || this.scene.fixed) return;
    this.tell("turned", { run: number - 1, n: this.nextSerial() });
  }

  // A change of the scene undone (-1), or done again (1). Of values that follow each other fast Streamlit hands on the
  // last alone, so each has those before it.
  undo(by) {
    if (this.scene.fixed) return;
    this.moves = [...this.moves.slice(1 - MOVES), { by, n: this.nextSerial() }];
    this.tell("undone", this.moves);
  }

  keys(now) {
    const { clock } = this;
    const { views, transport, help } = this.parts;
    const then = (act) => () => {
      act();
      now();
    };
    return {
      " ": then(() => (clock.playing ? clock.pause() : clock.play())),
      ArrowLeft: then(() => clock.nudge(-1)),
      ArrowRight: then(() => clock.nudge(1)),
      Home: then(() => clock.stand(0)),
      End: then(() => clock.stand(clock.steps)),
      "+": then(() => transport.faster(1)),
      "=": then(() => transport.faster(1)),
      "-": then(() => transport.faster(-1)),
      l: then(() => (clock.loop = !clock.loop)),
      v: then(() => views.choose(views.mode === "space" ? "contour" : "space")),
      z: then(() => views.shown.reset()),
      p: () => this.project(),
      f: () => this.fill(),
      "?": () => help.toggle(),
      digit: (number) => this.turn(number),
      undo: () => this.undo(-1),
      redo: () => this.undo(1),
    };
  }

  // For the back row: everything 1.6 times as large.
  project() {
    const on = document.documentElement.classList.toggle("descent-projector");
    this.parts.transport.projector.setAttribute("aria-pressed", on);
    window.dispatchEvent(new Event("resize"));
    this.show();
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.().catch(() => {});
  }

  // While a dialog lies over the race, ours or Streamlit's, nobody watches it: it waits.
  cover() {
    const { clock, parts } = this;
    if (parts.help.dialog.open || document.querySelector(DIALOG)) clock.hold();
    else clock.release();
    this.now();
  }

  remove() {
    this.removed = true;
    this.address.remove();
    this.feed.close();
    this.stopAwaiting?.();
    this.stopRules?.();
    this.deafen?.();
    this.unwatch?.();
    this.outlook.stop();
    this.stopViews?.();
    this.covers?.disconnect();
    cancelAnimationFrame(this.pending);
    for (const part of Object.values(this.parts ?? {})) part.remove?.();
    this.root.remove();
  }
}

// Where the clock stands on each axis that it is counted on.
function cursors(position, pace, epoch) {
  if (pace === "evaluations") return { evaluations: position };
  return { steps: position, ...(epoch ? { epochs: position / epoch } : {}) };
}
