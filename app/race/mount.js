// Where Streamlit mounts the race, and where its messages come in.

import { decodeDigest, decodeEquations, decodeRuns, decodeStage, decodeView, runSafely } from "../player/base/decode_message.js";
import { MountedPanels, mountMessage } from "../player/base/streamlit_mounting.js";
import { RacePlayer } from "./race_player.js";

const players = new MountedPanels((urls) => new RacePlayer(urls));

// Streamlit calls this at mount and again, with the same parentElement, whenever data or theme changed.
export function mountPlayer({ parentElement, data, setStateValue }, urls) {
  runSafely(() => {
    const message = data instanceof Uint8Array ? decodeRuns(data) : decodeDigest(data);
    const { panel: player, isMoved } = players.mount(message.id, parentElement, urls);
    player.commands.send = setStateValue;
    if (isMoved) player.onMoved();
    if (message.digest) player.expectRuns(message.digest, isMoved);
    else player.receiveRuns(message);
  });
  return () => players.unmount(parentElement);
}

export const receiveStage = (component) => mountMessage("stage", component, decodeStage);
export const receiveView = (component) => mountMessage("view", component, decodeView);
export const receiveEquations = (component) => mountMessage("rule", component, decodeEquations);
