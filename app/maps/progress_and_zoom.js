// Under a map: the progress of its job, a button that stops or resumes it, and the zoom.

import { createButton, createElement } from "../player/base/dom.js";
import { fillTemplate } from "../player/base/number_format.js";

const ZOOM_IN_ICON = "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z";
const ZOOM_OUT_ICON = "M5 11h14v2H5z";
const RESET_ICON = "M5 5h6v2H7v4H5zM13 5h6v6h-2V7h-4zM5 13h2v4h4v2H5zM17 13h2v6h-6v-2h4z";
export const ACTIVE_STATES = new Set(["idle", "working", "forgotten"]); // a forgotten job goes on when it is polled

export class MapToolbar {
  constructor(host, labels, view, stop) {
    this.labels = labels;
    this.words = host.appendChild(createElement("span", "descent-quiet"));
    this.bar = host.appendChild(createElement("progress", ""));
    this.bar.max = 1;
    this.stop = host.appendChild(Object.assign(createElement("button", "descent-word"), { type: "button" }));
    this.stop.addEventListener("click", () => stop(this.isActive));
    if (!view.zoom) return;
    host.appendChild(createElement("span", "descent-tools")).append(
      createButton(labels.zoom_in, ZOOM_IN_ICON, () => view.zoom(0.5)),
      createButton(labels.zoom_out, ZOOM_OUT_ICON, () => view.zoom(2)),
      createButton(labels.reset, RESET_ICON, () => view.reset()),
    );
  }

  set(message) {
    const { state, share } = message;
    const { labels, words, bar, stop } = this;
    this.isActive = ACTIVE_STATES.has(state);
    words.textContent = fillTemplate(labels[this.isActive ? "working" : state] ?? "", { ...message, share: Math.floor(100 * share) });
    bar.hidden = !this.isActive;
    bar.value = share;
    bar.setAttribute("aria-label", words.textContent);
    stop.hidden = !this.isActive && state !== "stopped";
    stop.textContent = this.isActive ? labels.stop : labels.resume;
  }
}
