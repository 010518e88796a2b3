// A lecture: the race alone, the scenes of its playlist by key, a question before the race, a black screen, and the link
// for the audience. In a frame of another page the race is alone, too, without the rest.

import { createButton, createElement, createTextButton } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";
import { AudienceVoteCounts } from "./audience_vote_counts.js";
import { ScanCode } from "./scan_code.js";
import { SceneOverview } from "./scene_overview.js";

const ICONS = {
  back: "M15.5 5v14L6 12z",
  next: "M8.5 5v14L18 12z",
  overview: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  scan: "M4 4h7v7H4zM6 6v3h3V6zM13 4h7v7h-7zM15 6v3h3V6zM4 13h7v7H4zM6 15v3h3v-3zM13 13h2.500v2.500H13zM17.500 13H20v2.500h-2.500zM15.200 15.500h2.500v2.500h-2.500zM13 17.500h2.500V20H13zM17.500 17.500H20V20h-2.500z",
};
const ANSWER_TIMEOUT_MS = 3000; // milliseconds that an answer is waited for
const PENDING = { expectedAnswer: null, since: 0, queuedMoves: [] }; // of all pages: the next scene may be on another one
const LECTURE_OFF = { on: false, place: 0, places: 0, question: "", shown: true };
const UNBLANK_KEYS = new Set(["b", ".", "Escape"]); // keys that end a black screen
const DIALOG_KEYS = new Set(["q", "o", "Escape"]); // keys that work while the code or the scenes cover the race

// Where a lecture is in its playlist, and what a key for the next scene or the one before means there.
export class PlaylistNavigator {
  // `send(name, value)` goes to Python, which answers by what `set` takes; `onStart()` lets a race run that waits at its
  // start without a question. `pending`: what was asked for and not answered yet, and the moves that wait for that.
  constructor(send, onStart = () => {}, pending = { expectedAnswer: null, since: 0, queuedMoves: [] }) {
    Object.assign(this, { send, onStart, pending, state: LECTURE_OFF });
  }

  // Whether the race waits for the audience to answer.
  get hasOpenQuestion() {
    return this.state.question !== "";
  }

  // Whether the race stands at its start until the lecturer begins it.
  get isAwaited() {
    return !this.state.shown;
  }

  // The race has left its start.
  markShown() {
    if (!this.isAwaited || this.hasOpenQuestion || !this.state.places) return;
    this.state = { ...this.state, shown: true };
    this.send("revealed", this.state.place);
  }

  // The state that Python has; undefined where there is no such mode. Keys that were pressed meanwhile count from here.
  // The same once more, as when the theme changes, does not take back that the race has left its start.
  set(state) {
    const { pending } = this;
    if (state !== this.receivedState) this.state = state ?? LECTURE_OFF;
    this.receivedState = state;
    if (pending.expectedAnswer?.(this.state)) pending.expectedAnswer = null;
    if (!pending.expectedAnswer && pending.queuedMoves.length) this.move(pending.queuedMoves.shift());
  }

  // A scene on (1) or back (-1). On from a scene that waits is to let that run: a presenter remote has no other key.
  requestMove(by) {
    const { pending } = this;
    if (pending.expectedAnswer && performance.now() - pending.since < ANSWER_TIMEOUT_MS) return pending.queuedMoves.push(by);
    pending.queuedMoves = [];
    this.move(by);
  }

  move(by) {
    const { place, places } = this.state;
    if (by > 0 && this.hasOpenQuestion) return this.reveal();
    if (by > 0 && places && this.isAwaited) {
      this.onStart();
      return this.markShown(); // a second press right after it goes on
    }
    const to = place + by;
    if (to >= 0 && to < places) this.goTo(to);
  }

  goTo(to) {
    if (to !== this.state.place) this.sendRequest("place", to, (answer) => answer.place === to);
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
    Object.assign(this.pending, { expectedAnswer: awaited, since: performance.now() });
    this.send(name, value);
  }
}

