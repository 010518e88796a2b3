// The visitor's actions on a race: move its start, point, play, and change how it is shown.

import { positionOf } from "../player/base/clock_to_steps.js";
import { toggleFullScreen, toggleLargeType } from "../player/base/large_type_and_fullscreen.js";
import { hasOpenDialog } from "../player/base/streamlit_dialogs.js";
import { chooseFuture, limitToKnown } from "../player/base/spoiler_protection.js";
import { fillTemplate } from "../player/base/number_format.js";

export class RaceActions {
  constructor(player) {
    this.player = player;
    const { root } = player;
    const onPress = () => {
      this.wasUnfocused = !document.hasFocus();
      if (this.wasUnfocused) root.focus({ preventScroll: true }); // in a frame, where Plotly keeps the click's focus away
    };
    root.addEventListener("pointerdown", onPress, true);
    root.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("button, input, select, summary, label, [tabindex]:not(.descent)")) root.focus({ preventScroll: true });
    });
  }

  // While the start is dragged or nudged the clock stays; a click or the end of a drag begins the race anew. Python
  // answers with the paths; the rest of its answer can wait until the start is let go.
  moveStart(x, y, { held = false, nudged = false, series = 0 }) {
    const { player } = this;
    if (this.wasUnfocused && player.scene.lecture?.on) return player.update(); // a click for the keys, in a frame of slides
    if (!held && !nudged && !player.prefersReducedMotion) player.restart();
    player.requestFrame();
    player.commands.moveStart(x, y, held, series);
  }

  // Show what all runs do at these steps; null where nothing is pointed at.
  showHover(steps, event) {
    const { player } = this;
    if (!steps && !player.hoveredSteps) return;
    const runSteps = steps && limitToKnown(steps, player.known);
    player.hoveredSteps = runSteps;
    const { tooltip, charts, labels } = player.panels;
    if (!runSteps) tooltip.hide();
    else {
      const isSameStep = runSteps.every((k) => k === runSteps[0]);
      const { strip } = charts;
      const columns = [[labels.loss, "loss"], [labels[strip] ?? player.scene.hypers[strip], strip]];
      tooltip.show(isSameStep ? fillTemplate(labels.rule_at, { k: runSteps[0] }) : labels.pointed, player.runs, runSteps, columns, event);
    }
    player.requestFrame();
  }

  // To the moment at which a run is at step k.
  seek(run, k) {
    const { clock, runs, pace } = this.player;
    clock.seek(positionOf(runs[run], k, pace));
    this.player.requestFrame();
  }

  // Switch a run on or off, by its number in the list.
  toggleRun(number) {
    const { scene, commands } = this.player;
    if (number <= scene.run_count && !scene.fixed) commands.toggleRun(number - 1);
  }

  undo(by) {
    if (!this.player.scene.fixed) this.player.commands.sendUndo(by);
  }

  // Show or hide what the race has not reached yet.
  toggleFuture() {
    const { player } = this;
    player.future = chooseFuture(!player.hidesFuture, player.scene.suspense);
    player.update();
  }

  // Show the rule of a run with its numbers; in a lecture the same press hides it.
  chooseRule(run) {
    const { equations, lecture } = this.player.panels;
    if (lecture.isOn && equations.isOpen && equations.slot === run.colour) this.closeRule();
    else if (!lecture.isFramed) equations.selectRun(run.colour);
  }

  // Whether there was one to be closed.
  closeRule() {
    const { equations } = this.player.panels;
    const { isOpen } = equations;
    if (isOpen) equations.selectRun(null);
    return isOpen;
  }

  // The rule of the first run, or none.
  toggleRule() {
    const { panels, runs, scene } = this.player;
    if (scene.unruled || panels.lecture.navigator.hasOpenQuestion || this.closeRule() || !runs.length) return;
    this.chooseRule(runs[0]);
  }

  // Say why nothing moves, where the race waits for a prediction.
  explainWait() {
    this.player.panels.waitNotice.show();
  }

  toggleProjector() {
    toggleLargeType();
    this.player.update();
  }

  toggleFullScreen() {
    toggleFullScreen(this.player.root, this.player.panels.lecture.isOn);
  }

  toggleLecture() {
    this.player.panels.lecture.navigator.toggleMode();
  }

  // If the audience is to predict first, reveal the race instead.
  togglePlayback() {
    const { clock, panels } = this.player;
    const playlist = panels.lecture.navigator;
    if (playlist.hasOpenQuestion) playlist.reveal();
    else if (clock.playing) clock.pause();
    else clock.play();
    this.player.requestFrame();
  }

  // The race waits while a dialog, ours or Streamlit's, lies over it.
  pauseIfCovered() {
    const { clock, panels } = this.player;
    if (panels.help.dialog.open || panels.lecture.isCovered || hasOpenDialog()) clock.hold();
    else clock.release();
    this.player.requestFrame();
  }
}
