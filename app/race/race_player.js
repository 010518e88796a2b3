// One race in the browser: it takes what Python sends, keeps the clock, and has the panels drawn.

import { Clock } from "../player/base/clock.js";
import { findCursors, findLastPosition, findRunSteps, findShownSteps, positionOf } from "../player/base/clock_to_steps.js";
import { decodeRuns, runSafely } from "../player/base/decode_message.js";
import { createElement } from "../player/base/dom.js";
import { subscribe } from "../player/base/streamlit_mounting.js";
import { isFutureHidden, isVerdictKnown } from "../player/base/spoiler_protection.js";
import { applyTheme, styleOf, themeOf } from "../player/base/theme_and_run_styles.js";
import { leaveLesson, markLesson } from "../player/base/explanation_after_playback.js";
import { evaluateOperations } from "../player/landscape/surface_operations.js";
import { AddressBar } from "../player/net/address_bar.js";
import { isScriptIdle } from "../player/net/connection_and_script_status.js";
import { LandscapeQuestions } from "../player/net/landscape_questions.js";
import { getSessionWatcher } from "../player/net/lost_session_reload.js";
import { AssetLoader } from "../player/net/plotly_and_css_loading.js";
import { RunSocket } from "../player/net/run_socket.js";
import { ViewSync } from "../player/net/view_sync.js";
import { MessagesToPython } from "./messages_to_python.js";
import { capturePlayback, isPlaybackOf, restorePlayback } from "./playback_resume.js";
import { RacePanels } from "./race_panels.js";
import { exposeToTests, metrics } from "./test_hooks.js";
import { RaceActions } from "./race_actions.js";

const STYLE_SHEETS = ["player/player.css", "player/equations.css", "player/lecture.css", "player/scenes.css"];

export class RacePlayer {
  constructor(urls) {
    this.urls = urls;
    this.root = createElement("section", "descent");
    this.root.tabIndex = 0;
    this.assets = new AssetLoader(urls, urls.styles ?? STYLE_SHEETS, this.root, () => this.setStage(this.stageMessage));
    this.clock = new Clock(0);
    this.addressBar = new AddressBar(window);
    this.playbackHooks = { measure: () => capturePlayback(this), flush: () => this.addressBar.flush() };
    this.commands = new MessagesToPython();
    this.socket = new RunSocket(urls.base, (bytes) => runSafely(() => this.setScene(decodeRuns(bytes))), () => this.commands.reportMissing(), {
      onText: (text) => runSafely(() => this.questions.receive(text)),
      onOpen: () => {
        this.questions.reconnect();
        this.panels?.landscape.contourView.reconnect();
      },
    });
    this.questions = new LandscapeQuestions((text) => this.socket.sendText(text), () => this.socket.isExpectedToAnswer);
    // a visitor may look at a lesson in any way, and does not change it
    const sendView = (view) => (this.scene.fixed ? null : this.commands.sendView({ ...view, place: this.sceneIndex, opening: this.opening }));
    // what Streamlit is told before it has begun to go back would take the place of that
    const isReady = () => isScriptIdle() && !this.addressBar.isNavigating;
    this.viewSync = new ViewSync(() => this.panels.readView(), (view) => this.applyView(view), sendView, isReady);
    this.actions = new RaceActions(this);
    this.pace = "steps";
    this.future = "auto";
    this.sceneIndex = 0; // in a playlist
    this.opening = 0; // the number of scenes that were opened as a whole, each with a clock of its own
    this.isAwaitingSight = false; // the race begins once its picture is in sight
    this.drawFrame = this.drawFrame.bind(this);
  }

  // The page shows it in a new place.
  onMoved() {
    this.root.parentElement.style.containerType = "inline-size"; // the layout follows the width and the type that there are
    this.addressBar.onPageShown();
    getSessionWatcher().setPlaybackHooks(this.playbackHooks);
    if (this.stageKey) exposeToTests(this); // another player may have been shown in between
  }

  // ---- messages

  // Runs that came through Streamlit.
  receiveRuns(scene) {
    this.socket.cancelExpected();
    this.setScene(scene);
    this.socket.open(scene.feed);
  }

  // Streamlit says which runs went by the socket, or that the place or the theme is another.
  expectRuns(digest, isMoved) {
    this.socket.expect(digest);
    if (this.panels && (isMoved || themeOf(this.root) !== this.root.dataset.theme)) this.update();
  }

