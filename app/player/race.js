// One race as it is watched: landscape, curves, table and one clock, and what the visitor does with them.

import { createKeyActions } from "./base/key_bindings.js";
import { AddressBar } from "./net/address_bar.js";
import { ChartPanel } from "./panels/chart_panel.js";
import { Clock } from "./base/clock.js";
import { AssetLoader } from "./net/resource_loading.js";
import { isScriptIdle } from "./net/connection_status.js";
import { exposeToTests, metrics } from "./test_hooks.js";
import { RunSocket } from "./net/run_socket.js";
import { EquationPanel } from "./panels/equation_panel.js";
import { HelpDialog, helpRows, addKeyListeners } from "./base/keyboard.js";
import { LectureMode } from "./panels/lecture_mode.js";
import { decodeRuns, runSafely } from "./base/decode_message.js";
import { restorePlayback, isPlaybackOf, capturePlayback } from "./net/playback_resume.js";
import { ViewSync } from "./net/view_sync.js";
import { findCursors, findRunSteps, positionOf, findLastPosition } from "./base/clock_to_steps.js";
import { createElement } from "./base/dom.js";
import { subscribe } from "./base/pending_messages.js";
import { hasOpenDialog, toggleFullScreen, toggleLargeType, watchDialogs } from "./base/large_type_and_fullscreen.js";
import { SaveMenu } from "./save/save_menu.js";
import { FileSaver } from "./save/file_saver.js";
import { styleOf, themeOf } from "./base/theme_and_run_styles.js";
import { Tooltip } from "./landscape/tooltip.js";
import { PlaybackBar } from "./panels/playback_bar.js";
import { AccessibleTable } from "./panels/accessible_table.js";
import { RunTable, createSwatch } from "./panels/run_table.js";
import { LandscapePanel } from "./landscape/landscape_panel.js";
import { getSessionWatcher } from "./net/lost_session_reload.js";
import { Commands } from "./net/commands.js";

const REMOUNT_TIMEOUT_MS = 3000; // milliseconds that a player whose place was taken away waits for another
const STYLE_SHEETS = ["player/player.css", "player/equations.css", "player/lecture.css"];
const THEME_COLOURS = ["ground", "panel", "card", "ink", "muted", "hairline", "accent"];

