// How the scene is looked at is the browser's to choose. Python is told of it once it rests; a link, an undo or another
// page tells it in turn.

const SETTLE_MS = 300; // milliseconds

export class ViewSync {
  // `readView()` gives the view that is shown, `applyView(view)` shows another, `sendView(view)` sends one and returns its number, as
  // soon as Python is `isReady()` to hear it.
  constructor(readView, applyView, sendView, isReady = () => true) {
    Object.assign(this, { readView, applyView, sendView, isReady });
    this.agreedKey = null; // the view that both sides know of, once there is one
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

  // Python's view, with the number of the last that it has heard: while a newer one is on its way it is out of date.
  receive({ view, n }) {
    if (this.sendTimer || (this.sentNumber !== null && n !== this.sentNumber)) return;
    const said = serializeView(view);
    if (said === this.agreedKey) return;
    this.agreedKey = said;
    this.applyView(view);
    this.currentKey = serializeView(this.readView());
  }

  // Another scene: nothing is told before Python has said how that one is looked at.
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