export class LectureMode {
  // `send(name, value)` goes to Python; `onToggle()` is called when the screen went black or came back; `onPlay()` lets the race
  // run, or stops it, or reveals it; `onStart()` lets it run that waits; `onDigit(number)` is called for a digit that counts no
  // choice, unless a question is open; `dismiss()` closes what else may be open, and returns whether there was something;
  // `getLook()` returns the theme's colours and the styles of runs.
  constructor(root, transport, labels, { send, onToggle, onPlay, onStart = onPlay, onDigit, dismiss, getLook }) {
    Object.assign(this, { root, labels, onToggle, onPlay, onDigit, dismiss });
    this.navigator = new PlaylistNavigator(send, onStart, PENDING);
    this.questionPanel = createElement("div", "descent-asked");
    root.prepend(this.questionPanel);
    this.question = this.questionPanel.appendChild(createElement("p", "descent-question"));
    this.question.setAttribute("role", "status");
    this.choices = new AudienceVoteCounts(this.questionPanel, labels);
    this.revealButton = this.questionPanel.appendChild(createTextButton("descent-reveal", labels.reveal, () => this.navigator.reveal()));
    this.sceneControls = transport.appendChild(createElement("div", "descent-places"));
    this.backButton = createButton(labels.scene_back, ICONS.back, () => this.navigator.requestMove(-1));
    this.nextButton = createButton(labels.scene_next, ICONS.next, () => this.navigator.requestMove(1));
    this.sceneCounter = createElement("span", "descent-place");
    this.sceneCounter.setAttribute("role", "img");
    this.overviewButton = createButton(labels.overview, ICONS.overview, () => this.toggleOverview());
    this.scanButton = createButton(labels.scan, ICONS.scan, () => this.scanCode.toggle());
    this.sceneControls.append(this.scanButton, this.overviewButton, this.backButton, this.sceneCounter, this.nextButton);
    this.openLink = transport.appendChild(createElement("a", "descent-open", labels.open_page));
    Object.assign(this.openLink, { target: "_blank", rel: "noopener" });
    this.scanCode = new ScanCode(root, labels, { onToggle: (on) => send("scan", on ? 1 : 0), onCover: onToggle });
    this.overview = new SceneOverview(root, labels, { onOpen: (i) => this.navigator.goTo(i), onCover: onToggle, getLook });
    this.blankScreen = root.appendChild(createElement("dialog", "descent-dark"));
    this.blankScreen.setAttribute("aria-label", labels.blank);
    this.blankScreen.addEventListener("close", onToggle);
    this.blankScreen.addEventListener("click", () => this.toggleBlank());
    this.set();
  }

  get isOn() {
    return this.navigator.state.on;
  }

  // Whether the race is in the frame of another page.
  get isFramed() {
    return !this.isOn && Boolean(this.navigator.state.framed);
  }

  // Whether something lies over the race.
  get isCovered() {
    return this.blankScreen.open || this.scanCode.isLarge || this.overview.isOpen;
  }

  // The state that Python has.
  set(state) {
    this.navigator.set(state);
    const { on, place, places, question, asked } = this.navigator.state;
    const text = asked?.question ?? question;
    this.questionPanel.hidden = !text;
    this.root.classList.toggle("descent-asked-here", Boolean(text));
    this.questionPanel.classList.toggle("descent-settled", !question); // it can be read again while the race runs
    this.revealButton.hidden = !question;
    if (this.question.textContent !== text) this.question.textContent = text;
    this.choices.set(asked, { place, isCounted: on, isOpen: Boolean(question) });
    this.sceneControls.hidden = !on;
    for (const part of [this.overviewButton, this.backButton, this.sceneCounter, this.nextButton]) part.hidden = !places;
    this.openLink.hidden = !this.isFramed;
    this.scanCode.set(on ? this.navigator.state.scan : undefined);
    this.sceneCounter.textContent = `${place + 1} / ${places}`;
    this.sceneCounter.setAttribute("aria-label", fillTemplate(this.labels.scene_place, { place: place + 1, places }));
    for (const [arrow, there] of [[this.backButton, place > 0], [this.nextButton, place + 1 < places]]) arrow.setAttribute("aria-disabled", !there);
    if (!on) for (const dialog of [this.blankScreen, this.overview.dialog]) if (dialog.open) dialog.close();
  }

  toggleBlank() {
    if (this.blankScreen.open) this.blankScreen.close();
    else {
      this.blankScreen.showModal();
      this.onToggle();
    }
  }

  toggleOverview() {
    this.overview.toggle(this.navigator.state.place);
  }

  // Close what covers the race, such as the overview; if nothing does, leave the lecture mode.
  leaveMode() {
    if (this.blankScreen.open) this.blankScreen.close();
    else if (this.scanCode.isLarge) this.scanCode.show("off");
    else if (this.overview.isOpen) this.overview.dialog.close();
    else if (this.dismiss()) return;
    else if (!document.fullscreenElement) this.navigator.toggleMode(); // else the browser leaves the full screen
  }

  // Whether a key does nothing now.
  ignoresKey(key) {
    if (this.blankScreen.open) return !UNBLANK_KEYS.has(key);
    return this.isCovered && !DIALOG_KEYS.has(key);
  }

  // The keys of presenter remotes and of reveal.js.
  get keyActions() {
    const on = () => this.navigator.requestMove(1);
    const back = () => this.navigator.requestMove(-1);
    const blank = () => this.toggleBlank();
    const covers = { q: () => this.overview.isOpen || this.scanCode.toggle(), o: () => this.scanCode.isLarge || this.toggleOverview() };
    const digit = (number) => this.choices.count(number - 1) || this.navigator.hasOpenQuestion || this.onDigit(number); // hands are counted then
    return { ...covers, digit, 0: () => this.choices.clear(), PageDown: on, n: on, PageUp: back, p: back, r: () => this.navigator.reveal(), b: blank, ".": blank, Escape: () => this.leaveMode(), " ": this.onPlay };
  }
}

// The rows that a lecture adds to the list of keys.
export const lectureHelpRows = (labels) => [
  [["PgUp", "PgDn"], labels.key_scenes],
  [["1", "…", "9", "0"], labels.key_count],
  [["R"], labels.key_reveal],
  [["O"], labels.overview],
  [["Q"], labels.key_scan],
  [["B", "."], labels.key_blank],
  [["Esc"], labels.key_leave],
];
