// The keys of the trainings: the clock, the selected training, the axis of the loss.

// Make the actions that the trainings add to the keys and the lecture mode of laboratories.
export function makeTrainingKeys(panel, labels) {
  const { clock } = panel;
  const move = (act) => () => (act(), panel.touch());
  const select = (number) => panel.select(number - 1);
  const play = () => (panel.togglePlay(), panel.requestFrame());
  return {
    keys: {
      " ": play,
      ArrowLeft: move(() => clock.stepBy(-1)),
      ArrowRight: move(() => clock.stepBy(1)),
      Home: move(() => clock.pauseAt(0)),
      End: move(() => clock.pauseAt(clock.steps)),
      l: () => panel.charts.toggleScale(),
      a: () => panel.toggleFuture(),
      digit: select,
    },
    onPlay: play,
    onStart: () => panel.playFromStart(),
    onDigit: select,
    step: (by) => panel.stepSequence(by),
    helpRows: (isLecture, hasPlaylist) => [
      [["Space"], labels.key_play],
      [["←", "→"], labels.key_step],
      [["Home", "End"], labels.key_ends],
      [["L"], labels.key_scale],
      [["1", "…", "8"], labels.key_select],
      [["A"], labels.key_ahead],
      ...(isLecture ? [hasPlaylist ? [["R"], labels.key_reveal] : [["PgDn", "PgUp"], labels.key_sequence]] : []),
    ],
    fitted: [[panel.table.table.parentElement, panel.table.table], [panel.readings.sections[0], panel.readings.list]],
  };
}
