// Under a map: the progress of its job, a button that stops or resumes it, and the zoom.

import { createElement, createTextButton, createZoomButtons } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";

export const ACTIVE_STATES = new Set(["idle", "working", "forgotten"]); // a forgotten job goes on when it is polled

export class MapToolbar {
  constructor(host, labels, view, onStop) {
    this.labels = labels;
    this.statusText = host.appendChild(createElement("span", "descent-quiet"));
    this.bar = host.appendChild(createElement("progress", ""));
    this.bar.max = 1;
    this.stopButton = host.appendChild(createTextButton("descent-word", "", () => onStop(this.isActive)));
    if (!view.zoom) return;
    host.appendChild(createElement("span", "descent-tools")).append(...createZoomButtons(labels, 2, () => view));
  }

  set(message) {
    const { state, share } = message;
    const { labels, statusText, bar, stopButton } = this;
    this.isActive = ACTIVE_STATES.has(state);
    statusText.textContent = fillTemplate(labels[this.isActive ? "working" : state] ?? "", { ...message, share: Math.floor(100 * share) });
    bar.hidden = !this.isActive;
    bar.value = share;
    bar.setAttribute("aria-label", statusText.textContent);
    stopButton.hidden = !this.isActive && state !== "stopped";
    stopButton.textContent = this.isActive ? labels.stop : labels.resume;
  }
}
