// Schedules the parts of the page that follow the clock, without the curves. While the clock plays, a frame draws one part,
// so that no frame takes long; while it stands, a frame draws all parts.

export class DrawingScheduler {
  // `draws`: a function of the epoch for each part. It returns true if it has more to draw for this epoch; then it is called
  // again.
  constructor(draws) {
    this.parts = draws.map((draw) => ({ draw, epoch: null }));
    this.next = 0; // the part whose turn it is
  }

  // The data changed: draw all parts in the next frame, so that none of them is seen empty.
  invalidate() {
    this.isInvalid = true;
    for (const part of this.parts) part.epoch = null;
  }

  // Draw a frame at this epoch. Parts take turns, so that all of them are updated even if each frame shows another epoch.
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
