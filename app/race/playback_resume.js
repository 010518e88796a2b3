// The clock and the view of a race, kept across a reload of the page.

export function capturePlayback(player) {
  const { clock, scene, panels } = player;
  if (!panels || !player.runs) return null;
  const { position, playing, isHeld, isFinished: finished, speed, loop } = clock;
  return { name: scene.id, view: panels.readView(), steps: scene.steps, position, playing: playing || isHeld, finished, speed, loop };
}

// Whether this playback belongs to the race that is shown, and that race may run already.
export const isPlaybackOf = (player) => ({ name, view, steps }) => name === player.scene.id && Boolean(view) && Boolean(player.scene.steps || !steps);

export function restorePlayback(player, { view, position, playing, finished, speed, loop }) {
  const { clock, panels } = player;
  player.applyView({ ...view, step: playing || finished ? null : position });
  panels.playbackBar.restore(speed, loop);
  if (finished) clock.finish();
  else if (playing) {
    clock.seek(position);
    clock.playing = true;
  }
  player.requestFrame();
}
