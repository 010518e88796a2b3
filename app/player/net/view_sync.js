// Keep the view of the scene the same in the browser and in Python. The browser sends a change once it has settled;
// Python sends the view of a link, an undo or another page.

const SETTLE_MS = 120; // milliseconds
const WINDOW = ["x", "y"]; // of the landscape: it follows the landscape, which comes later

export class ViewSync {
  // `readView()` returns the view that is shown, `applyView(view)` shows another. `sendView(view)` sends one and
  // returns its number; it waits until Python `isReady()`.
  constructor(readView, applyView, sendView, isReady = () => true) {
    Object.assign(this, { readView, applyView, sendView, isReady });
    this.agreedKey = null; // the view that both sides have, once there is one
    this.sentNumber = null; // the number of the last that was sent
    this.openedView = null; // of a scene as it was set, until both sides have a view of it
  }

  // In each frame, once a new scene is set, and before Python's view is taken.
  checkForChange() {
    const view = this.readView();
    const seen = serializeView(view);
    if (this.agreedKey === null) {
      this.openedView ??= { ...view };
      return;
    }
    if (seen === this.currentKey) return;
    this.currentKey = seen;
    this.cancelSend();
    if (seen !== this.agreedKey) this.sendTimer = setTimeout(() => this.sendWhenReady(), SETTLE_MS);
  }

  sendWhenReady() {
    if (!this.isReady()) return (this.sendTimer = setTimeout(() => this.sendWhenReady(), SETTLE_MS));
    this.sendTimer = null;
    const view = this.readView(); // it may have changed since the last frame
    this.currentKey = serializeView(view);
    if (this.currentKey === this.agreedKey) return;
    this.agreedKey = this.currentKey;
    this.sentNumber = this.sendView(view);
  }

  // Python's view, with the number of the last that it received; stale while a newer one is on its way.
  receive({ view, n }) {
    this.checkForChange(); // a change since the last frame
    if (this.sendTimer || (this.sentNumber !== null && n !== this.sentNumber)) return;
    const key = serializeView(view);
    if (key === this.agreedKey) return;
    const changes = this.agreedKey === null ? this.findChanges() : {};
    const isMoved = "step" in changes;
    this.agreedKey = key;
    this.applyView({ ...view, ...changes, ...(isMoved && { step: null }) }); // null leaves the clock where it is
    const before = Object.fromEntries(Object.keys(changes).map((name) => [name, view[name]]));
    this.currentKey = serializeView({ ...this.readView(), ...before }); // the next frame sends the changes
  }

  // Find what the visitor has changed in a new scene's view before Python's view of it arrived.
  findChanges() {
    const { openedView } = this;
    if (!openedView) return {};
    const changes = Object.entries(this.readView()).filter(([name, value]) => !WINDOW.includes(name) && !isEqual(value, openedView[name]));
    return Object.fromEntries(changes.filter(([name, value]) => name !== "step" || value !== null));
  }

  // Another scene: send nothing before Python has sent its view.
  reset() {
    this.cancelSend();
    this.agreedKey = this.sentNumber = null;
    this.openedView = null;
  }

  cancelSend() {
    clearTimeout(this.sendTimer);
    this.sendTimer = null;
  }
}

const isEqual = (value, other) => JSON.stringify(value) === JSON.stringify(other);
const serializeView = (view) => JSON.stringify(Object.entries(view).sort());