  setScene(scene) {
    const { scene: before, commands } = this;
    const [sceneIndex, opening] = [scene.lecture?.place ?? 0, scene.opening ?? 0];
    const isOther = before && (sceneIndex !== this.sceneIndex || opening !== this.opening);
    if (isOther) this.viewSync.reset();
    Object.assign(this, { scene, sceneIndex, opening });
    if (!before) {
      this.unsubscribeStage = subscribe("stage", scene.id, (message) => this.setStage(message));
      this.unsubscribeView = subscribe("view", scene.id, (message) => this.setView(message));
    }
    if (!this.panels) return this.clock.setSteps(scene.steps);
    const isTyped = before && before.start.join() !== scene.start.join() && !commands.isLastStart(scene.start);
    if (isTyped && !commands.hasNewerStart(scene.start) && !this.prefersReducedMotion) this.restart();
    if (isOther || (before && !before.steps && scene.steps)) {
      this.clock.setSteps(scene.steps);
      this.panels.updateMode(scene);
      this.begin();
    }
    this.update();
    if (isOther) this.applyPendingView();
  }

  async setStage(message) {
    this.stageMessage = message;
    this.isStageShown = false;
    if (!(await this.assets.waitUntilLoaded()) || this.isRemoved || this.stageMessage !== message) return;
    const labelsKey = JSON.stringify(message.labels);
    const before = this.panels && labelsKey !== this.labelsKey && { view: this.panels.readView(), unlinked: this.panels.readUnlinked() };
    if (before) this.removePanels();
    this.labelsKey = labelsKey;
    this.panels ??= new RacePanels(this, message.labels);
    if (before) this.panels.restoreUnlinked(before.unlinked);
    const { surface, ...drawn } = message.stage;
    const stageKey = JSON.stringify(drawn);
    this.questions.setSurface(surface);
    const { formula } = message; // of a page without a server
    this.questions.answerPlacesBy(formula ? (place) => evaluateOperations(formula, place) : null);
    if (stageKey !== this.stageKey) { // surfaces that differ in their batches alone look the same: the race goes on
      const isFirst = !this.stageKey;
      this.stageKey = stageKey;
      this.panels.landscape.invalidateStage();
      this.prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.panels.updateMode(this.scene);
      this.begin();
      if (isFirst) exposeToTests(this);
    }
    await this.update();
    if (before) {
      this.panels.charts.setPace(this.pace);
      this.applyView(before.view);
    }
    this.isStageShown = true;
    this.applyPendingView();
  }

  setView(message) {
    this.addressBar.update(message.address, message.opening);
    this.viewMessage = message;
    if (!this.isStageShown) this.future = message.view.future ?? "auto"; // before anything is drawn
    this.applyPendingView();
  }

  // Once the stage is shown, and if the view belongs to this scene.
  applyPendingView() {
    const { place, opening = 0 } = this.viewMessage ?? {};
    if (place !== this.sceneIndex || opening !== this.opening || !this.isStageShown) return;
    this.viewSync.receive(this.viewMessage);
    const playback = getSessionWatcher().takePlayback(isPlaybackOf(this)); // the page was loaded again
    if (playback) restorePlayback(this, playback);
  }

  applyView(view) {
    this.panels.playbackBar.paceSelect.value = view.pace;
    if (view.pace !== this.pace) this.setPace(view.pace);
    this.future = view.future ?? "auto"; // a view that was kept by an older page has none
    this.panels.updateMode(this.scene);
    this.panels.charts.applyView(view);
    this.panels.landscape.applyView(view);
    if (view.step !== null) {
      this.clock.seek(0); // nothing beyond the step of a link has been seen
      this.clock.pauseAt(view.step);
    }
    this.requestColumns();
    this.requestFrame();
  }

  // Where the lecturer begins the race and has not yet, or motion is not wanted in a lecture, it stands at the start.
  begin() {
    const { on, places } = this.scene.lecture ?? {};
    const isPresented = on || places > 0;
    if (isPresented && (this.panels.lecture.navigator.isAwaited || this.prefersReducedMotion)) this.clock.awaitStart();
    else if (this.prefersReducedMotion) this.clock.finish();
    else {
      this.restart();
      this.isAwaitingSight = true;
    }
  }

  restart() {
    this.clock.seek(0);
    this.clock.play();
  }

  // ---- what is shown

  // Whether nothing is told of a run before the race gets there.
  get hidesFuture() {
    return isFutureHidden(this.future, this.scene.suspense);
  }

