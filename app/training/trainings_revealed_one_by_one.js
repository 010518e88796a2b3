// A lecture's trainings, which are shown one after another: each press of a presenter's remote adds the next one.

export class RevealedTrainings {
  constructor() {
    this.showAll();
  }

  showAll() {
    this.shown = null;
  }

  // How many of `count` trainings are shown: the first ones.
  countShown(count) {
    return Math.min(this.shown ?? count, count);
  }

  // Show one training more (1) or one fewer (-1); the first press leaves only the first. Returns whether that is possible.
  step(by, count) {
    const before = by > 0 ? (this.shown ?? 0) : this.countShown(count);
    const after = Math.max(1, Math.min(before + by, count));
    if (after === before) return false;
    this.shown = after;
    return true;
  }

  // Limit a message to the trainings that are shown. If the selected one is not among them, the message has no details of it
  // and selects the last that is shown.
  limit(message) {
    const count = this.countShown(message.trainings.length);
    if (count === message.trainings.length) return message;
    const limited = { ...message, trainings: message.trainings.slice(0, count) };
    if (message.selected < count) return limited;
    const { ratios, predictions, weights, ...arrays } = message.arrays;
    return { ...limited, selected: count - 1, arrays, blocks: null, layers: [], landscape: null, readings: [], state: "working" };
  }
}
