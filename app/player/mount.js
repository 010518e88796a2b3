// Where Streamlit mounts the player, and where what it sends comes in.

import { decodeDigest, decodeEquations, decodeRuns, decodeStage, decodeView, runSafely } from "./base/decode_message.js";
import { Player } from "./race.js";
import { discard, deliver } from "./base/pending_messages.js";

const players = new Map(); // name of the scene -> Player

// Streamlit calls these at mount and again, with the same parentElement, whenever data or theme changed. When runs of
// its script follow each other fast (a slider's key is held) it takes the place away and gives another: the player,
// its clock and its zoom move there.
export function mountPlayer(component, urls) {
  const { parentElement, data, setStateValue } = component;
  runSafely(() => {
    const message = data instanceof Uint8Array ? decodeRuns(data) : decodeDigest(data);
    const here = players.get(message.id) ?? new Player(urls);
    players.set(message.id, here);
    here.wishes.tell = setStateValue;
    const moved = here.settle(parentElement);
    if (message.mark) here.expect(message.mark, moved);
    else here.receive(message);
  });
  return () => {
    for (const [name, here] of players)
      here.leave(parentElement, () => {
        if (players.get(name) === here) players.delete(name);
      });
  };
}

export const receiveStage = (component) => mountMessage("stage", component, decodeStage);
export const receiveView = (component) => mountMessage("view", component, decodeView);
export const receiveEquations = (component) => mountMessage("rule", component, decodeEquations);

// A component that only carries a message for the player of the same name, and takes no room.
function mountMessage(kind, { parentElement, data }, decode) {
  hideContainer(parentElement);
  let name = null;
  runSafely(() => {
    const message = decode(data);
    name = message.id;
    deliver(kind, name, message);
  });
  return () => name && discard(kind, name);
}

function hideContainer(element) {
  const container = element.closest('[data-testid="stElementContainer"]');
  if (container) container.style.display = "none";
}
