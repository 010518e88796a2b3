// Where Streamlit mounts a bug hunt, and where its messages come in.

import { decodeMessage, runSafely } from "../player/base/decode_message.js";
import { MountedPanels } from "../player/base/streamlit_mounting.js";
import { HuntPanel } from "./hunt_panel.js";

const panels = new MountedPanels((urls) => new HuntPanel(urls));

export function mountHunt({ parentElement, data, setStateValue }, urls) {
  runSafely(() => {
    const message = decodeMessage(data);
    const { panel } = panels.mount(message.id, parentElement, urls);
    panel.receive(message, setStateValue);
  });
  return () => panels.unmount(parentElement);
}
