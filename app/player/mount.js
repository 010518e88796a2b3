// Where Streamlit mounts the player, and where what it sends comes in.

import { decodeMark, decodeRuns, decodeStage, decodeView, guarded } from "./base/decode_message.js";
import { Player } from "./race.js";
import { forget, offer } from "./base/pending_messages.js";
import { decodeRule } from "./panels/equation_panel.js";

const players = new Map(); // name of the scene -> Player

// Streamlit calls these at mount and again, with the same parentElement, whenever data or theme changed. When runs of
// its script follow each other fast (a slider's key is held) it takes the place away and gives another: the player,
// its clock and its zoom move there.
export function player(component, urls) {
  const { parentElement, data, setStateValue } = component;
  guarded(() => {
    const message = data instanceof Uint8Array ? decodeRuns(data) : decodeMark(data);
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

export const stage = (component) => pass("stage", component, decodeStage);
export const view = (component) => pass("view", component, decodeView);
export const rule = (component) => pass("rule", component, decodeRule);

// A component that only carries a message for the player of the same name, and takes no room.
function pass(kind, { parentElement, data }, decode) {
  hide(parentElement);
  let name = null;
  guarded(() => {
    const message = decode(data);
    name = message.id;
    offer(kind, name, message);
  });
  return () => name && forget(kind, name);
}

function hide(element) {
  const container = element.closest('[data-testid="stElementContainer"]');
  if (container) container.style.display = "none";
}
