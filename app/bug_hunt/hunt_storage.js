// The visitor's hunts in the browser's storage: what was spent and seen outlives a reload.

const HUNT_KEY = "descent-hunt-"; // and the hunt's number
const BUGS_KEY = "descent-found-bugs";

// Read the stored state of a hunt; null if there is none, or if the frame has no storage.
export const recallHunt = (storage, number) => read(storage, HUNT_KEY + number);

// The names of the bugs that were found, in whatever hunt.
export function recallBugs(storage) {
  const names = read(storage, BUGS_KEY);
  return Array.isArray(names) ? names : [];
}

export function keepBugs(storage, names) {
  const all = [...new Set([...recallBugs(storage), ...names])];
  if (all.length) write(storage, BUGS_KEY, all);
}

// Keep how far a hunt has come, unless another tab has come further: no second try makes a score better.
export function keepHunt(storage, number, copy) {
  if (copy && !isFurther(recallHunt(storage, number), copy)) write(storage, HUNT_KEY + number, copy);
}

// Whether the first of two copies of a hunt has come further, or differs from it at its end: then it is kept.
export function isFurther(kept, copy) {
  if (!kept || typeof kept !== "object") return false;
  if (kept.over) return !copy.over || kept.found !== copy.found || kept.spent !== copy.spent;
  return !copy.over && kept.spent > copy.spent;
}

function read(storage, key) {
  try {
    return JSON.parse(storage().getItem(key));
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    storage().setItem(key, JSON.stringify(value));
  } catch {
    // there is no storage, or it is full
  }
}
