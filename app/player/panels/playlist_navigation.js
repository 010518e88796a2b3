// Where a lecture is in its playlist, and what a key for the next scene or the one before means there.

const ANSWER_TIMEOUT_MS = 3000; // milliseconds that an answer is waited for
const LECTURE_OFF = { on: false, place: 0, places: 0, question: "" };

export class PlaylistNavigator {
  // `send(name, value)` is told to Python, which answers by what `set` takes.
  constructor(send) {
    Object.assign(this, { wish: send, told: LECTURE_OFF, isExpected: null, queuedMoves: [] });
  }

  // Whether the race waits for what the audience says.
  get waiting() {
    return this.told.question !== "";
  }

  // As Python has it; undefined where there is no such mode. Keys that were pressed meanwhile count from here.
  set(state) {
    this.told = state ?? LECTURE_OFF;
    if (this.isExpected?.(this.told)) this.isExpected = null;
    if (!this.isExpected && this.queuedMoves.length) this.act(this.queuedMoves.shift());
  }

  // A scene on (1) or back (-1); on from one that waits is to let it run.
  press(by) {
    if (this.isExpected && performance.now() - this.since < ANSWER_TIMEOUT_MS) return this.queuedMoves.push(by);
    this.queuedMoves = [];
    this.act(by);
  }

  act(by) {
    const { place, places } = this.told;
    if (by > 0 && this.waiting) return this.reveal();
    const to = place + by;
    if (to >= 0 && to < places) this.ask("place", to, (told) => told.place === to);
  }

  // Let it run, once.
  reveal() {
    if (this.waiting) this.ask("revealed", this.told.place, ({ question }) => !question);
  }

  // The mode on or off.
  turn() {
    if (this.told !== LECTURE_OFF) this.wish("lecture", this.told.on ? 0 : 1);
  }

  ask(name, value, awaited) {
    Object.assign(this, { isExpected: awaited, since: performance.now() });
    this.wish(name, value);
  }
}
