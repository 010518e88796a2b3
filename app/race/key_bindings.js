// What each key does.

// `player` has the acts that are more than a turn of the clock; `redraw()` draws what has changed.
export function createKeyActions({ clock, views, transport, help }, player, redraw) {
  const then = (act) => () => {
    act();
    redraw();
  };
  const faster = then(() => transport.changeSpeed(1));
  return {
    " ": then(() => (clock.playing ? clock.pause() : clock.play())),
    ArrowLeft: then(() => clock.stepBy(-1)),
    ArrowRight: then(() => clock.stepBy(1)),
    Home: then(() => clock.stand(0)),
    End: then(() => clock.stand(clock.steps)),
    "+": faster,
    "=": faster,
    "-": then(() => transport.changeSpeed(-1)),
    l: then(() => (clock.loop = !clock.loop)),
    v: then(() => views.choose(views.mode === "space" ? "contour" : "space")),
    z: then(() => views.shown.reset()),
    p: () => player.project(),
    m: () => player.lecture(),
    f: () => player.fill(),
    "?": () => help.toggle(),
    digit: (number) => player.turn(number),
    undo: () => player.undo(-1),
    redo: () => player.undo(1),
  };
}
