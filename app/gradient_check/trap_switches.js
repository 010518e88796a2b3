// The traps: a switch each, and what is seen and why while one is on.

import { createElement, createTextButton } from "../player/base/dom.js";

export const TRAP_KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-"]; // in the order of the switches

export class TrapSwitches {
  constructor(host, labels, say) {
    Object.assign(this, { labels, say });
    host.querySelector("h2")?.append(createElement("span", "descent-quiet", labels.traps_help));
    this.row = host.appendChild(createElement("div", "descent-check-chips"));
    this.row.setAttribute("role", "group");
    this.row.setAttribute("aria-label", labels.traps);
    this.box = host.appendChild(createElement("div", "descent-check-trap"));
    this.text = this.box.appendChild(createElement("p", ""));
    this.text.setAttribute("role", "status");
    this.remedy = this.box.appendChild(createTextButton("descent-word", "", () => say("mended")));
    this.chips = new Map();
  }

  addChip(name, title) {
    const chip = this.row.appendChild(createTextButton("descent-chip", title, () => this.press(name)));
    const key = TRAP_KEYS[this.chips.size];
    if (key) {
      chip.dataset.key = key === "-" ? "−" : key;
      chip.setAttribute("aria-keyshortcuts", key);
    }
    return chip;
  }

  press(name) {
    this.shown = this.shown === name ? "" : name; // until the server has answered
    this.say("trapped", { name });
  }

  // The switch at `index`, by its key.
  toggle(index) {
    const name = [...this.chips.keys()][index];
    if (name) this.press(name);
  }

  // The next trap (1) or the one before (-1); beyond the last and the first there is none.
  step(by) {
    const names = [...this.chips.keys()];
    const name = names[this.shown ? names.indexOf(this.shown) + by : by > 0 ? 0 : names.length - 1];
    if (name ?? this.shown) this.press(name ?? this.shown);
  }

  toggleRemedy() {
    if (!this.box.hidden) this.say("mended");
  }

  // On a phone the switches are one row, which is scrolled.
  bringIntoSight(chip) {
    const [there, row] = [chip.getBoundingClientRect(), this.row.getBoundingClientRect()];
    this.row.scrollLeft += there.left + there.width / 2 - (row.left + row.width / 2);
  }

  set({ traps, trap, trap_text: text, remedy, mended }) {
    for (const [name, title] of traps) {
      if (!this.chips.has(name)) this.chips.set(name, this.addChip(name, title));
      this.chips.get(name).setAttribute("aria-pressed", name === trap);
    }
    if (trap && trap !== this.inSight) this.bringIntoSight(this.chips.get(trap));
    this.shown = this.inSight = trap;
    this.box.hidden = !trap;
    if (this.text.textContent !== text) this.text.textContent = text;
    this.remedy.textContent = mended ? this.labels.mend_back : remedy;
  }
}
