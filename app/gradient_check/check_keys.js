// The keys of the gradient check: its traps, h, and how much is checked.

// Make the actions that the gradient check adds to the keys and the lecture mode of laboratories.
export const makeCheckKeys = (panel, labels) => ({
  keys: {
    digit: (number) => panel.traps.toggle(number - 1),
    0: () => panel.traps.toggle(9),
    "-": ({ repeat }) => repeat || panel.traps.toggle(10), // elsewhere it goes on while it is held
    t: () => panel.traps.step(1),
    T: () => panel.traps.step(-1),
    r: () => panel.traps.toggleRemedy(),
    e: () => panel.verdict.button.hidden || panel.polling.say("everything", {}),
  },
  step: (by) => panel.traps.step(by), // through the traps
  onDigit: (number) => panel.traps.toggle(number - 1),
  makeLectureKeys: ({ keyActions, navigator }, step) => ({
    0: () => (navigator.hasOpenQuestion ? keyActions[0]() : panel.traps.toggle(9)), // hands are counted then
    " ": step(1),
    r: () => (navigator.hasOpenQuestion ? navigator.reveal() : panel.traps.toggleRemedy()),
    ArrowLeft: () => panel.chart.stepBy(-1),
    ArrowRight: () => panel.chart.stepBy(1),
  }),
  helpRows: (isLecture, hasPlaylist) => [
    [isLecture ? ["←", "→"] : ["Tab", "← →"], labels.key_h],
    [["1", "…", "9", "0", "−"], labels.key_trap],
    [isLecture && !hasPlaylist ? ["PgDn", "PgUp"] : ["T", "Shift T"], labels.key_step_trap],
    [["R"], labels.key_remedy],
    [["E"], labels.key_every],
  ],
  fitted: [[panel.traps.row, panel.traps.row]],
});
