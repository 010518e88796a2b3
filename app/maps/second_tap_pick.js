// The first click or tap on a map shows a run and keeps it in sight; a second one at the same place picks it.

const TAP_RADIUS_PIXELS = 24; // between two taps at the same place

export class TapTracker {
  // Notes whether the last press on `root` was a finger, and its place. A key is no press: it picks at once what its
  // cursor shows.
  constructor(root) {
    const pressed = ({ pointerType, clientX, clientY }) => {
      const { left, top } = root.getBoundingClientRect();
      this.last = { touch: pointerType === "touch", x: clientX - left, y: clientY - top };
    };
    root.addEventListener("pointerdown", pressed, true);
    root.addEventListener("keydown", ({ key, target }) => {
      if (key === "Tab" || target?.closest?.("button")) return; // on the way to a button, or on it
      this.last = null;
      this.reset();
    }, true);
  }

  // The map changed: the first tap does not count any longer.
  reset() {
    this.firstTap = null;
  }

  // Return what a click on `what` picks: after a key `what` itself; on a second click at the same place what the first one
  // was on; else null. Plotly may report one tap twice, as a touch and as the mouse event that browsers add, rounded to whole
  // pixels; the second report counts.
  resolveClick(what) {
    if (!this.last) return what;
    const { x, y, told } = this.last;
    if (told && this.firstTap) this.firstTap.what = what;
    if (told) return null;
    this.last.told = true;
    const { firstTap: before } = this;
    const again = before && Math.hypot(x - before.x, y - before.y) < TAP_RADIUS_PIXELS;
    this.firstTap = again ? null : { x, y, what };
    return again ? before.what : null;
  }

  // Whether there was a first click or tap.
  get waiting() {
    return Boolean(this.firstTap);
  }

  get isTouch() {
    return Boolean(this.last?.touch);
  }
}
