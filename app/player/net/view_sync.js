// How the scene is looked at is the browser's to choose. Python is told of it once it rests; a link, an undo or another
// page tells it in turn.

const SETTLE_MS = 300; // milliseconds
const VIEW_KEYS = ["mode", "loss", "fit", "strip", "over", "pace", "arrows", "step"];

export class ViewSync {
  // `read()` gives the view that is shown, `apply(view)` shows another, `tell(view)` sends one and returns its number, as
  // soon as Python is `ready()` to hear it.
  constructor(read, apply, tell, ready = () => true) {
    Object.assign(this, { read, apply, tell, ready });
    this.agreed = null; // the view that both sides know of, once there is one
    this.told = null; // the number of the last that was sent
  }

  // In each frame.
  look() {
    const seen = serializeView(this.read());
    if (this.agreed === null || seen === this.seen) return;
    this.seen = seen;
    this.stop();
    if (seen !== this.agreed) this.later = setTimeout(() => this.send(), SETTLE_MS);
  }

  send() {
    if (!this.ready()) return (this.later = setTimeout(() => this.send(), SETTLE_MS));
    this.later = null;
    this.agreed = this.seen;
    this.told = this.tell(this.read());
  }

  // Python's view, with the number of the last that it has heard: while a newer one is on its way it is out of date.
  take({ view, n }) {
    if (this.later || (this.told !== null && n !== this.told)) return;
    const said = serializeView(view);
    if (said === this.agreed) return;
    this.agreed = said;
    this.apply(view);
    this.seen = serializeView(this.read());
  }

  // Another scene: nothing is told before Python has said how that one is looked at.
  hush() {
    this.stop();
    this.agreed = this.told = null;
  }

  stop() {
    clearTimeout(this.later);
    this.later = null;
  }
}

const serializeView = (view) => JSON.stringify(VIEW_KEYS.map((part) => view[part]));
