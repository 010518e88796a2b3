// Brings what arrives in messages of their own, a stage or a rule, and their player together, whichever comes first.

const latest = new Map(); // "kind name" -> message
const takers = new Map(); // "kind name" -> function that takes it

export function offer(kind, name, message) {
  latest.set(`${kind} ${name}`, message);
  takers.get(`${kind} ${name}`)?.(message);
}

export function awaiting(kind, name, take) {
  const key = `${kind} ${name}`;
  takers.set(key, take);
  if (latest.has(key)) take(latest.get(key));
  return () => {
    if (takers.get(key) === take) takers.delete(key);
  };
}

export function forget(kind, name) {
  latest.delete(`${kind} ${name}`);
}
