// Where a race stands and how it is looked at, to be gone on with after the page was loaded again.

export function capturePlayback(player) {
  const { clock, scene, parts } = player;
  if (!parts || !player.runs) return null;
  const { position, playing, held, finished, speed, loop } = clock;
  return { name: scene.id, view: player.seen(), steps: scene.steps, position, playing: playing || held, finished, speed, loop };
}

// Whether this moment is of the race that the player shows; not while that still waits at its start.
export const isPlaybackOf = (player) => ({ name, view, steps }) => name === player.scene.id && Boolean(view) && Boolean(player.scene.steps || !steps);

export function restorePlayback(player, { view, position, playing, finished, speed, loop }) {
  const { clock, parts } = player;
  player.adopt({ ...view, step: playing || finished ? null : position });
  parts.transport.adopt(speed, loop);
  if (finished) clock.finish();
  else if (playing) {
    clock.seek(position);
    clock.playing = true;
  }
  player.now();
}
