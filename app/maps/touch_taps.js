// A finger cannot hover: its first tap points, and a second one there picks what the first has shown.

const TAP_RADIUS_PIXELS = 24; // pixels between two taps on the same place

export class TapTracker {
  // Of the last press on `root`: was it a finger, and where on it? A key is no press.
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

  // Another map: what was tapped is no longer there.
  reset() {
    this.firstTap = null;
  }

  // What is picked by a click on `what`: after a tap what was tapped before there, null if nothing was. Plotly may tell
  // of one tap twice, as of a touch and as of the mouse that browsers make of it, on whole pixels; the second counts.
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

  // Is something tapped once?
  get waiting() {
    return Boolean(this.firstTap);
  }
}
