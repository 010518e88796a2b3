// A lecture: the race alone, the scenes of its playlist by key, a question before the race, and a black screen.

import { createButton, createElement, createTextButton } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";

const ICONS = { back: "M15.5 5v14L6 12z", next: "M8.5 5v14L18 12z" };
const ANSWER_TIMEOUT_MS = 3000; // milliseconds that an answer is waited for
const LECTURE_OFF = { on: false, place: 0, places: 0, question: "" };
const UNBLANK_KEYS = new Set(["b", ".", "Escape"]); // keys that end a black screen

// Where a lecture is in its playlist, and what a key for the next scene or the one before means there.
export class PlaylistNavigator {
  // `send(name, value)` goes to Python, which answers by what `set` takes.
  constructor(send) {
    Object.assign(this, { send, state: LECTURE_OFF, isExpected: null, queuedMoves: [] });
  }

  // Whether the race waits for the audience to answer.
  get hasOpenQuestion() {
    return this.state.question !== "";
  }

  // The state that Python has; undefined where there is no such mode. Keys that were pressed meanwhile count from here.
  set(state) {
    this.state = state ?? LECTURE_OFF;
    if (this.isExpected?.(this.state)) this.isExpected = null;
    if (!this.isExpected && this.queuedMoves.length) this.move(this.queuedMoves.shift());
  }

  // A scene on (1) or back (-1). On from a scene that waits is to let that run.
  requestMove(by) {
    if (this.isExpected && performance.now() - this.since < ANSWER_TIMEOUT_MS) return this.queuedMoves.push(by);
    this.queuedMoves = [];
    this.move(by);
  }

  move(by) {
    const { place, places } = this.state;
    if (by > 0 && this.hasOpenQuestion) return this.reveal();
    const to = place + by;
    if (to >= 0 && to < places) this.sendRequest("place", to, (answer) => answer.place === to);
  }

  // Let it run, once.
  reveal() {
    if (this.hasOpenQuestion) this.sendRequest("revealed", this.state.place, ({ question }) => !question);
  }

  // Switch the mode on or off.
  toggleMode() {
    if (this.state !== LECTURE_OFF) this.send("lecture", this.state.on ? 0 : 1);
  }

  sendRequest(name, value, awaited) {
    Object.assign(this, { isExpected: awaited, since: performance.now() });
    this.send(name, value);
  }
}

export class LectureMode {
  // `send(name, value)` goes to Python; `onToggle()` is called when the screen went black or came back; `onPlay()` lets
  // the race run, or stops it, or reveals it.
  constructor(root, transport, labels, { send, onToggle, onPlay }) {
    Object.assign(this, { labels, onToggle, onPlay });
    this.navigator = new PlaylistNavigator(send);
    this.questionPanel = createElement("div", "descent-asked");
    root.prepend(this.questionPanel);
    this.question = this.questionPanel.appendChild(createElement("p", "descent-question"));
    this.question.setAttribute("role", "status");
    this.questionPanel.append(createTextButton("descent-reveal", labels.reveal, () => this.navigator.reveal()));
    this.sceneControls = transport.appendChild(createElement("div", "descent-places"));
    this.backButton = createButton(labels.scene_back, ICONS.back, () => this.navigator.requestMove(-1));
    this.nextButton = createButton(labels.scene_next, ICONS.next, () => this.navigator.requestMove(1));
    this.sceneCounter = createElement("span", "descent-place");
    this.sceneCounter.setAttribute("role", "img");
    this.sceneControls.append(this.backButton, this.sceneCounter, this.nextButton);
    this.blankScreen = root.appendChild(createElement("dialog", "descent-dark"));
    this.blankScreen.setAttribute("aria-label", labels.blank);
    this.blankScreen.addEventListener("close", onToggle);
    this.blankScreen.addEventListener("click", () => this.toggleBlank());
    this.set();
  }

  get isOn() {
    return this.navigator.state.on;
  }

  // The state that Python has.
  set(state) {
    this.navigator.set(state);
    const { on, place, places, question } = this.navigator.state;
    this.questionPanel.hidden = !question;
    if (this.question.textContent !== question) this.question.textContent = question;
    this.sceneControls.hidden = !on || !places;
    this.sceneCounter.textContent = `${place + 1} / ${places}`;
    this.sceneCounter.setAttribute("aria-label", fillTemplate(this.labels.scene_place, { place: place + 1, places }));
    for (const [arrow, there] of [[this.backButton, place > 0], [this.nextButton, place + 1 < places]]) arrow.setAttribute("aria-disabled", !there);
    if (!on && this.blankScreen.open) this.blankScreen.close();
  }

  toggleBlank() {
    if (this.blankScreen.open) this.blankScreen.close();
    else {
      this.blankScreen.showModal();
      this.onToggle();
    }
  }

  leaveMode() {
    if (this.blankScreen.open) this.blankScreen.close();
    else if (!document.fullscreenElement) this.navigator.toggleMode(); // else the browser leaves the full screen
  }

  // Whether a key does nothing now.
  ignoresKey(key) {
    return this.blankScreen.open && !UNBLANK_KEYS.has(key);
  }

  // The keys of presenter remotes and of reveal.js.
  get keyActions() {
    const { navigator } = this;
    const on = () => navigator.requestMove(1);
    const back = () => navigator.requestMove(-1);
    const blank = () => this.toggleBlank();
    return { PageDown: on, n: on, PageUp: back, p: back, r: () => navigator.reveal(), b: blank, ".": blank, Escape: () => this.leaveMode(), " ": this.onPlay };
  }
}

// The rows that a lecture adds to the list of keys.
export const lectureHelpRows = (labels) => [
  [["PgUp", "PgDn"], labels.key_scenes],
  [["R"], labels.key_reveal],
  [["B", "."], labels.key_blank],
  [["Esc"], labels.key_leave],
];
