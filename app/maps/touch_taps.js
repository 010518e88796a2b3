// A finger cannot hover: its first tap points, and a second tap at the same place picks what the first one showed.

const TAP_RADIUS_PIXELS = 24; // between two taps at the same place

export class TapTracker {
  // Notes whether the last press on `root` was a finger, and its place. A key is no press.
  constructor(root) {
    const pressed = ({ pointerType, clientX, clientY }) => {
      const { left, top } = root.getBoundingClientRect();
      this.press(pointerType === "touch", clientX - left, clientY - top);
    };
    root.addEventListener("pointerdown", pressed, true);
    root.addEventListener("keydown", () => this.press(false), true);
  }

  press(touch, x, y) {
    this.last = { touch, x, y };
    if (!touch) this.reset();
  }

  // The map changed: the first tap does not count any longer.
  reset() {
    this.firstTap = null;
  }

  // What a click on `what` picks: itself; after a tap, what was tapped there before, else null. Plotly may report one tap
  // twice, as a touch and as the mouse event that browsers add, rounded to whole pixels; the second report counts.
  resolveClick(what) {
    const { touch, x, y, told } = this.last ?? {};
    if (!touch) return what;
    if (told && this.firstTap) this.firstTap.what = what;
    if (told) return null;
    this.last.told = true;
    const { firstTap: before } = this;
    const again = before && Math.hypot(x - before.x, y - before.y) < TAP_RADIUS_PIXELS;
    this.firstTap = again ? null : { x, y, what };
    return again ? before.what : null;
  }

  // Whether there was a first tap.
  get waiting() {
    return Boolean(this.firstTap);
  }
}
