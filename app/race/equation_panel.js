// The equations of a run that the visitor chooses, with the numbers of the step that is shown.

import { wholeStep } from "../player/base/clock.js";
import { runSafely } from "../player/base/decode_message.js";
import { createLabelledSelect, fillSelect } from "../player/base/dom.js";
import { EquationView } from "./equation_view.js";
import { getMarks } from "../player/base/punctuation.js";

export class EquationPanel {
  // `onChoose(slot)` is called with the run that the visitor wants to see; null for none.
  constructor(host, labels, onChoose) {
    Object.assign(this, { host, labels, onChoose, runs: [], slot: null });
    this.runSelect = createLabelledSelect(host, labels.focus, "descent-chooser", (value) => this.selectRun(value === "" ? null : Number(value)));
    this.equations = new EquationView(host, labels);
  }

  // Whether there is a rule to be seen.
  get isOpen() {
    return this.slot !== null && this.runIndex >= 0;
  }

  selectRun(slot) {
    this.slot = slot;
    this.isOpening = slot !== null; // to be brought into view once it is there
    this.update();
    this.onChoose(slot);
  }

  // The equations that were requested.
  receiveEquations(message) {
    this.message = message;
    this.update();
  }

  set(runs) {
    this.runs = runs;
    this.update();
  }

  update() {
    const options = [["", this.labels.focus_none], ...this.runs.map(({ colour, name, detail }) => [colour, detail ? `${name}${getMarks().comma}${detail}` : name])];
    fillSelect(this.runSelect, options);
    this.runIndex = this.runs.findIndex(({ colour }) => colour === this.slot);
    const run = this.runs[this.runIndex];
    this.runSelect.value = run ? this.slot : "";
    const shown = run && this.message?.slot === this.slot ? this.message : null;
    runSafely(() => this.equations.set(shown, { colour: run?.style.colour, name: run?.name }));
  }

  draw(runSteps) {
    if (this.runIndex < 0) return;
    this.equations.draw(wholeStep(runSteps[this.runIndex]), this.runs[this.runIndex].length - 1);
    if (!this.isOpening || this.equations.root.hidden) return;
    this.isOpening = false;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    this.host.scrollIntoView({ block: this.host.clientHeight > 0.8 * window.innerHeight ? "start" : "nearest", behavior });
  }
}
