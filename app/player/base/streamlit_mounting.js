// Where Streamlit mounts what is shown, and what brings it its messages.

import { decodeMessage, runSafely } from "./decode_message.js";

const REMOUNT_TIMEOUT_MS = 3000; // milliseconds that a panel without a place waits for another

// Panels by name, each with a `root` and `remove()`. When runs of its script follow each other fast, Streamlit takes
// the place away and gives another: the panel moves there.
export class MountedPanels {
  constructor(createPanel) {
    Object.assign(this, { createPanel, panels: new Map() });
  }

  // The panel called `name`, in `parent`, and whether it had to move.
  mount(name, parent, urls) {
    if (!this.panels.has(name)) this.panels.set(name, this.createPanel(urls, name));
    const panel = this.panels.get(name);
    clearTimeout(panel.removalTimer);
    const isMoved = panel.root.parentElement !== parent;
    if (isMoved) parent.append(panel.root);
    panel.mountPoint = parent;
    return { panel, isMoved };
  }

  unmount(parent) {
    for (const [name, panel] of this.panels) {
      if (panel.mountPoint !== parent) continue;
      clearTimeout(panel.removalTimer); // a place may be left twice
      panel.removalTimer = setTimeout(() => {
        panel.remove();
        this.panels.delete(name);
      }, REMOUNT_TIMEOUT_MS);
    }
  }
}

// How Streamlit mounts the panels of a laboratory, and brings them the messages of the server.
export function createMount(createPanel) {
  const panels = new MountedPanels(createPanel);
  return ({ parentElement, data, setStateValue }, urls) => {
    runSafely(() => {
      const message = decodeMessage(data);
      const { panel, isMoved } = panels.mount(message.id, parentElement, urls);
      if (isMoved) panel.polling.arrive();
      panel.receive(message, setStateValue);
    });
    return () => panels.unmount(parentElement);
  };
}

// A component that takes no room.
export function hideContainer(element) {
  const container = element.closest('[data-testid="stElementContainer"]');
  if (container) container.style.display = "none";
}

// A component that only carries a message of a `kind` for the panel that it names.
export function mountMessage(kind, { parentElement, data }, decode) {
  hideContainer(parentElement);
  let name = null;
  runSafely(() => {
    const message = decode(data);
    name = message.id;
    deliver(kind, name, message);
  });
  return () => name && discard(kind, name);
}

// ---- messages and panels find each other, whichever comes first

const latest = new Map(); // "kind name" -> message
const subscribers = new Map(); // "kind name" -> function that takes it

export function deliver(kind, name, message) {
  latest.set(`${kind} ${name}`, message);
  subscribers.get(`${kind} ${name}`)?.(message);
}

// Returns a function that unsubscribes.
export function subscribe(kind, name, onMessage) {
  const key = `${kind} ${name}`;
  subscribers.set(key, onMessage);
  if (latest.has(key)) onMessage(latest.get(key));
  return () => {
    if (subscribers.get(key) === onMessage) subscribers.delete(key);
  };
}

export function discard(kind, name) {
  latest.delete(`${kind} ${name}`);
}
