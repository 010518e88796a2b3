// The action of each key in a race, and the list of keys with their descriptions.

import { lectureHelpRows } from "../player/panels/lecture_mode.js";

// `actions` are those that are more than a turn of the clock; `redraw()` draws what has changed.
export function createKeyActions({ clock, landscape, playbackBar, help }, actions, redraw) {
  const then = (act) => () => {
    act();
    redraw();
  };
  const move = (act) =>
    then(() => {
      act();
      actions.explainWait();
    });
  const faster = then(() => playbackBar.changeSpeed(1));
  return {
    " ": move(() => actions.togglePlayback()),
    ArrowLeft: move(() => clock.stepBy(-1)),
    ArrowRight: move(() => clock.stepBy(1)),
    Home: move(() => clock.pauseAt(0)),
    End: move(() => clock.pauseAt(clock.steps)),
    "+": faster,
    "=": faster,
    "-": then(() => playbackBar.changeSpeed(-1)),
    l: then(() => (clock.loop = !clock.loop)),
    v: then(() => landscape.setMode(landscape.mode === "space" ? "contour" : "space")),
    z: then(() => landscape.activeView.reset()),
    a: () => actions.toggleFuture(),
    e: () => actions.toggleRule(),
    p: () => actions.toggleProjector(),
    m: () => actions.toggleLecture(),
    f: () => actions.toggleFullScreen(),
    "?": () => help.toggle(),
    digit: (number) => actions.toggleRun(number),
    undo: () => actions.undo(-1),
    redo: () => actions.undo(1),
  };
}

// The list has no keys that change the race where it is `fixed`. P is listed in a lecture, where all is large and it
// goes back.
export const helpRows = (labels, { fixed = false, lecture = false } = {}) => [
  [[labels.space_key], labels.key_play],
  [["←", "→"], labels.key_step],
  [["Home", "End"], labels.key_ends],
  [["+", "−"], labels.key_speed],
  [["L"], labels.loop],
  [["A"], labels.key_ahead],
  ...(fixed ? [] : [[["1", "…", "9"], labels.key_digit], [["Ctrl Z", "Ctrl Shift Z"], labels.key_undo]]),
  [["E"], labels.key_rule],
  ...(fixed ? [] : [[["Tab", "← → ↑ ↓"], labels.key_start]]),
  [["V"], labels.key_view],
  [["Tab", "← → ↑ ↓"], labels.key_orbit],
  [["Z"], labels.reset],
  ...(lecture ? lectureHelpRows(labels) : [[["P"], labels.projector], ...(fixed ? [] : [[["M"], labels.key_lecture]])]),
  [["F"], labels.full],
  [["?"], labels.keys],
];
