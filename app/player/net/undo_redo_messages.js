// Steps through the history of a page's scene, as they are sent to Python: undo is -1, redo 1.

const MAX_STEPS = 16; // in a message

export class UndoRedoMessages {
  // `nextSerial()` returns the number of a message, `send(name, value)` sends it.
  constructor(nextSerial, send) {
    Object.assign(this, { nextSerial, send, last: [] });
  }

  // Streamlit drops all but the last of values in quick succession, so each message repeats those before it.
  step(by) {
    this.last = [...this.last.slice(1 - MAX_STEPS), { by, n: this.nextSerial() }];
    this.send("undone", this.last);
  }
}
