// A lecture: the race alone, the scenes of its playlist by key, a question before the race, and a black screen.

import { PlaylistNavigator } from "./playlist_navigation.js";
import { createButton, createElement } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";

const ICONS = { back: "M15.5 5v14L6 12z", next: "M8.5 5v14L18 12z" };
const UNBLANK_KEYS = new Set(["b", ".", "Escape"]); // keys that a black screen heeds

export class LectureMode {
  // `wish(name, value)` is told to Python; `onToggle()` is called when the screen went black or came back; `play()` lets
  // the race run, or stops it, or reveals it.
  constructor(root, transport, labels, { wish, turned: onToggle, play: onPlay }) {
    Object.assign(this, { labels, turned: onToggle, play: onPlay });
    this.navigator = new PlaylistNavigator(wish);
    this.questionPanel = createElement("div", "descent-asked");
    root.prepend(this.questionPanel);
    this.question = this.questionPanel.appendChild(createElement("p", "descent-question"));
    this.question.setAttribute("role", "status");
    const show = this.questionPanel.appendChild(createElement("button", "descent-reveal"));
    Object.assign(show, { type: "button", textContent: labels.reveal });
    show.addEventListener("click", () => this.navigator.reveal());
    this.places = transport.appendChild(createElement("div", "descent-places"));
    this.backButton = createButton(labels.scene_back, ICONS.back, () => this.navigator.press(-1));
    this.nextButton = createButton(labels.scene_next, ICONS.next, () => this.navigator.press(1));
    this.count = createElement("span", "descent-place");
    this.count.setAttribute("role", "img");
    this.places.append(this.backButton, this.count, this.nextButton);
    this.dark = root.appendChild(createElement("dialog", "descent-dark"));
    this.dark.setAttribute("aria-label", labels.blank);
    this.dark.addEventListener("close", onToggle);
    this.dark.addEventListener("click", () => this.blank());
    this.set();
  }

  get on() {
    return this.navigator.told.on;
  }

  // As Python has it.
  set(told) {
    this.navigator.set(told);
    const { on, place, places, question } = this.navigator.told;
    this.questionPanel.hidden = !question;
    if (this.question.textContent !== question) this.question.textContent = question;
    this.places.hidden = !on || !places;
    this.count.textContent = `${place + 1} / ${places}`;
    this.count.setAttribute("aria-label", fillTemplate(this.labels.scene_place, { place: place + 1, places }));
    for (const [arrow, there] of [[this.backButton, place > 0], [this.nextButton, place + 1 < places]]) arrow.setAttribute("aria-disabled", !there);
    if (!on && this.dark.open) this.dark.close();
  }

  blank() {
    if (this.dark.open) this.dark.close();
    else {
      this.dark.showModal();
      this.turned();
    }
  }

  leave() {
    if (this.dark.open) this.dark.close();
    else if (!document.fullscreenElement) this.navigator.turn(); // else the browser leaves the full screen
  }

  // Whether a key is none of the race's now.
  ignoresKey(key) {
    return this.dark.open && !UNBLANK_KEYS.has(key);
  }

  // What its keys do; they are those of presenter remotes and of reveal.js.
  get keyActions() {
    const { navigator: agenda } = this;
    const on = () => agenda.press(1);
    const back = () => agenda.press(-1);
    const blank = () => this.blank();
    return { PageDown: on, n: on, PageUp: back, p: back, r: () => agenda.reveal(), b: blank, ".": blank, Escape: () => this.leave(), " ": this.play };
  }
}

// What the list of keys has besides in a lecture.
export const lectureHelpRows = (labels) => [
  [["PgUp", "PgDn"], labels.key_scenes],
  [["R"], labels.key_reveal],
  [["B", "."], labels.key_blank],
  [["Esc"], labels.key_leave],
];
