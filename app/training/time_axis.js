// The axis of time under the charts: epochs, steps, or seconds of computing; linear or logarithmic.

export const UNITS = ["epochs", "steps", "seconds"];

export class TimeAxis {
  constructor() {
    Object.assign(this, { unit: "epochs", isLog: false });
  }

  // `message.arrays` have, for each training, its recorded epochs and the steps and seconds that it had taken by then.
  set({ arrays, trainings, epochs }) {
    this.columns = trainings.map((_, k) => [arrays[`epoch${k}`], arrays[`${this.unit}${k}`] ?? arrays[`epoch${k}`]]);
    const begun = this.columns.filter(([known]) => known?.length > 1);
    const ends = begun.map(([known, counts]) => (counts.at(-1) / known.at(-1)) * epochs); // as if it went on as it did
    this.end = this.unit === "epochs" || !ends.length ? epochs : Math.max(...ends);
    const firsts = begun.map(([, counts]) => counts[1] / 20);
    this.start = this.isLog && firsts.length ? Math.min(...firsts) : null; // where a logarithmic axis begins
  }

  // Training k's epochs, as numbers of this axis.
  convert(k, epochs) {
    return Float64Array.from(epochs, (epoch) => this.convertOne(k, epoch));
  }

  convertOne(k, epoch) {
    const [known, counts] = this.columns[k];
    return Math.max(this.unit === "epochs" ? epoch : interpolate(known, counts, epoch), this.start ?? 0);
  }

  // The epoch of training k at a number of this axis.
  invert(k, value) {
    const [known, counts] = this.columns[k];
    return this.unit === "epochs" ? value : interpolate(counts, known, value);
  }
}

// The piecewise linear function through the points (xs, ys), xs rising; its last piece goes on beyond them.
export function interpolate(xs, ys, x) {
  if (xs.length < 2) return ys[0];
  let k = 1;
  while (k < xs.length - 1 && xs[k] < x) k += 1;
  const slope = (ys[k] - ys[k - 1]) / (xs[k] - xs[k - 1] || 1);
  return ys[k - 1] + slope * (x - xs[k - 1]);
}
