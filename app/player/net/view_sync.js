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
  }

  // In each frame.
  checkForChange() {
    const seen = serializeView(this.readView());
    if (this.agreedKey === null || seen === this.currentKey) return;
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
    this.agreedKey = key;
    this.applyView(view);
    this.currentKey = serializeView(this.readView());
  }

  // Another scene: send nothing before Python has sent its view.
  reset() {
    this.cancelSend();
    this.agreedKey = this.sentNumber = null;
  }

  cancelSend() {
    clearTimeout(this.sendTimer);
    this.sendTimer = null;
  }
}

const serializeView = (view) => JSON.stringify(Object.entries(view).sort());
