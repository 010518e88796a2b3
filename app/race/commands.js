// What the visitor wants of Python. What may be wanted twice has a number that no other message has, not even one of the
// page before a reload.

const ANSWER_TIMEOUT_MS = 600; // milliseconds within which Python is expected to answer a new start
const MAX_UNDO_MOVES = 16;

export class Commands {
  // `send(name, value)` hands a value on to Python; Streamlit gives another one whenever it mounts the player.
  constructor() {
    this.send = null;
    this.serial = Date.now();
    this.undoMoves = []; // through the history of the scene, the last ones
    this.requestedNames = "";
    this.lastStart = null; // the start that was sent last
  }

  nextSerial() {
    return (this.serial = Math.max(this.serial + 1, Date.now()));
  }

  // The start elsewhere; while it is held, what Python says beside the paths can wait.
  moveStart(x, y, held) {
    this.lastStart = [x, y];
    this.sentAt = performance.now();
    this.send("start", { x, y, n: this.nextSerial(), held });
  }

  // Whether this is the start that was sent last.
  isLastStart(start) {
    return this.lastStart?.join() === start.join();
  }

  // A newer start than this is on its way to Python: what arrives now still has the one before it.
  hasNewerStart(start) {
    return this.lastStart !== null && performance.now() - this.sentAt < ANSWER_TIMEOUT_MS && !this.isLastStart(start);
  }

  // A run on or off, by its place in the list.
  toggleRun(run) {
    this.send("turned", { run, n: this.nextSerial() });
  }

  // A change of the scene undone (-1), or done again (1). Of values that follow each other fast Streamlit hands on the
  // last alone, so each has those before it.
  sendUndo(by) {
    this.undoMoves = [...this.undoMoves.slice(1 - MAX_UNDO_MOVES), { by, n: this.nextSerial() }];
    this.send("undone", this.undoMoves);
  }

  // Another look at the scene; returns the number that Python will name it by.
  sendView(view) {
    const n = this.nextSerial();
    this.send("view", { ...view, n });
    return n;
  }

  // What a lecturer wants: "lecture", 1 or 0, the mode; "place", another scene; "revealed", the one that waits.
  sendLecture(name, value) {
    this.send(name, { [name]: value, n: this.nextSerial() });
  }

  // Columns that are not sent unless they are shown.
  requestColumns(names) {
    const wanted = [...new Set(names)].sort();
    if (wanted.join() === this.requestedNames) return;
    this.requestedNames = wanted.join();
    this.send("wanted", wanted);
  }

  // The rule of a run, by its colour; null for none.
  requestEquations(slot) {
    this.send("focus", slot);
  }

  // Runs that were to come by the feed have not come.
  reportMissing() {
    this.send("missed", this.nextSerial());
  }
}
