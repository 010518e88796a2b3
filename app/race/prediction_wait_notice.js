// A race that waits for the visitor's prediction says so when it is asked to play, and can be shown without one.

import { createElement, createTextButton } from "../player/base/dom.js";

export class PredictionWaitNotice {
  // `onReveal()` is called when the visitor wants to see the race without a prediction.
  constructor(host, labels, onReveal) {
    this.box = host.appendChild(createElement("div", "descent-waits"));
    this.box.hidden = true;
    this.text = this.box.appendChild(createElement("p", ""));
    this.text.setAttribute("role", "status");
    this.words = labels.waits;
    this.box.append(createTextButton("descent-reveal", labels.show_unasked, onReveal));
  }

  // Whether the race waits; a notice that is over goes.
  update(waits) {
    this.waits = Boolean(waits);
    if (!this.waits) this.hide();
  }

  hide() {
    this.box.hidden = true;
    this.text.textContent = "";
  }

  // Say so, if it waits.
  show() {
    if (!this.waits) return;
    this.box.hidden = false;
    this.text.textContent = this.words; // put in after it is there, so that it is read out
  }
}
