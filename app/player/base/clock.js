// The clock of playback: a position between 0 and the last step, moved by time or by hand.

export const RUN_SECONDS = 8; // a whole run at speed 1, however many steps it has
export const LOOP_PAUSE_SECONDS = 0.9; // seconds at the end before a loop begins again

// The last step that a position has reached; what falls short of it by rounding has.
export const wholeStep = (position) => Math.floor(position + 1e-9);

// A fractional position as a step and what is beyond it; the last step has nothing beyond.
export function splitStep(position, last) {
  const k = Math.min(wholeStep(position), last);
  return [k, k < last ? Math.max(0, position - k) : 0];
}

export class Clock {
  constructor(steps) {
    this.steps = steps;
    this.position = 0; // a fraction of a step is a place between two iterates
    this.furthest = 0; // the greatest position since it last stood at the start: what is beyond has not been shown
    this.playing = false;
    this.speed = 1;
    this.loop = false;
    this.isHeld = false; // it plays again when it is released
    this.secondsAtEnd = 0;
    this.isFinished = false; // it reached the end by playing
    this.isAwaited = false; // it stands at the start until somebody moves it
  }

  // The position that the visitor looks at, for links; null before the clock was started, while it plays, and after it
  // has played to the end.
  get viewStep() {
    return this.playing || this.isHeld || this.isFinished || this.isAwaited ? null : Math.round(100 * this.position) / 100;
  }

  get step() {
    return wholeStep(this.position);
  }

  // The position that is drawn: between two steps only while the clock runs, else the step that it shows.
  get shownPosition() {
    return this.playing ? this.position : this.step;
  }

  get atEnd() {
    return this.position >= this.steps;
  }

  // Let `seconds` of wall time pass; a long gap (a hidden tab) counts as a tenth of a second.
  tick(seconds) {
    if (!this.playing) return;
    const passed = Math.min(Math.max(seconds, 0), 0.1) * this.speed;
    if (this.atEnd) {
      if (!this.loop) this.finish();
      else if ((this.secondsAtEnd += passed) >= LOOP_PAUSE_SECONDS) this.seek(0);
      return;
    }
    this.moveTo(Math.min(this.steps, this.position + (passed * this.steps) / RUN_SECONDS));
    if (this.atEnd && !this.loop) this.finish();
  }

  // Go to the end as if it had played.
  finish() {
    this.seek(this.steps);
    this.playing = this.isHeld = false;
    this.isFinished = true;
  }

  // Stand at the start until it is played or moved.
  awaitStart() {
    this.pauseAt(0);
    this.isAwaited = true;
  }

  play() {
    if (this.atEnd) this.seek(0);
    this.playing = true;
    this.isAwaited = false;
  }

  pause() {
    if (this.playing || this.isHeld) this.moveTo(this.step);
    this.playing = this.isHeld = false;
  }

  // Stop until `release`, which lets it go on as it was.
  hold() {
    this.isHeld ||= this.playing;
    this.playing = false;
  }

  release() {
    this.playing ||= this.isHeld;
    this.isHeld = false;
  }

  seek(step) {
    this.secondsAtEnd = 0;
    this.isFinished = this.isAwaited = false;
    this.moveTo(Math.min(this.steps, Math.max(0, Number(step) || 0)));
  }

  moveTo(position) {
    this.position = position;
    this.furthest = position > 0 ? Math.max(this.furthest, position) : 0;
  }

  // Go to a step and stop there.
  pauseAt(step) {
    this.pause();
    this.seek(step);
  }

  // One whole step forward or back.
  stepBy(direction) {
    this.pauseAt(direction > 0 ? this.step + 1 : Math.ceil(this.position - 1e-9) - 1);
  }

  // Set the number of steps; the position stays if it is within them.
  setSteps(steps) {
    this.steps = steps;
    this.position = Math.min(this.position, steps);
    this.furthest = Math.min(this.furthest, steps);
    this.isFinished &&= this.atEnd;
  }
}
