// The form that goes on from the epoch of the clock with another value: the training itself, or a copy beside it.

import { createElement, createSelect, createTextButton, fillSelect } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";

export class ChangeForm {
  // `onChange({epoch, name, text, beside})` is called when the visitor goes on.
  constructor(host, labels, onChange) {
    Object.assign(this, { labels, epoch: 0 });
    this.box = host.appendChild(createElement("details", "descent-training-change"));
    this.title = this.box.appendChild(createElement("summary", "descent-word"));
    const form = this.box.appendChild(createElement("form", "descent-training-fields"));
    this.name = createSelect(form, labels.change_what, "", () => this.showValue());
    this.value = form.appendChild(Object.assign(createElement("input", ""), { type: "text", maxLength: 24, autocomplete: "off" }));
    this.value.setAttribute("aria-label", labels.change_value);
    const beside = form.appendChild(createElement("label", ""));
    this.beside = beside.appendChild(Object.assign(createElement("input", ""), { type: "checkbox" }));
    beside.append(labels.change_beside);
    this.button = form.appendChild(createTextButton("descent-word", labels.change_go, () => {}));
    this.button.type = "submit";
    this.note = this.box.appendChild(createElement("p", "descent-training-note"));
    this.note.setAttribute("role", "status");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.button.disabled) onChange({ epoch: this.epoch, name: this.name.value, text: this.value.value, beside: this.beside.checked });
    });
  }

  set({ changeable, change_note: note, trainings, selected, epochs }) {
    if (!changeable) return; // a saved page or a log, which cannot go on
    Object.assign(this, { changeable, changes: trainings[selected].changes, epochs, sentNote: note });
    fillSelect(this.name, changeable);
    this.show(this.epoch);
  }

  // The clock stands at a whole epoch.
  show(epoch) {
    this.epoch = epoch;
    if (!this.changeable) return;
    const { labels, epochs } = this;
    const isInside = epoch > 0 && epoch < epochs;
    this.title.textContent = isInside ? fillTemplate(labels.change, { epoch }) : labels.change_middle;
    this.button.disabled = !isInside;
    const note = isInside ? this.sentNote : labels.change_where;
    if (this.note.textContent !== note) this.note.textContent = note;
    this.showValue();
  }

  // Show the value that the chosen hyperparameter has at this epoch.
  showValue() {
    const start = this.changeable.find(([name]) => name === this.name.value)?.[2] ?? "";
    const made = this.changes.filter(([epoch, name]) => name === this.name.value && epoch < this.epoch).at(-1);
    this.value.placeholder = fillTemplate(this.labels.change_now, { value: made ? made[2] : start });
  }
}
