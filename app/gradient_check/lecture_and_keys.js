// Lecture mode of the gradient check, large type, full screen, and the keys: the same as in a race.

import { createButton, createElement } from "../player/base/dom.js";
import { HelpDialog, addKeyListeners } from "../player/base/keyboard.js";
import { isLargeType, toggleFullScreen, toggleLargeType } from "../player/base/large_type_and_fullscreen.js";
import { subscribe } from "../player/base/streamlit_mounting.js";
import { keepTypeFitting } from "../player/base/type_fitting.js";
import { LectureMode, lectureHelpRows } from "../player/panels/lecture_mode.js";
import { ICONS } from "../player/panels/playback_bar.js";
import { TRAP_KEYS } from "./trap_switches.js";

export class LectureAndKeys {
  // `panel`: the check's, whose parts are built; `host`: where the buttons are.
  constructor(panel, host, labels) {
    Object.assign(this, { panel, labels });
    const { root } = panel;
    const acts = { projector: () => this.toggleType(), lecture: () => this.lecture.navigator.toggleMode(), full: () => toggleFullScreen(root, this.lecture.isOn), keys: () => this.help.toggle() };
    this.buttons = Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, host.appendChild(createButton(labels[name], ICONS[name], act))]));
    this.help = new HelpDialog(root, labels, () => {});
    this.lecture = new LectureMode(root, host, labels, {
      send: (name, value) => panel.polling.say(name, { [name]: value }),
      onToggle: () => {},
      onPlay: () => {},
      onDigit: (number) => panel.traps.toggle(number - 1),
      dismiss: () => false,
      getLook: () => ({ theme: panel.theme, styles: panel.message.styles?.[panel.themeName] ?? [] }),
    });
    this.keys = Object.create(this.pageKeys(acts)); // a lecture's are laid over them
    const { help, lecture } = this;
    this.cleanUps = [
      addKeyListeners(this.keys, (key) => !root.isConnected || help.dialog.open || lecture.ignoresKey(key)),
      keepTypeFitting(panel.traps.row, panel.traps.row),
      subscribe("scenes", panel.message.id, ({ scenes }) => lecture.overview.setScenes(scenes)),
    ];
  }

  pageKeys({ projector, lecture, full, keys }) {
    const { panel } = this;
    return {
      p: projector,
      m: lecture,
      f: full,
      "?": keys,
      ...Object.fromEntries(TRAP_KEYS.map((key, i) => [key, () => panel.traps.toggle(i)])),
      t: () => panel.traps.step(1),
      T: () => panel.traps.step(-1),
      r: () => panel.traps.toggleRemedy(),
      e: () => panel.verdict.button.hidden || panel.polling.say("everything", {}),
    };
  }

  // What a lecture adds. A presenter's remote has two keys: without a playlist they go through the traps.
  get lectureKeys() {
    const { panel, lecture } = this;
    const { keyActions, navigator } = lecture;
    const step = (by) => () => (navigator.state.places ? navigator.requestMove(by) : panel.traps.step(by));
    const moveH = (by) => () => panel.chart.stepBy(by);
    return {
      ...keyActions,
      0: () => (navigator.hasOpenQuestion ? keyActions[0]() : panel.traps.toggle(9)), // hands are counted then
      "-": () => panel.traps.toggle(10),
      " ": step(1), PageDown: step(1), n: step(1), PageUp: step(-1), p: step(-1),
      r: () => (navigator.hasOpenQuestion ? navigator.reveal() : panel.traps.toggleRemedy()),
      ArrowLeft: moveH(-1), ArrowRight: moveH(1),
    };
  }

  // `message.lecture`: the state that Python has.
  set({ lecture: state }) {
    const { lecture, keys, help, labels, buttons, panel } = this;
    lecture.set(state);
    const { isOn } = lecture;
    panel.root.classList.toggle("descent-lecturing", isOn);
    for (const key of Object.keys(keys)) delete keys[key];
    if (isOn) Object.assign(keys, this.lectureKeys);
    buttons.lecture.setAttribute("aria-pressed", isOn);
    buttons.projector.hidden = isOn; // all is large there
    buttons.projector.setAttribute("aria-pressed", isLargeType());
    help.setRows(helpRows(labels, isOn, lecture.navigator.state.places > 0));
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

// The list of keys. P is listed outside of a lecture, where all is large and it goes back.
const helpRows = (labels, isLecture, hasPlaylist) => [
  [isLecture ? ["←", "→"] : ["Tab", "← →"], labels.key_h],
  [["1", "…", "9", "0", "−"], labels.key_trap],
  [isLecture && !hasPlaylist ? ["PgDn", "PgUp"] : ["T", "Shift T"], labels.key_step_trap],
  [["R"], labels.key_remedy],
  [["E"], labels.key_every],
  [["Ctrl Z", "Ctrl Shift Z"], labels.key_undo],
  ...(isLecture ? lectureHelpRows(labels).filter(([[key]]) => key !== "R" && (hasPlaylist || !PLAYLIST_KEYS.has(key))) : [[["P"], labels.projector], [["M"], labels.key_lecture]]),
  [["F"], labels.full],
  [["?"], labels.keys],
];
