// Lecture mode of a laboratory, large type, full screen, and the keys: the same as in a race.

import { createButton } from "../base/dom.js";
import { addKeyListeners } from "../base/keyboard.js";
import { KeyHelpDialog } from "./key_help_dialog.js";
import { isLargeType, toggleFullScreen, toggleLargeType } from "../base/large_type_and_fullscreen.js";
import { subscribe } from "../base/streamlit_mounting.js";
import { keepTypeFitting } from "../base/font_size_fitting.js";
import { LectureMode, lectureHelpRows } from "./lecture_mode.js";
import { ICONS } from "./playback_bar.js";

export class LectureAndKeys {
  // `panel`: the laboratory's, whose parts are built; `host`: where the buttons are. `own`: what the laboratory adds:
  // `keys`, by key; `step(by)`, what a presenter's remote does without a playlist; `makeLectureKeys(lecture, step)`, keys of a
  // lecture besides those of `LectureMode`, `step(by)` making the action that also goes through a playlist; `onPlay()`,
  // `onStart()` and `onDigit(number)` as in `LectureMode`; `helpRows(isLecture, hasPlaylist)`, the rows of its keys; `fitted`, pairs of a
  // host and the content whose type is kept fitting into it.
  constructor(panel, host, labels, own) {
    Object.assign(this, { panel, labels, own });
    const { root } = panel;
    const acts = { projector: () => this.toggleType(), lecture: () => this.lecture.navigator.toggleMode(), full: () => toggleFullScreen(root, this.lecture.isOn), keys: () => this.help.toggle() };
    this.buttons = Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, host.appendChild(createButton(labels[name], ICONS[name], act))]));
    this.help = new KeyHelpDialog(root, labels, () => {});
    this.lecture = new LectureMode(root, host, labels, {
      send: (name, value) => panel.polling.say(name, { [name]: value }),
      onToggle: () => {},
      onPlay: own.onPlay ?? (() => {}),
      onStart: own.onStart,
      onDigit: own.onDigit,
      dismiss: () => false,
      getLook: () => ({ theme: panel.theme, styles: panel.message.styles?.[panel.themeName] ?? [] }),
    });
    const { projector: p, lecture: m, full: f, keys: help } = acts;
    this.keys = Object.create({ p, m, f, "?": help, ...own.keys }); // a lecture's are laid over them
    const { lecture } = this;
    this.cleanUps = [
      addKeyListeners(this.keys, (key) => !root.isConnected || this.help.dialog.open || lecture.ignoresKey(key)),
      ...own.fitted.map((parts) => keepTypeFitting(...parts)),
      subscribe("scenes", panel.message.id, ({ scenes }) => lecture.overview.setScenes(scenes)),
    ];
  }

  // The keys of a lecture. The two keys of a presenter's remote go through the playlist, or without one do what the
  // laboratory chooses.
  get lectureKeys() {
    const { lecture, own } = this;
    const { navigator } = lecture;
    const step = (by) => () => (navigator.state.places ? navigator.requestMove(by) : own.step(by));
    return { ...lecture.keyActions, PageDown: step(1), n: step(1), PageUp: step(-1), p: step(-1), ...own.makeLectureKeys?.(lecture, step) };
  }

  // `message.lecture`: the state that Python has.
  set({ lecture: state }) {
    const { lecture, keys, help, labels, buttons, panel, own } = this;
    lecture.set(state);
    const { isOn } = lecture;
    panel.root.classList.toggle("descent-lecturing", isOn);
    for (const key of Object.keys(keys)) delete keys[key];
    if (isOn) Object.assign(keys, this.lectureKeys);
    buttons.lecture.setAttribute("aria-pressed", isOn);
    buttons.projector.hidden = isOn; // all is large there
    buttons.projector.setAttribute("aria-pressed", isLargeType());
    const hasPlaylist = lecture.navigator.state.places > 0;
    help.setRows([...own.helpRows(isOn, hasPlaylist), ...makeHelpRows(labels, isOn, hasPlaylist)]);
  }

  toggleType() {
    toggleLargeType();
    this.buttons.projector.setAttribute("aria-pressed", isLargeType());
  }

  remove() {
    for (const cleanUp of this.cleanUps) cleanUp();
  }
}

const PLAYLIST_KEYS = new Set(["PgUp", "1", "O"]); // the first keys of rows that only a playlist has

// The rows of keys that every laboratory has. P is listed outside of a lecture, where all is large and it goes back.
const makeHelpRows = (labels, isLecture, hasPlaylist) => [
  [["Ctrl Z", "Ctrl Shift Z"], labels.key_undo],
  ...(isLecture ? lectureHelpRows(labels).filter(([[key]]) => key !== "R" && (hasPlaylist || !PLAYLIST_KEYS.has(key))) : [[["P"], labels.projector], [["M"], labels.key_lecture]]),
  [["F"], labels.full],
  [["?"], labels.keys],
];
