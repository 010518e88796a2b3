// Brings what arrives in messages of their own, a stage or a rule, and their player together, whichever comes first.

const latest = new Map(); // "kind name" -> message
const subscribers = new Map(); // "kind name" -> function that takes it

export function deliver(kind, name, message) {
  latest.set(`${kind} ${name}`, message);
  subscribers.get(`${kind} ${name}`)?.(message);
}

export function subscribe(kind, name, take) {
  const key = `${kind} ${name}`;
  subscribers.set(key, take);
  if (latest.has(key)) take(latest.get(key));
  return () => {
    if (subscribers.get(key) === take) subscribers.delete(key);
  };
}

export function discard(kind, name) {
  latest.delete(`${kind} ${name}`);
}
