// What follows the clock besides the curves. While the clock plays, one part is drawn in a frame, so that no frame of a new
// epoch is long; where it stands, all parts are drawn at once.

export class DrawingScheduler {
  // `draws`: a function of the epoch for each part. One that has more to draw for this epoch returns true, and is called again.
  constructor(draws) {
    this.parts = draws.map((draw) => ({ draw, epoch: null }));
    this.next = 0; // the part whose turn it is
  }

  // There is something else to show: all parts are drawn at once in the next frame, so that none of them is seen empty.
  invalidate() {
    this.isInvalid = true;
    for (const part of this.parts) part.epoch = null;
  }

  // In a frame at this epoch. Parts take turns, so that each of them moves even if every frame is of another epoch.
  draw(epoch, isPlaying) {
    if (isPlaying && !this.isInvalid) return void this.drawNext(epoch);
    this.isInvalid = false;
    while (this.drawNext(epoch));
  }

  // Draw the next part that is not at this epoch. Returns whether there was one.
  drawNext(epoch) {
    const { parts, next } = this;
    for (let i = 0; i < parts.length; i++) {
      const k = (next + i) % parts.length;
      const part = parts[k];
      if (part.epoch === epoch) continue;
      part.epoch = part.draw(epoch) ? null : epoch;
      this.next = (k + 1) % parts.length;
      return true;
    }
    return false;
  }
}
