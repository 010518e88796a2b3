// The entry points that Streamlit calls: a map is mounted or updated, and the path of a point arrives.

import { runSafely } from "../player/base/decode_message.js";
import { subscribe, discard, deliver } from "../player/base/pending_messages.js";
import { MapPanel } from "./map_panel.js";
import { decodeMap } from "./decode_map.js";

const REMOUNT_TIMEOUT_MS = 3000; // that a map without a place on the page is kept
const panels = new Map(); // name -> MapPanel

export function mountMap({ parentElement, data, setStateValue }, urls) {
  runSafely(() => {
    const message = decodeMap(data);
    const panel = panels.get(message.id) ?? new MapPanel(urls, message.files);
    if (!panels.has(message.id)) {
      panels.set(message.id, panel);
      panel.stopTraces = subscribe("trace", message.id, (path) => panel.follow(path));
    }
    clearTimeout(panel.removalTimer);
    panel.tell = setStateValue;
    panel.settle(parentElement);
    panel.receive(message);
  });
  return () => {
    for (const [name, panel] of panels) {
      if (panel.home !== parentElement) continue;
      panel.removalTimer = setTimeout(() => {
        panel.remove();
        if (panels.get(name) === panel) panels.delete(name);
      }, REMOUNT_TIMEOUT_MS);
    }
  };
}

// The path of the run that is pointed at. Its component only carries a message and takes no room on the page.
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
