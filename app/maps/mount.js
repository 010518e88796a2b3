// Where Streamlit mounts a map, and where what it sends comes in.

import { decodeMessage, runSafely } from "../player/base/decode_message.js";
import { subscribe, discard, deliver } from "../player/base/pending_messages.js";
import { MapPanel } from "./map_panel.js";

const REMOUNT_TIMEOUT_MS = 3000; // milliseconds that a map whose place was taken away waits for another
const panels = new Map(); // name -> MapPanel

export function mountMap({ parentElement, data, setStateValue }, urls) {
  runSafely(() => {
    const message = decodeMessage(data);
    const here = panels.get(message.id) ?? new MapPanel(urls);
    if (!panels.has(message.id)) {
      panels.set(message.id, here);
      here.stopTraces = subscribe("trace", message.id, (path) => here.follow(path));
    }
    clearTimeout(here.removalTimer);
    here.tell = setStateValue;
    here.settle(parentElement);
    here.receive(message);
  });
  return () => {
    for (const [name, here] of panels) {
      if (here.home !== parentElement) continue;
      here.removalTimer = setTimeout(() => {
        here.remove();
        if (panels.get(name) === here) panels.delete(name);
      }, REMOUNT_TIMEOUT_MS);
    }
  };
}

// The path of the start that is pointed at: it only carries a message and takes no room.
export function receivePath({ parentElement, data }) {
  const container = parentElement.closest('[data-testid="stElementContainer"]');
  if (container) container.style.display = "none";
  let name = null;
  runSafely(() => {
    const message = JSON.parse(new TextDecoder().decode(data));
    name = message.id;
    deliver("trace", name, message);
  });
  return () => name && discard("trace", name);
}
