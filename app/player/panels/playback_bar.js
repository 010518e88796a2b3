// The playback bar: buttons, scrubber, counter, speed, units and loop, all acting on one clock.

import { createButton, createElement, createLabelledSelect, fillSelect, setButton } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];
export const ICONS = {
  first: "M5 4h2.4v16H5zM20 4v16L9 12z",
  back: "M8 4h2.2v16H8zM19 5.5v13L11.6 12z",
  play: "M7 4l13.5 8L7 20z",
  pause: "M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z",
  forward: "M13.8 4H16v16h-2.2zM5 5.5v13l7.4-6.5z",
  last: "M16.6 4H19v16h-2.4zM4 4v16l11-8z",
  loop: "M7 7h9V4l4.5 4.2L16 12.4V9.4H9v3.4H6.6V7.4zM17 17H8v3l-4.5-4.2L8 11.6v3h7v-3.4h2.4v5.4z",
  ahead: "M12 5.5c4.600 0 8.300 2.700 10.200 6.500-1.900 3.800-5.600 6.500-10.200 6.500S3.700 15.800 1.800 12C3.700 8.200 7.400 5.500 12 5.500zm0 2.200c-3.300 0-6 1.700-7.700 4.300 1.700 2.600 4.400 4.300 7.700 4.300s6-1.700 7.700-4.300c-1.700-2.600-4.400-4.300-7.700-4.300zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  projector: "M4 5h16v10H4zM6 7v6h12V7zM11 15h2v3h4v2H7v-2h4z",
  lecture: "M12 3a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM6 20v-5a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v5h-2.400v-5a1.600 1.600 0 0 0-1.600-1.600h-4a1.600 1.600 0 0 0-1.600 1.600v5zM3 20h18v2H3z",
  leave: "M9 4h2.2v7H4V8.800h5zM15 20h-2.200v-7H20v2.200h-5zM12.800 4H15v4.800h5V11h-7.200zM11.200 20H9v-4.800H4V13h7.200z",
  full: "M4 4h7v2.2H6.2V11H4zM20 20h-7v-2.2h4.8V13H20zM13 4h7v7h-2.2V6.2H13zM4 13h2.2v4.8H11V20H4z",
  keys: "M3 6h18v12H3zM5 8v8h14V8zM6.5 9.5h2v2h-2zM10 9.5h2v2h-2zM13.500 9.5h2v2h-2zM8 13h8v1.800H8z",
};

// The buttons at the right end, and their classes: each is there if there is an action of its name.
const LATE_BUTTONS = { ahead: "descent-ahead", projector: "descent-projecting", lecture: "descent-wide", full: "", keys: "descent-wide" };

