// The run under focus, and its rule with the numbers of the step that is shown.

import { wholeStep } from "../player/base/clock.js";
import { runSafely } from "../player/base/decode_message.js";
import { createElement } from "../player/base/dom.js";
import { EquationView } from "./equation_view.js";

export class EquationPanel {
  // `onChoose(colour)` is called with the run that the visitor wants to see; null for none.
  constructor(host, labels, onChoose) {
    Object.assign(this, { labels, chosen: onChoose, runs: [], colour: null });
    const label = host.appendChild(createElement("label", "descent-chooser"));
    label.append(createElement("span", "", labels.focus));
    this.choice = label.appendChild(createElement("select", ""));
    this.choice.addEventListener("change", () => this.look(this.choice.value === "" ? null : Number(this.choice.value)));
    this.equations = new EquationView(host, labels);
  }

  look(colour) {
    this.colour = colour;
    this.chosen(colour);
    this.show();
  }

  // The rule that was asked for.
  take(message) {
    this.message = message;
    this.show();
  }

  set(runs) {
    this.runs = runs;
    this.show();
  }

  show() {
    const options = [["", this.labels.focus_none], ...this.runs.map(({ colour, name, detail }) => [colour, detail ? `${name}, ${detail}` : name])];
    const names = JSON.stringify(options);
    if (this.choice.dataset.names !== names) {
      this.choice.dataset.names = names;
      this.choice.replaceChildren(...options.map(([value, words]) => new Option(words, value)));
    }
    this.place = this.runs.findIndex(({ colour }) => colour === this.colour);
    const run = this.runs[this.place];
    this.choice.value = run ? this.colour : "";
    const shown = run && this.message?.slot === this.colour ? this.message : null;
    runSafely(() => this.equations.set(shown, { colour: run?.style.colour, name: run?.name }));
  }

  draw(runSteps) {
    if (this.place >= 0) this.equations.draw(wholeStep(runSteps[this.place]));
  }
}
