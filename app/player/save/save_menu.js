// The button that saves what is seen: a small menu of what as, then how far it is, with a way to stop it.

import { createButton, createElement } from "../base/dom.js";

const ICON = "M10.8 3h2.4v9.200l3.300-3.300 1.700 1.700-6.200 6.200-6.200-6.200 1.700-1.700 3.300 3.300zM4 15h2.400v3.600h11.200V15H20v6H4z";
const PROGRESS_INTERVAL_MS = 400; // milliseconds
const FILE_KINDS = ["png", "svg", "webm", "gif"];

export class SaveMenu {
  // `choose(kind)` is called with what the visitor wants.
  constructor(host, labels, choose) {
    this.labels = labels;
    this.box = host.appendChild(createElement("div", "descent-save descent-late"));
    this.opener = this.box.appendChild(createButton(labels.save, ICON, () => this.open(this.panel.hidden)));
    this.panel = this.box.appendChild(createElement("div", "descent-panel"));
    this.panel.id = `descent-save-${(menuCount += 1)}`;
    this.panel.setAttribute("role", "group");
    this.panel.setAttribute("aria-label", labels.save);
    this.opener.setAttribute("aria-controls", this.panel.id);
    this.choices = this.panel.appendChild(createElement("div", "descent-choices"));
    for (const kind of FILE_KINDS) this.word(this.choices, labels[`save_${kind}`], () => choose(kind));
    this.progressBox = this.panel.appendChild(createElement("div", "descent-work"));
    this.bar = this.progressBox.appendChild(Object.assign(createElement("progress", ""), { max: 1 }));
    this.bar.setAttribute("aria-label", labels.save_progress);
    this.stop = this.word(this.progressBox, labels.save_cancel, () => this.cancel());
    this.note = this.panel.appendChild(createElement("p", "descent-quiet"));
    this.note.setAttribute("role", "status");
    this.leave = (event) => this.box.contains(event.target) || this.isBusy || this.open(false);
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.show(false);
    this.open(false);
  }

  word(host, words, does) {
    const button = host.appendChild(createElement("button", "descent-choice"));
    Object.assign(button, { type: "button", textContent: words });
    button.addEventListener("click", does);
    return button;
  }

  open(open) {
    this.panel.hidden = !open;
    this.opener.setAttribute("aria-expanded", open);
    if (open) document.addEventListener("pointerdown", this.leave);
    else document.removeEventListener("pointerdown", this.leave);
    if (!open && !this.isBusy) this.note.textContent = "";
  }

  // Escape closes it, arrows go through the choices.
  press(event) {
    const ways = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape" && !this.panel.hidden) {
      this.open(false);
      this.opener.focus();
    } else if (event.key in ways && !this.isBusy) {
      this.open(true);
      const words = [...this.choices.children];
      const here = words.indexOf(document.activeElement);
      words.at((Math.max(here, ways[event.key] < 0 ? 0 : -1) + ways[event.key]) % words.length).focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Choices, or how far it is.
  show(busy) {
    const held = this.panel.contains(document.activeElement);
    this.isBusy = busy;
    this.choices.hidden = busy;
    this.progressBox.hidden = !busy;
    this.opener.classList.toggle("descent-busy", busy);
    if (held) (busy ? this.stop : this.opener).focus({ preventScroll: true });
  }

  begin(cancel) {
    this.cancel = cancel;
    this.told = -PROGRESS_INTERVAL_MS;
    this.bar.removeAttribute("value"); // until the first frame nobody knows
    this.note.textContent = this.labels.save_begun;
    this.show(true);
  }

  // Seldom: where there is no graphics card, to draw the page again takes longer than a frame of a film.
  progress(part) {
    if (performance.now() - this.told < PROGRESS_INTERVAL_MS) return;
    this.told = performance.now();
    this.bar.value = part;
  }

  // With what is to be said of it.
  end(words) {
    this.show(false);
    this.note.textContent = words;
  }

  remove() {
    document.removeEventListener("pointerdown", this.leave);
  }
}

let menuCount = 0;
