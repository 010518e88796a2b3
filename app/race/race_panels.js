// The panels of a race: landscape, charts, table, equations and text around one playback bar.

import { wholeStep } from "../player/base/clock.js";
import { createElement } from "../player/base/dom.js";
import { addKeyListeners } from "../player/base/keyboard.js";
import { KeyHelpDialog } from "../player/panels/key_help_dialog.js";
import { isLargeType } from "../player/base/large_type_and_fullscreen.js";
import { watchDialogs } from "../player/base/streamlit_dialogs.js";
import { keepPictureInSight } from "../player/base/keep_picture_in_sight.js";
import { subscribe } from "../player/base/streamlit_mounting.js";
import { keepTypeFitting } from "../player/base/font_size_fitting.js";
import { createSwatch } from "../player/draw/markers.js";
import { LandscapePanel } from "../player/landscape/landscape_panel.js";
import { LectureMode } from "../player/panels/lecture_mode.js";
import { PlaybackBar } from "../player/panels/playback_bar.js";
import { RunValuesTooltip } from "../player/panels/run_values_tooltip.js";
import { addTitleTooltips } from "../player/panels/title_tooltips.js";
import { FileSaver } from "../player/save/file_saver.js";
import { AccessibleTable } from "./accessible_table.js";
import { ChartPanel } from "./chart_panel.js";
import { EquationPanel } from "./equation_panel.js";
import { createKeyActions, helpRows } from "./key_bindings.js";
import { buildLink } from "./link_and_file_name.js";
import { planPicture } from "./picture_composition.js";
import { PredictionWaitNotice } from "./prediction_wait_notice.js";
import { PhoneRunLegend } from "./phone_run_legend.js";
import { RunTable } from "./run_table.js";
import { SurfaceHeading } from "./surface_heading.js";

const MAX_RUNS_BELOW_TWO_CHARTS = 4; // in a lecture
const MOVES = new Set(["first", "back", "play", "forward", "last"]); // buttons that move the clock

export class RacePanels {
  constructor(player, labels) {
    const { root, clock, commands, actions, scene } = player;
    const { choices } = player.stageMessage.view;
    Object.assign(this, { player, labels });
    root.setAttribute("aria-label", labels.player);
    const addPart = (name) => root.appendChild(createElement("div", `descent-${name}`));
    const redraw = () => player.requestFrame();
    const onChange = () => {
      player.requestColumns();
      redraw();
    };
    this.landscape = new LandscapePanel(addPart("left"), labels, choices, {
      onStartMove: (x, y, how) => actions.moveStart(x, y, how),
      onHover: (run, k, event) => actions.showHover(run === null ? null : player.findStepsOfAll(run, k), event),
      onChange,
      redraw,
      questions: player.questions,
    });
    this.surfaceHeading = new SurfaceHeading(this.landscape.bar);
    this.legend = new PhoneRunLegend(addPart("legend"), labels);
    this.playbackBar = new PlaybackBar(addPart("transport"), labels, clock, {
      onChange: (name) => {
        if (MOVES.has(name)) actions.explainWait();
        redraw();
      },
      paces: choices.pace.map((name) => [name, labels[`pace_${name}`]]),
      onPace: (pace) => player.setPace(pace),
      actions: {
        play: () => actions.togglePlayback(),
        ahead: () => actions.toggleFuture(),
        projector: () => actions.toggleProjector(),
        lecture: () => actions.toggleLecture(),
        full: () => actions.toggleFullScreen(),
        keys: () => this.help.toggle(),
      },
    });
    this.saver = new FileSaver(this.playbackBar.options, labels, (kind, isAnimation) => planPicture(player, kind, isAnimation));
    this.charts = new ChartPanel(addPart("right"), labels, choices, {
      onSeek: (run, k) => actions.seek(run, k),
      onHover: (runSteps, event) => actions.showHover(runSteps, event),
      onChange,
      redraw,
    });
    const table = addPart("verdicts");
    const equations = Object.assign(addPart("focus"), { hidden: Boolean(scene.unruled) });
    this.equations = new EquationPanel(equations, labels, (slot) => {
      this.markRule();
      commands.requestEquations(slot);
      redraw();
    });
    this.table = new RunTable(table, labels, scene.unruled ? null : (run) => actions.chooseRule(run));
    this.accessibleTable = new AccessibleTable(addPart("words"), labels);
    this.tooltip = new RunValuesTooltip(root, (run) => createSwatch(run.style, player.colours.ground));
    this.help = new KeyHelpDialog(root, labels, () => actions.pauseIfCovered());
    this.waitNotice = new PredictionWaitNotice(this.landscape.viewBox, labels, () => commands.sendLecture("revealed", 0));
    this.lecture = new LectureMode(root, this.playbackBar.host, labels, {
      send: (name, value) => commands.sendLecture(name, value),
      onToggle: () => actions.pauseIfCovered(),
      onPlay: () => actions.togglePlayback(),
      onStart: () => clock.playing || actions.togglePlayback(),
      onDigit: (number) => actions.toggleRun(number),
      dismiss: () => actions.closeRule(),
      getLook: () => ({ theme: player.colours, styles: player.stageMessage.palette.styles[root.dataset.theme] }),
    });
    this.cleanUps = this.listen(redraw);
  }

