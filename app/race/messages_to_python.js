// Messages to Python. Each that may be sent twice has a serial number, unique even across reloads of the page.

import { UndoRedoMessages } from "../player/net/undo_redo_messages.js";

const ANSWER_TIMEOUT_MS = 600; // milliseconds within which Python is expected to answer a new start

export class MessagesToPython {
  // `send(name, value)` sends a value to Python; Streamlit gives a new function whenever it mounts the player.
  constructor() {
    this.send = null;
    this.serial = Date.now();
    this.history = new UndoRedoMessages(() => this.nextSerial(), (name, value) => this.send(name, value));
    this.requestedNames = "";
    this.lastStart = null; // the start that was sent last
  }

  nextSerial() {
    return (this.serial = Math.max(this.serial + 1, Date.now()));
  }

  // A new start. While it is `held`, Python answers with the paths alone; undo reverts a `series` of key presses as one.
  moveStart(x, y, held, series = 0) {
    this.lastStart = [x, y];
    this.sentAt = performance.now();
    this.send("start", { x, y, n: this.nextSerial(), held, series });
  }

  // Whether this is the start that was sent last.
  isLastStart(start) {
    return this.lastStart?.join() === start.join();
  }

  // Whether a newer start is on its way to Python, so that what arrives now has an older one.
  hasNewerStart(start) {
    return this.lastStart !== null && performance.now() - this.sentAt < ANSWER_TIMEOUT_MS && !this.isLastStart(start);
  }

  // Switch a run on or off, by its index in the list.
  toggleRun(run) {
    this.send("turned", { run, n: this.nextSerial() });
  }

  // Undo a change of the scene (-1), or redo it (1).
  sendUndo(by) {
    this.history.step(by);
  }

  // Returns the serial number by which Python will refer to the view.
  sendView(view) {
    const n = this.nextSerial();
    this.send("view", { ...view, n });
    return n;
  }

  // "lecture", 1 or 0: the mode; "place": another scene; "revealed": the scene whose race may run.
  sendLecture(name, value) {
    this.send(name, { [name]: value, n: this.nextSerial() });
  }

  // The columns that are needed besides those that are always sent.
  requestColumns(names) {
    const wanted = [...new Set(names)].sort();
    if (wanted.join() === this.requestedNames) return;
    this.requestedNames = wanted.join();
    this.send("wanted", wanted);
  }

  // The equations of the run in a slot; null for none.
  requestEquations(slot) {
    this.send("focus", slot);
  }

  // Announced runs did not come by the socket.
  reportMissing() {
    this.send("missed", this.nextSerial());
  }
}
