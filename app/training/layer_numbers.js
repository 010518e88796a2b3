// Numbers of what a network says of its validation samples, and colours between two.

// The samples that are wrong, the surest first.
export function findMistakes(classes, predicted, sureness) {
  const wrong = Array.from(classes.keys()).filter((i) => classes[i] !== predicted[i]);
  return wrong.sort((i, j) => sureness[j] - sureness[i]);
}

// How often class i was taken for class j.
export function countConfusion(classes, predicted, count) {
  const rows = Array.from({ length: count }, () => new Array(count).fill(0));
  classes.forEach((name, i) => (rows[name][predicted[i]] += 1));
  return rows;
}

// [r, g, b] between two, as far as `share` from 0 to 1.
export const mixColours = (from, until, share) => from.map((value, i) => Math.round(value + Math.min(1, Math.max(0, share)) * (until[i] - value)));