export class PlaybackBar {
  // `onChange(name)` follows every act, with the name of the button that was pressed, if it was one; `actions`: what `play`
  // and the buttons at the right end do, by name. `paces`: [name, text] of the units that the clock can count in, if there
  // is a choice; `onPace(name)` is called with another one.
  constructor(host, labels, clock, { onChange, actions, paces = [], onPace }) {
    Object.assign(this, { host, labels, clock });
    this.listening = new AbortController();
    const time = host.appendChild(createElement("div", "descent-time")); // where there is no room beside it, the rest is below
    this.options = host.appendChild(createElement("div", "descent-options"));
    const addButton = (group, name, act, className = "") => {
      const button = group.appendChild(createButton(labels[name], ICONS[name], () => (act(), onChange(name))));
      button.className += ` ${className}`;
      return button;
    };
    addButton(time, "first", () => clock.pauseAt(0));
    addButton(time, "back", () => clock.stepBy(-1), "descent-small");
    this.playButton = addButton(time, "play", actions.play, "descent-main");
    addButton(time, "forward", () => clock.stepBy(1), "descent-small");
    addButton(time, "last", () => clock.pauseAt(clock.steps));
    this.counter = time.appendChild(createElement("output", "descent-counter"));
    this.counter.setAttribute("aria-live", "off");
    [this.textBefore, this.stepText, this.textAfter] = ["", "", ""].map((text) => document.createTextNode(text));
    const bold = createElement("b", "");
    bold.append(this.stepText);
    this.counter.append(this.textBefore, bold, this.textAfter);
    this.scrubber = time.appendChild(Object.assign(createElement("input", "descent-scrub"), { type: "range", min: 0, step: 1, value: 0 }));
    this.scrubber.setAttribute("aria-label", labels.scrub);
    this.scrubber.addEventListener("input", () => {
      if (clock.isHeld) clock.seek(this.scrubber.valueAsNumber); // while it is dragged
      else clock.pauseAt(this.scrubber.valueAsNumber);
      onChange();
    });
    this.scrubber.addEventListener("pointerdown", ({ button, ctrlKey }) => {
      if (button || ctrlKey) return; // it opens a menu, which may keep its end
      clock.hold();
      const { position } = clock;
      const listening = new AbortController();
      const release = ({ type }) => {
        listening.abort();
        if (type === "pointercancel") clock.seek(position); // the touch became a swipe that scrolls the page
        clock.release();
        onChange();
      };
      for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, { signal: listening.signal });
    });
    this.speedSelect = createLabelledSelect(this.options, labels.speed, "descent-speed", (value) => (clock.speed = Number(value)));
    fillSelect(this.speedSelect, SPEEDS.map((value) => [value, `${value}×`]));
    this.speedSelect.value = clock.speed; // in another language the bar is made anew
    if (paces.length) {
      this.paceSelect = createLabelledSelect(this.options, labels.pace, "descent-speed descent-pace descent-late", onPace);
      fillSelect(this.paceSelect, paces);
    }
    this.loopButton = addButton(this.options, "loop", () => (clock.loop = !clock.loop), "descent-late");
    this.buttons = {};
    for (const [name, className] of Object.entries(LATE_BUTTONS)) if (actions[name]) this.buttons[name] = addButton(this.options, name, actions[name], `descent-late ${className}`);
    if (!this.buttons.full) return;
    this.buttons.full.hidden = !document.fullscreenEnabled;
    document.addEventListener("fullscreenchange", () => this.showFullScreen(), { signal: this.listening.signal });
  }

  // The button says what it does: fill the screen, or leave it again.
  showFullScreen() {
    const name = document.fullscreenElement?.contains(this.host) ? "leave" : "full";
    setButton(this.buttons.full, this.labels[name], ICONS[name]);
  }

  remove() {
    this.listening.abort();
  }

  // As it was before the page was loaded again.
  restore(speed, loop) {
    if (SPEEDS.includes(speed)) this.speedSelect.value = this.clock.speed = speed;
    this.clock.loop = loop === true;
  }

  // One speed up or down.
  changeSpeed(direction) {
    const i = SPEEDS.indexOf(this.clock.speed) + direction;
    this.clock.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, i))];
    this.speedSelect.value = this.clock.speed;
  }

  // The counter says `template`, like "step {k} / {n}", and then `detail`.
  draw(template, detail = "") {
    const { clock, labels } = this;
    const { step, steps, playing } = clock;
    const icon = playing && !(clock.atEnd && !clock.loop) ? "pause" : "play";
    if (this.shownIcon !== icon) {
      this.shownIcon = icon;
      setButton(this.playButton, labels[icon], ICONS[icon]);
    }
    if (this.shownLoop !== clock.loop) this.loopButton.setAttribute("aria-pressed", (this.shownLoop = clock.loop));
    if (this.scrubbed !== step || this.scrubber.max !== String(steps)) {
      this.scrubber.max = steps;
      this.scrubber.value = this.scrubbed = step;
      this.scrubber.disabled = !steps;
      this.scrubber.style.setProperty("--descent-done", steps ? step / steps : 0);
    }
    if (this.step === step && this.steps === steps && this.template === template && this.detail === detail) return;
    Object.assign(this, { step, steps, template, detail });
    this.setScrubberText(fillTemplate(template, { k: step, n: steps }));
    [this.textBefore.data, this.textAfter.data] = fillTemplate(template, { n: steps }).split("{k}");
    this.stepText.data = step;
    this.textAfter.data += detail;
    const width = `${fillTemplate(template, { k: steps, n: steps }).length + detail.length + 1}ch`;
    if (this.width !== width) this.counter.style.minWidth = this.width = width;
  }

  // For screen readers, at most four times a second: a change of it takes as long as drawing a path.
  setScrubberText(text) {
    this.scrubberText = text;
    this.scrubberTextTimer ??= setTimeout(() => {
      this.scrubberTextTimer = null;
      this.scrubber.setAttribute("aria-valuetext", this.scrubberText);
    }, 250);
  }
}
