// The progress of a picture's job, and a button that stops or resumes it.

import { createElement, createTextButton } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";
import { ACTIVE_STATES } from "../net/job_polling.js";

export class JobProgress {
  constructor(host, labels, onStop) {
    this.labels = labels;
    this.statusText = host.appendChild(createElement("span", "descent-quiet"));
    this.bar = host.appendChild(createElement("progress", ""));
    this.bar.max = 1;
    this.stopButton = host.appendChild(createTextButton("descent-word", "", () => onStop(this.isActive)));
  }

  set(message) {
    const { state, fraction, others } = message;
    const { labels, statusText, bar, stopButton } = this;
    this.isActive = ACTIVE_STATES.has(state);
    const words = [labels[this.isActive ? "working" : state] ?? ""];
    if (this.isActive && others) words.push(others > 1 ? labels.others : labels.other); // who wait for one another
    statusText.textContent = fillTemplate(words.join(" · "), { ...message, share: Math.floor(100 * fraction) });
    bar.hidden = !this.isActive;
    bar.value = fraction;
    bar.setAttribute("aria-label", statusText.textContent);
    stopButton.hidden = !this.isActive && state !== "stopped";
    stopButton.textContent = this.isActive ? labels.stop : labels.resume;
  }
}