  // How far each run may be told; null: to its end.
  get known() {
    return this.hidesFuture ? findRunSteps(this.runs, this.clock.furthest, this.pace) : null;
  }

  // The page tells what a lesson's race shows once all verdicts are known.
  markTold() {
    const { known, runs, scene: { lesson, waits } } = this;
    if (lesson) markLesson(lesson, waits, !known || runs.every((run, i) => isVerdictKnown(run, known[i])));
  }

  // Show a new message or theme; the landscape's figure is drawn only where it differs.
  async update() {
    const { palette, stage } = this.stageMessage;
    const { panels, scene } = this;
    panels.updateMode(scene);
    const theme = applyTheme(this.root, palette.themes);
    this.colours = palette.themes[theme];
    this.runs = scene.runs.filter((run) => run.visible && run.length > 0);
    for (const run of this.runs) Object.assign(run, { style: styleOf(run.colour, palette, theme), cut: run.length <= scene.steps });
    this.clock.setSteps(findLastPosition(this.runs, scene.steps, this.pace));
    this.hoveredSteps = null;
    const start = this.commands.hasNewerStart(scene.start) ? null : scene.start;
    const drawing = panels.update(this.runs, scene, stage, start, this.colours, theme, this.known);
    this.viewSync.checkForChange();
    await drawing;
    this.hasNewContent = true;
    this.requestFrame();
  }

  // Ask for the columns that are sent only where they are shown.
  requestColumns() {
    this.commands.requestColumns([...this.panels.landscape.neededColumns, ...this.panels.charts.neededColumns]);
  }

  setPace(pace) {
    const { clock } = this;
    const [fraction, furthest] = [clock.position, clock.furthest].map((position) => (clock.steps ? position / clock.steps : 0));
    const { playing } = clock;
    this.pace = pace;
    clock.setSteps(findLastPosition(this.runs, this.scene.steps, pace));
    clock.seek(Math.round(furthest * clock.steps));
    if (fraction > 0) clock.seek(Math.round(fraction * clock.steps));
    clock.playing = playing;
    this.panels.charts.setPace(pace);
    this.requestColumns();
    this.requestFrame();
  }

  // The step of each run at the moment at which one of them is at step k.
  findStepsOfAll(run, k) {
    return findRunSteps(this.runs, positionOf(this.runs[run], k, this.pace), this.pace).map(Math.round);
  }

  // ---- frames

  requestFrame() {
    this.frameRequest ??= requestAnimationFrame(this.drawFrame);
  }

  drawFrame(now) {
    const startedAt = performance.now();
    this.frameRequest = null;
    if (this.isRemoved || !this.panels || !this.runs) return;
    const { clock, pace, runs, scene } = this;
    if (this.panels.landscape.sight.isInSight) this.isAwaitingSight = false;
    clock.tick(this.previousFrameTime && !this.isAwaitingSight ? (now - this.previousFrameTime) / 1000 : 0);
    this.previousFrameTime = clock.playing ? now : null;
    const position = clock.shownPosition;
    const cursors = findCursors(position, pace, scene.epoch);
    this.panels.draw({ runSteps: findShownSteps(runs, clock, pace), cursors, hovered: this.hoveredSteps, now, known: this.known });
    this.markTold();
    if (clock.furthest > 0) this.panels.lecture.navigator.markShown();
    this.panels.lecture.choices.markRight(clock.steps > 0 && clock.furthest >= clock.steps);
    this.viewSync.checkForChange();
    metrics.drawn = position;
    if (clock.playing && !this.isAwaitingSight) this.requestFrame();
    metrics.frames[metrics.count++ % metrics.frames.length] = performance.now() - startedAt;
    if (this.hasNewContent) {
      this.hasNewContent = false;
      metrics.paintCount += 1;
      metrics.lastPaintAt = performance.now();
    }
  }

  // ---- the end

  // In another language all panels are made anew.
  removePanels() {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = null;
    this.panels?.remove();
    this.panels = null;
    this.root.replaceChildren();
  }

  remove() {
    this.isRemoved = true;
    leaveLesson(this.scene?.lesson);
    getSessionWatcher().clearPlaybackHooks(this.playbackHooks);
    this.addressBar.remove();
    this.socket.close();
    this.questions.forget();
    this.viewSync.cancelSend();
    this.unsubscribeStage?.();
    this.unsubscribeView?.();
    this.removePanels();
    this.root.remove();
  }
}
