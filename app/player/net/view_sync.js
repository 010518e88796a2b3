// Keep the view of the scene the same in the browser and in Python. The browser sends a change once it has settled;
// Python sends the view of a link, an undo or another page.

const SETTLE_MS = 120; // milliseconds

export class ViewSync {
  // `readView()` returns the view that is shown, `applyView(view)` shows another. `sendView(view)` sends one and
  // returns its number; it waits until Python `isReady()`.
  constructor(readView, applyView, sendView, isReady = () => true) {
    Object.assign(this, { readView, applyView, sendView, isReady });
    this.agreedKey = null; // the view that both sides have, once there is one
    this.sentNumber = null; // the number of the last that was sent
    this.openedStep = undefined; // the step of a scene's first frame, until both sides have a view of it
  }

  // In each frame.
  checkForChange() {
    const view = this.readView();
    const seen = serializeView(view);
    if (this.agreedKey === null) {
      if (this.openedStep === undefined) this.openedStep = view.step;
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
    this.agreedKey = this.currentKey;
    this.sentNumber = this.sendView(this.readView());
  }

  // Python's view, with the number of the last that it received; stale while a newer one is on its way.
  receive({ view, n }) {
    if (this.sendTimer || (this.sentNumber !== null && n !== this.sentNumber)) return;
    const key = serializeView(view);
    if (key === this.agreedKey) return;
    const isMoved = this.agreedKey === null && this.isClockMoved();
    this.agreedKey = key;
    this.applyView(isMoved ? { ...view, step: null } : view); // null leaves the clock where it is
    const shown = this.readView();
    this.currentKey = serializeView(isMoved ? { ...shown, step: view.step } : shown); // the next frame sends the step
  }

  // Whether the visitor set a step of the new scene before Python's view of it came.
  isClockMoved() {
    const { step } = this.readView();
    return this.openedStep !== undefined && step !== null && step !== this.openedStep;
  }

  // Another scene: send nothing before Python has sent its view.
  reset() {
    this.cancelSend();
    this.agreedKey = this.sentNumber = null;
    this.openedStep = undefined;
  }

  cancelSend() {
    clearTimeout(this.sendTimer);
    this.sendTimer = null;
  }
}

const serializeView = (view) => JSON.stringify(Object.entries(view).sort());
