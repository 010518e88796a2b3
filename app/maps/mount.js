// Where Streamlit mounts a map, and where its messages come in.

import { decodeMessage, runSafely } from "../player/base/decode_message.js";
import { MountedPanels, mountMessage, subscribe } from "../player/base/streamlit_mounting.js";
import { MapPanel } from "./map_panel.js";

const panels = new MountedPanels((urls, name) => {
  const panel = new MapPanel(urls);
  panel.stopTraces = subscribe("trace", name, (path) => panel.follow(path));
  return panel;
});

export function mountMap({ parentElement, data, setStateValue }, urls) {
  runSafely(() => {
    const message = decodeMessage(data);
    const { panel } = panels.mount(message.id, parentElement, urls);
    panel.tell = setStateValue;
    panel.receive(message);
  });
  return () => panels.unmount(parentElement);
}

// The path of the start that is pointed at.
export const receivePath = (component) => mountMessage("trace", component, (data) => JSON.parse(new TextDecoder().decode(data)));