  // Listen to keys, dialogs and messages. The list of what ends that.
  listen(redraw) {
    const { landscape, playbackBar, help, lecture } = this;
    const { root, clock, actions, scene } = this.player;
    this.keyActions = Object.create(createKeyActions({ clock, landscape, playbackBar, help }, actions, redraw)); // a lecture's are laid over them
    const stopKeys = addKeyListeners(this.keyActions, (key) => !root.isConnected || (help.dialog.open && document.activeElement !== root) || lecture.ignoresKey(key));
    const unsubscribe = subscribe("rule", scene.id, (message) => {
      this.equations.receiveEquations(message);
      redraw();
    });
    const unsubscribeScenes = subscribe("scenes", scene.id, ({ scenes }) => lecture.overview.setScenes(scenes));
    return [stopKeys, addTitleTooltips(root), unsubscribe, unsubscribeScenes, keepPictureInSight(root, landscape.viewBox), keepTypeFitting(this.table.element.parentElement, this.table.element), keepTypeFitting(this.equations.host, this.equations.equations.lineBox), watchDialogs(() => actions.pauseIfCovered())];
  }

  // The layout and the keys of a lecture, or not.
  updateMode({ lecture: state, fixed }) {
    const { lecture, keyActions, playbackBar, help, labels } = this;
    lecture.set(state);
    const { isOn, isFramed } = lecture;
    playbackBar.buttons.lecture.hidden = Boolean(fixed);
    playbackBar.buttons.lecture.setAttribute("aria-pressed", isOn);
    const { root, scene, urls } = this.player;
    root.classList.toggle("descent-lecturing", isOn || isFramed);
    root.classList.toggle("descent-framed", isFramed);
    root.classList.toggle("descent-asking", lecture.navigator.hasOpenQuestion);
    if (isFramed) lecture.openLink.href = buildLink(urls.base, scene.scene);
    for (const key of Object.keys(lecture.keyActions)) delete keyActions[key];
    if (isOn) Object.assign(keyActions, lecture.keyActions);
    playbackBar.buttons.projector.setAttribute("aria-pressed", isLargeType());
    playbackBar.buttons.ahead.setAttribute("aria-pressed", !this.player.hidesFuture);
    help.setRows(helpRows(labels, { fixed, lecture: isOn }));
  }

  // `start` is null while a newer one is on its way; `known`: how far each run may be told, see `spoiler_protection.js`. Resolves
  // once the landscape is drawn.
  update(runs, scene, stage, start, colours, theme, known) {
    this.tooltip.hide();
    this.waitNotice.update(scene.waits);
    this.player.root.classList.toggle("descent-waiting", Boolean(scene.waits));
    this.player.root.classList.toggle("descent-crowded", runs.length > MAX_RUNS_BELOW_TWO_CHARTS);
    this.landscape.isFixed = Boolean(scene.fixed);
    this.charts.set(runs, scene, colours, known); // sizes are read before the page is changed
    this.landscape.openScene(scene, stage, this.player.hidesFuture && !this.lecture.isOn); // a lecture shows paths whole
    const drawing = this.landscape.set(runs, start, stage, colours, theme, known);
    this.surfaceHeading.set(this.player.stageMessage.heading);
    this.legend.set(runs, colours, scene.surface);
    this.table.set(runs, colours);
    this.accessibleTable.set(scene, runs);
    this.equations.set(runs);
    this.markRule();
    return drawing;
  }

  // In a lecture the rule takes the place of the charts.
  markRule() {
    this.player.root.classList.toggle("descent-ruled", this.equations.isOpen && !this.lecture.navigator.hasOpenQuestion);
  }

  // Everything in one frame, so that picture, clock, table and rule say the same step at any speed.
  draw({ runSteps, cursors, hovered, now, known }) {
    const { labels } = this;
    const { clock, pace, scene } = this.player;
    const isBySteps = pace === "steps";
    this.landscape.draw(runSteps, hovered, known);
    this.charts.draw(runSteps, cursors, hovered, known);
    const epoch = scene.epoch && isBySteps ? ` · ${labels.epoch} ${(clock.step / scene.epoch).toFixed(1)}` : "";
    this.playbackBar.draw(labels[`clock_${pace}`], epoch);
    this.accessibleTable.draw(runSteps, now, clock.playing, known);
    this.table.draw(runSteps.map(wholeStep), this.landscape.contourView.view, known, clock.playing);
    this.equations.draw(runSteps);
  }

  // How the scene is looked at.
  readView() {
    const { landscape, charts } = this;
    const { pace, clock, future } = this.player;
    return { mode: landscape.mode, ...charts.viewOptions, pace, future, arrows: landscape.orderedArrows, ...landscape.contourView.chosenWindow, step: clock.viewStep };
  }

  // What a link does not say: the run whose rule is shown, and the camera.
  readUnlinked() {
    return { rule: this.equations.slot, camera: this.landscape.chosenCamera };
  }

  // As `readUnlinked` of other panels. Python still sends that rule.
  restoreUnlinked({ rule, camera }) {
    this.equations.slot = rule;
    this.landscape.keptCamera = camera;
  }

  remove() {
    for (const cleanUp of this.cleanUps) cleanUp();
    for (const panel of [this.landscape, this.surfaceHeading, this.playbackBar, this.saver, this.charts, this.table, this.accessibleTable]) panel.remove();
  }
}
