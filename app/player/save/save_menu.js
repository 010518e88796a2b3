// The button that saves pictures and videos: a menu of formats, then the progress, with a button that cancels.

import { createButton, createElement, createTextButton } from "../base/dom.js";

const ICON = "M10.8 3h2.4v9.200l3.300-3.300 1.700 1.700-6.200 6.200-6.200-6.200 1.700-1.700 3.300 3.300zM4 15h2.400v3.600h11.200V15H20v6H4z";
const PROGRESS_INTERVAL_MS = 400; // milliseconds
const FILE_KINDS = ["png", "svg", "webm", "gif"];

export class SaveMenu {
  // `onChoose(kind)` is called with the kind of file that the visitor wants.
  constructor(host, labels, onChoose) {
    this.labels = labels;
    this.box = host.appendChild(createElement("div", "descent-save descent-late"));
    this.opener = this.box.appendChild(createButton(labels.save, ICON, () => this.setOpen(this.panel.hidden)));
    this.panel = this.box.appendChild(createElement("div", "descent-panel"));
    this.panel.id = `descent-save-${(menuCount += 1)}`;
    this.panel.setAttribute("role", "group");
    this.panel.setAttribute("aria-label", labels.save);
    this.opener.setAttribute("aria-controls", this.panel.id);
    this.choices = this.panel.appendChild(createElement("div", "descent-choices"));
    for (const kind of FILE_KINDS) this.choices.append(createTextButton("descent-choice", labels[`save_${kind}`], () => onChoose(kind)));
    this.progressBox = this.panel.appendChild(createElement("div", "descent-work"));
    this.bar = this.progressBox.appendChild(Object.assign(createElement("progress", ""), { max: 1 }));
    this.bar.setAttribute("aria-label", labels.save_progress);
    this.cancelButton = this.progressBox.appendChild(createTextButton("descent-choice", labels.save_cancel, () => this.cancel()));
    this.note = this.panel.appendChild(createElement("p", "descent-quiet"));
    this.note.setAttribute("role", "status");
    this.closeWhenOutside = (event) => this.box.contains(event.target) || this.isBusy || this.setOpen(false);
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.setBusy(false);
    this.setOpen(false);
  }

  setOpen(open) {
    this.panel.hidden = !open;
    this.opener.setAttribute("aria-expanded", open);
    if (open) this.panel.scrollIntoView?.({ block: "nearest" });
    if (open) document.addEventListener("pointerdown", this.closeWhenOutside);
    else document.removeEventListener("pointerdown", this.closeWhenOutside);
    if (!open && !this.isBusy) this.note.textContent = "";
  }

  // Escape closes it, arrows go through the choices.
  onKey(event) {
    const directions = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape" && !this.panel.hidden) {
      this.setOpen(false);
      this.opener.focus();
    } else if (event.key in directions && !this.isBusy) {
      this.setOpen(true);
      const words = [...this.choices.children];
      const focused = words.indexOf(document.activeElement);
      words.at((Math.max(focused, directions[event.key] < 0 ? 0 : -1) + directions[event.key]) % words.length).focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Choices, or how far it is.
  setBusy(busy) {
    const held = this.panel.contains(document.activeElement);
    this.isBusy = busy;
    this.choices.hidden = busy;
    this.progressBox.hidden = !busy;
    this.opener.classList.toggle("descent-busy", busy);
    if (held) (busy ? this.cancelButton : this.opener).focus({ preventScroll: true });
  }

  showProgress(cancel) {
    this.cancel = cancel;
    this.progressShownAt = -PROGRESS_INTERVAL_MS;
    this.bar.removeAttribute("value"); // until the first frame nobody knows
    this.note.textContent = this.labels.save_begun;
    this.setBusy(true);
  }

  // Seldom: without a graphics card, redrawing the page takes longer than a frame of a video.
  setProgress(fraction) {
    if (performance.now() - this.progressShownAt < PROGRESS_INTERVAL_MS) return;
    this.progressShownAt = performance.now();
    this.bar.value = fraction;
  }

  finish(text) {
    this.setBusy(false);
    this.note.textContent = text;
  }

  remove() {
    document.removeEventListener("pointerdown", this.closeWhenOutside);
  }
}

let menuCount = 0;
