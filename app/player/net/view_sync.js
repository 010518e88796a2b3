// How the scene is looked at is the browser's to choose. Python is told of it once it rests; a link, an undo or another
// page tells it in turn.

const SETTLE_MS = 300; // milliseconds

export class ViewSync {
  // `readView()` gives the view that is shown, `applyView(view)` shows another, `sendView(view)` sends one and returns its number, as
  // soon as Python is `isReady()` to hear it.
  constructor(readView, applyView, sendView, isReady = () => true) {
    Object.assign(this, { read: readView, apply: applyView, tell: sendView, ready: isReady });
    this.agreedKey = null; // the view that both sides know of, once there is one
    this.told = null; // the number of the last that was sent
  }

  // In each frame.
  look() {
    const seen = serializeView(this.read());
    if (this.agreedKey === null || seen === this.seen) return;
    this.seen = seen;
    this.stop();
    if (seen !== this.agreedKey) this.sendTimer = setTimeout(() => this.send(), SETTLE_MS);
  }

  send() {
    if (!this.ready()) return (this.sendTimer = setTimeout(() => this.send(), SETTLE_MS));
    this.sendTimer = null;
    this.agreedKey = this.seen;
    this.told = this.tell(this.read());
  }

  // Python's view, with the number of the last that it has heard: while a newer one is on its way it is out of date.
  take({ view, n }) {
    if (this.sendTimer || (this.told !== null && n !== this.told)) return;
    const said = serializeView(view);
    if (said === this.agreedKey) return;
    this.agreedKey = said;
    this.apply(view);
    this.seen = serializeView(this.read());
  }

  // Another scene: nothing is told before Python has said how that one is looked at.
  reset() {
    this.stop();
    this.agreedKey = this.told = null;
  }

  stop() {
    clearTimeout(this.sendTimer);
    this.sendTimer = null;
  }
}

const serializeView = (view) => JSON.stringify(Object.entries(view).sort());