export class Player {
  constructor(urls) {
    this.urls = urls;
    this.root = createElement("section", "descent");
    this.root.tabIndex = 0;
    this.assets = new AssetLoader(urls, urls.styles ?? STYLE_SHEETS, this.root, () => this.setStage(this.stageMessage));
    this.clock = new Clock(0);
    this.addressBar = new AddressBar(window);
    this.playbackHooks = { measure: () => capturePlayback(this), flush: () => this.addressBar.flush() };
    const taken = (bytes) => runSafely(() => this.take(decodeRuns(bytes)));
    this.wishes = new Commands();
    this.feed = new RunSocket(urls.base, taken, () => this.wishes.reportMissing());
    // a lesson is looked at as one likes, and is not changed by it
    const told = (view) => (this.scene.fixed ? null : this.wishes.view({ ...view, place: this.place }));
    this.viewSync = new ViewSync(() => this.seen(), (view) => this.adopt(view), told, isScriptIdle);
    this.pace = "steps";
    this.place = 0; // in a playlist
    this.frame = this.frame.bind(this);
    const wake = () => {
      this.wasUnfocused = !document.hasFocus();
      if (this.wasUnfocused) this.root.focus({ preventScroll: true }); // in a frame, where Plotly keeps the click's focus away
    };
    this.root.addEventListener("pointerdown", wake, true);
    this.root.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("button, input, select, summary, label, [tabindex]:not(.descent)")) this.root.focus({ preventScroll: true });
    });
  }

  // ---- where it stands

  // Whether it had to move.
  settle(parent) {
    clearTimeout(this.removalTimer);
    if (this.root.parentElement === parent) return false;
    parent.style.containerType = "inline-size"; // the layout follows the room there is, in the type there is
    parent.append(this.root);
    this.home = parent;
    this.addressBar.settle();
    getSessionWatcher().watch(this.playbackHooks);
    if (this.stageKey) exposeToTests(this); // another player may have been shown in between
    return true;
  }

  // Without a place for a while it is not wanted any more; `gone` is called then.
  leave(parent, gone) {
    if (this.home !== parent) return;
    this.removalTimer = setTimeout(() => {
      this.remove();
      gone();
    }, REMOUNT_TIMEOUT_MS);
  }

  // ---- what comes in

  // Through Streamlit: the runs themselves.
  receive(scene) {
    this.feed.cancelExpected();
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
    const place = scene.lecture?.place ?? 0;
    const elsewhere = before && place !== this.place;
    if (elsewhere) this.viewSync.reset();
    Object.assign(this, { scene, place });
    if (!before) {
      this.unsubscribeStage = subscribe("stage", scene.id, (message) => this.setStage(message));
      this.unsubscribeView = subscribe("view", scene.id, (message) => this.setView(message));
    }
    if (!this.parts) return this.clock.resize(scene.steps);
    const typed = before && before.start.join() !== scene.start.join() && !this.wishes.isLastStart(scene.start);
    if (typed && !this.wishes.hasNewerStart(scene.start) && !this.still) this.restart();
    if (elsewhere || (before && !before.steps && scene.steps)) this.begin();
    this.show();
    if (elsewhere) this.applyPendingView();
  }

  // Another scene, or what waited at its start, a race of no steps, is let go.
  begin() {
    this.clock.resize(this.scene.steps);
    if (this.still) this.clock.finish();
    else this.restart();
  }

  async setStage(message) {
    this.stageMessage = message;
    this.isStageShown = false;
    if (!(await this.assets.there()) || this.isRemoved || this.stageMessage !== message) return;
    const spoken = JSON.stringify(message.labels);
    const seen = this.parts && spoken !== this.labelsKey && this.seen();
    if (seen) this.removePanels();
    this.labelsKey = spoken;
    if (!this.parts) this.build(message.labels);
    const staged = JSON.stringify(message.stage);
    if (staged !== this.stageKey) {
      const first = !this.stageKey;
      this.stageKey = staged;
      this.parts.views.invalidateStage();
      this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (this.still) this.clock.finish();
      else this.restart();
      if (first) exposeToTests(this);
    }
    await this.show();
    if (seen) {
      this.parts.charts.follow(this.pace);
      this.adopt(seen);
    }
    this.isStageShown = true;
    this.applyPendingView();
  }

  setView(message) {
    this.addressBar.follow(message.query);
    this.viewMessage = message;
    this.applyPendingView();
  }

  // Once there is something to look at, and if it is what is meant.
  applyPendingView() {
    if (this.viewMessage?.place !== this.place || !this.isStageShown) return;
    this.viewSync.take(this.viewMessage);
    const before = getSessionWatcher().moment(isPlaybackOf(this)); // the page was loaded again
    if (before) restorePlayback(this, before);
  }

  // How the scene is looked at.
  seen() {
    const { views, charts } = this.parts;
    return { mode: views.mode, ...charts.viewOptions, pace: this.pace, arrows: views.orderedArrows, step: this.clock.moment };
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
    const part = (name) => root.appendChild(createElement("div", `descent-${name}`));
    const redraw = () => this.requestFrame();
    const now = () => this.now();
    const changed = () => {
      this.ask();
      now();
    };
    root.setAttribute("aria-label", labels.player);
    const { choices } = this.stageMessage.view;
    const views = new LandscapePanel(part("left"), labels, choices, {
      send: (x, y, how) => this.moveStart(x, y, how),
      hover: (run, k, event) => this.showHover(run === null ? null : this.findStepsOfAll(run, k), event),
      changed,
      redraw,
    });
    const transport = new PlaybackBar(part("transport"), labels, choices, clock, {
      changed: now,
      paced: (pace) => this.setPace(pace),
      acts: { play: () => this.play(), projector: () => this.project(), lecture: () => this.lecture(), full: () => this.fill(), help: () => this.parts.help.toggle() },
    });
    const saving = new FileSaver(this, new SaveMenu(transport.host, labels, (kind) => saving.save(kind)));
    const charts = new ChartPanel(part("right"), labels, choices, {
      seek: (run, k) => {
        clock.seek(positionOf(this.runs[run], k, this.pace));
        now();
      },
      hover: (at, event) => this.showHover(at, event),
      changed,
      redraw,
    });
    const tables = part("verdicts");
    const { unruled } = this.scene;
    const ruled = part("focus");
    ruled.hidden = Boolean(unruled);
    const focus = new EquationPanel(ruled, labels, (colour) => {
      this.wishes.focus(colour);
      now();
    });
    const verdicts = new RunTable(tables, labels, unruled ? null : (run) => focus.look(run.colour));
    const twin = new AccessibleTable(part("words"), labels);
    const tip = new Tooltip(root, (run) => createSwatch(run.style, this.colours));
    const help = new HelpDialog(root, labels, () => this.pauseIfCovered());
    const lecture = new LectureMode(root, transport.scrub.parentElement, labels, {
      wish: (name, value) => this.wishes.lecture(name, value),
      turned: () => this.pauseIfCovered(),
      play: () => this.play(),
    });
    this.parts = { views, transport, charts, verdicts, twin, tip, help, focus, lecture, saving };
    this.unsubscribeEquations = subscribe("rule", this.scene.id, (message) => {
      focus.take(message);
      now();
    });
    this.keyActions = Object.create(createKeyActions({ clock, views, transport, help }, this, now)); // those of a lecture lie over them
    this.removeKeys = addKeyListeners(this.keyActions, (key) => (help.dialog.open && document.activeElement !== root) || lecture.ignoresKey(key));
    this.stopWatchingDialogs = watchDialogs(() => this.pauseIfCovered());
  }

  // Everything that a new message or theme changes; the landscape's figure only where it differs.
  async show() {
    const { palette, stage } = this.stageMessage;
    const { views, charts, verdicts, twin, tip, focus } = this.parts;
    this.stand();
    const name = themeOf(this.root);
    this.colours = palette.themes[name];
    for (const ink of THEME_COLOURS) this.root.style.setProperty(`--descent-${ink}`, this.colours[ink]);
    this.root.dataset.theme = name;
    document.documentElement.style.colorScheme = name; // also for what Streamlit lays over the page
    this.runs = this.scene.runs.filter((run) => run.visible && run.length > 0);
    for (const run of this.runs) Object.assign(run, { style: styleOf(run.colour, palette, name), cut: run.length <= this.scene.steps });
    this.clock.resize(findLastPosition(this.runs, this.scene.steps, this.pace));
    this.hoveredSteps = null;
    tip.hide();
    views.fixed = Boolean(this.scene.fixed);
    charts.set(this.runs, this.scene, this.colours); // what asks for sizes comes before what changes the page
    const drawn = views.set(this.runs, this.wishes.hasNewerStart(this.scene.start) ? null : this.scene.start, stage, this.colours, name);
    verdicts.set(this.runs, this.colours);
    twin.set(this.scene, this.runs);
    focus.set(this.runs);
    await drawn;
    this.hasNewContent = this.drawsEverything = true;
    this.requestFrame();
  }

  // The room that it has, and its keys.
  stand() {
    const { lecture, help, transport } = this.parts;
    lecture.set(this.scene.lecture);
    transport.lecture.hidden = Boolean(this.scene.fixed);
    transport.lecture.setAttribute("aria-pressed", lecture.on);
    const { on, keyActions: acts } = lecture;
    this.root.classList.toggle("descent-lecturing", on);
    for (const key of Object.keys(acts)) delete this.keyActions[key];
    if (on) Object.assign(this.keyActions, acts);
    help.set(helpRows(this.labels, { fixed: this.scene.fixed, lecture: on }));
  }

  // Columns that are not sent unless they are shown.
  ask() {
    this.wishes.columns([...this.parts.views.wanted, ...this.parts.charts.wanted]);
  }

  setPace(pace) {
    const { clock } = this;
    const part = clock.steps ? clock.position / clock.steps : 0;
    this.pace = pace;
    clock.resize(findLastPosition(this.runs, this.scene.steps, pace));
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
    this.drawsEverything = true;
    this.requestFrame();
  }

  requestFrame() {
    this.frameRequest ??= requestAnimationFrame(this.frame);
  }

  frame(now) {
    const begun = performance.now();
    this.frameRequest = null;
    if (this.isRemoved || !this.parts || !this.runs) return;
    const { clock, pace, runs, scene, hoveredSteps: hovered } = this;
    clock.tick(this.previousFrameTime ? (now - this.previousFrameTime) / 1000 : 0);
    this.previousFrameTime = clock.playing ? now : null;
    const { views, transport, charts, verdicts, twin, focus } = this.parts;
    const { position } = clock;
    const at = findRunSteps(runs, position, pace);
    views.draw(at, hovered);
    charts.draw(at, findCursors(position, pace, scene.epoch), hovered);
    transport.draw(scene.epoch, pace);
    verdicts.draw(at.map((place) => Math.floor(place + 1e-9)), views.landscape.view, clock.playing && !this.drawsEverything);
    this.drawsEverything = false;
    focus.draw(at);
    twin.draw(at, now, clock.playing);
    this.viewSync.look();
    metrics.drawn = position;
    if (clock.playing) this.requestFrame();
    metrics.frames[metrics.count++ % metrics.frames.length] = performance.now() - begun;
    if (this.hasNewContent) {
      this.hasNewContent = false;
      metrics.paintCount += 1;
      metrics.lastPaintAt = performance.now();
    }
  }

  // ---- what the visitor points at

  findStepsOfAll(run, k) {
    return findRunSteps(this.runs, positionOf(this.runs[run], k, this.pace), this.pace).map(Math.round);
  }

  showHover(at, event) {
    if (!at && !this.hoveredSteps) return;
    this.hoveredSteps = at;
    const { tip, charts } = this.parts;
    if (!at) tip.hide();
    else {
      const { labels, runs } = this;
      const together = at.every((place) => place === at[0]);
      const strip = charts.strip;
      const columns = [[labels.loss, "loss"], [labels[strip] ?? this.scene.hypers[strip], strip]];
      tip.show(together ? `${labels.step} ${at[0]}` : labels.pointed, runs, at, columns, event);
    }
    this.requestFrame();
  }

  // ---- what the visitor does

  // While dragging and nudging the clock stays where it is; a click or the end of a drag begins the race anew.
  // Python answers with the paths; what it says beside them can wait until the start is let go.
  moveStart(x, y, { held = false, nudged = false }) {
    if (this.wasUnfocused && this.scene.lecture?.on) return this.show(); // clicked to have the keys, in a frame of slides
    if (!held && !nudged && !this.still) this.restart();
    this.requestFrame();
    this.wishes.start(x, y, held);
  }

  // A run on or off, by its place in the list.
  turn(number) {
    if (number <= this.scene.racers && !this.scene.fixed) this.wishes.turn(number - 1);
  }

  undo(by) {
    if (!this.scene.fixed) this.wishes.undo(by);
  }

  project() {
    this.parts.transport.projector.setAttribute("aria-pressed", toggleLargeType());
    this.show();
  }

  fill() {
    toggleFullScreen(this.root);
  }

  lecture() {
    this.parts.lecture.navigator.turn();
  }

  // Or no longer; what waits for an answer begins by it.
  play() {
    const { clock, parts } = this;
    if (parts.lecture.navigator.waiting) parts.lecture.navigator.reveal();
    else if (clock.playing) clock.pause();
    else clock.play();
    this.now();
  }

  // While a dialog lies over the race, ours or Streamlit's, nobody watches it: it waits.
  pauseIfCovered() {
    const { clock, parts } = this;
    if (parts.help.dialog.open || parts.lecture.dark.open || hasOpenDialog()) clock.hold();
    else clock.release();
    this.now();
  }

  // All that has words in it goes: they are others from now on.
  removePanels() {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = null;
    for (const stop of [this.unsubscribeEquations, this.removeKeys, this.stopWatchingDialogs]) stop?.();
    for (const part of Object.values(this.parts ?? {})) part.remove?.();
    this.parts = null;
    this.root.replaceChildren();
  }

  remove() {
    this.isRemoved = true;
    getSessionWatcher().clearPlaybackHooks(this.playbackHooks);
    this.addressBar.remove();
    this.feed.close();
    this.viewSync.stop();
    this.unsubscribeStage?.();
    this.unsubscribeView?.();
    this.removePanels();
    this.root.remove();
  }
}
