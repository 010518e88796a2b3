// The transport bar: buttons, scrubber, counter, speed, pace and loop, all acting on the one clock.

import { createButton, createElement } from "../base/dom.js";

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];
const ICONS = {
  first: "M5 4h2.4v16H5zM20 4v16L9 12z",
  back: "M8 4h2.2v16H8zM19 5.5v13L11.6 12z",
  play: "M7 4l13.5 8L7 20z",
  pause: "M6.5 4.5h4v15h-4zM13.5 4.5h4v15h-4z",
  forward: "M13.8 4H16v16h-2.2zM5 5.5v13l7.4-6.5z",
  last: "M16.6 4H19v16h-2.4zM4 4v16l11-8z",
  loop: "M7 7h9V4l4.5 4.2L16 12.4V9.4H9v3.4H6.6V7.4zM17 17H8v3l-4.5-4.2L8 11.6v3h7v-3.4h2.4v5.4z",
  projector: "M4 5h16v10H4zM6 7v6h12V7zM11 15h2v3h4v2H7v-2h4z",
  lecture: "M12 3a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM6 20v-5a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v5h-2.400v-5a1.600 1.600 0 0 0-1.600-1.600h-4a1.600 1.600 0 0 0-1.600 1.600v5zM3 20h18v2H3z",
  full: "M4 4h7v2.2H6.2V11H4zM20 20h-7v-2.2h4.8V13H20zM13 4h7v7h-2.2V6.2H13zM4 13h2.2v4.8H11V20H4z",
  keys: "M3 6h18v12H3zM5 8v8h14V8zM6.5 9.5h2v2h-2zM10 9.5h2v2h-2zM13.500 9.5h2v2h-2zM8 13h8v1.800H8z",
};

export class PlaybackBar {
  // `onChange()` after every act; `actions`: what the buttons at the right end do, by name; `shownPace(name)` at another pace.
  constructor(host, labels, choices, clock, { changed: onChange, acts: actions, paced: shownPace }) {
    Object.assign(this, { host, labels, clock });
    const act = (name, does) => host.appendChild(createButton(labels[name], ICONS[name], () => (does(), onChange())));
    act("first", () => clock.stand(0));
    act("back", () => clock.stepBy(-1)).classList.add("descent-small");
    this.playButton = act("play", actions.play);
    this.playButton.classList.add("descent-main");
    act("forward", () => clock.stepBy(1)).classList.add("descent-small");
    act("last", () => clock.stand(clock.steps));
    this.counter = host.appendChild(createElement("output", "descent-counter"));
    this.counter.setAttribute("aria-live", "off");
    [this.unit, this.count, this.rest] = ["", "", ""].map((text) => document.createTextNode(text));
    const bold = createElement("b", "");
    bold.append(this.count);
    this.counter.append(this.unit, bold, this.rest);
    this.scrub = host.appendChild(createElement("input", "descent-scrub"));
    Object.assign(this.scrub, { type: "range", min: 0, step: 1, value: 0 });
    this.scrub.setAttribute("aria-label", labels.scrub);
    this.scrub.addEventListener("input", () => {
      if (clock.held) clock.seek(this.scrub.valueAsNumber); // dragged: it goes on from there
      else clock.stand(this.scrub.valueAsNumber);
      onChange();
    });
    this.scrub.addEventListener("pointerdown", () => {
      clock.hold();
      const release = () => (clock.release(), onChange());
      for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, { once: true });
    });
    this.speed = createSelect(host, labels.speed, SPEEDS.map((value) => [value, `${value}×`]), (value) => (clock.speed = Number(value)));
    this.speed.value = 1;
    this.pace = createSelect(host, labels.pace, choices.pace.map((name) => [name, labels[`pace_${name}`]]), shownPace);
    this.pace.parentElement.classList.add("descent-pace", "descent-late");
    const late = (name, does) => {
      const made = act(name, does);
      made.classList.add("descent-late");
      return made;
    };
    this.loop = late("loop", () => (clock.loop = !clock.loop));
    this.projector = late("projector", actions.projector);
    this.projector.classList.add("descent-projecting");
    this.lecture = late("lecture", actions.lecture);
    this.lecture.classList.add("descent-wide");
    late("full", actions.full).hidden = !document.fullscreenEnabled;
    late("keys", actions.help).classList.add("descent-wide");
  }

  // As it was before the page was loaded again.
  adopt(speed, loop) {
    if (SPEEDS.includes(speed)) this.speed.value = this.clock.speed = speed;
    this.clock.loop = loop === true;
  }

  // One speed up or down.
  changeSpeed(direction) {
    const i = SPEEDS.indexOf(this.clock.speed) + direction;
    this.clock.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, i))];
    this.speed.value = this.clock.speed;
  }

  draw(epoch, pace) {
    const { clock, labels } = this;
    const { step, steps, playing } = clock;
    const ended = clock.atEnd && !clock.loop;
    const name = playing && !ended ? "pause" : "play";
    if (this.shown !== name) {
      this.shown = name;
      this.playButton.setAttribute("aria-label", labels[name]);
      this.playButton.title = labels[name];
      this.playButton.querySelector("path").setAttribute("d", ICONS[name]);
    }
    if (this.shownLoop !== clock.loop) this.loop.setAttribute("aria-pressed", (this.shownLoop = clock.loop));
    if (this.step === step && this.steps === steps && this.paced === pace && this.epoch === epoch) return;
    if (this.steps !== steps) this.scrub.max = steps;
    Object.assign(this, { step, steps, paced: pace, epoch });
    const unit = pace === "steps" ? labels.step : labels.over_evaluations;
    this.scrub.value = step;
    this.scrub.style.setProperty("--descent-done", steps ? step / steps : 1);
    this.tell(`${unit} ${step} / ${steps}`);
    const words = epoch && pace === "steps" ? ` · ${labels.epoch} ${(step / epoch).toFixed(1)}` : "";
    this.unit.data = `${unit} `;
    this.count.data = step;
    this.rest.data = ` / ${steps}${words}`;
    const width = `${unit.length + 2 * String(steps).length + 4 + words.length}ch`;
    if (this.width !== width) this.counter.style.minWidth = this.width = width;
  }

  // What is read out of the scrubber, at most four times a second: to change it takes as long as to draw a path.
  tell(words) {
    this.words = words;
    this.scrubberTextTimer ??= setTimeout(() => {
      this.scrubberTextTimer = null;
      this.scrub.setAttribute("aria-valuetext", this.words);
    }, 250);
  }
}

function createSelect(host, words, options, choose) {
  const label = host.appendChild(createElement("label", "descent-speed"));
  label.append(Object.assign(createElement("span", ""), { textContent: words }));
  const made = label.appendChild(createElement("select", ""));
  made.setAttribute("aria-label", words); // on a phone there is no room for the words
  for (const [value, text] of options) made.append(new Option(text, value));
  made.addEventListener("change", () => choose(made.value));
  return made;
}
