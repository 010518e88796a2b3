// Where Streamlit mounts a map, and where its messages come in.

import { createMount, mountMessage, subscribe } from "../player/base/streamlit_mounting.js";
import { MapPanel } from "./map_panel.js";

export const mountMap = createMount((urls, name) => {
  const panel = new MapPanel(urls);
  panel.stopTraces = subscribe("trace", name, (path) => panel.follow(path));
  return panel;
});

// The path of the start that is pointed at.
export const receivePath = (component) => mountMessage("trace", component, (data) => JSON.parse(new TextDecoder().decode(data)));
