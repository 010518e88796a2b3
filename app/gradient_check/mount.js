// Where Streamlit mounts the picture of a gradient check, and where its messages come in.

import { decodeMessage, runSafely } from "../player/base/decode_message.js";
import { MountedPanels } from "../player/base/streamlit_mounting.js";
import { CheckPanel } from "./check_panel.js";

const panels = new MountedPanels((urls) => new CheckPanel(urls));

export function mountCheck({ parentElement, data, setStateValue }, urls) {
  runSafely(() => {
    const message = decodeMessage(data);
    const { panel, isMoved } = panels.mount(message.id, parentElement, urls);
    if (isMoved) panel.polling.arrive();
    panel.receive(message, setStateValue);
  });
  return () => panels.unmount(parentElement);
}
