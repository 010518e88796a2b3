// Where Streamlit mounts a map, and where what it sends comes in.

import { guarded } from "../player/base/decode_message.js";
import { awaiting, forget, offer } from "../player/base/pending_messages.js";
import { Board } from "./map_panel.js";
import { decodeParcel } from "./decode_map.js";

const PATIENCE = 3000; // milliseconds that a map whose place was taken away waits for another
const boards = new Map(); // name -> Board

export function map({ parentElement, data, setStateValue }, urls) {
  guarded(() => {
    const message = decodeParcel(data);
    const here = boards.get(message.id) ?? new Board(urls);
    if (!boards.has(message.id)) {
      boards.set(message.id, here);
      here.stopTraces = awaiting("trace", message.id, (path) => here.follow(path));
    }
    clearTimeout(here.homeless);
    here.tell = setStateValue;
    here.settle(parentElement);
    here.receive(message);
  });
  return () => {
    for (const [name, here] of boards) {
      if (here.home !== parentElement) continue;
      here.homeless = setTimeout(() => {
        here.remove();
        if (boards.get(name) === here) boards.delete(name);
      }, PATIENCE);
    }
  };
}

// The path of the start that is pointed at: it only carries a message and takes no room.
export function trace({ parentElement, data }) {
  const container = parentElement.closest('[data-testid="stElementContainer"]');
  if (container) container.style.display = "none";
  let name = null;
  guarded(() => {
    const message = JSON.parse(new TextDecoder().decode(data));
    name = message.id;
    offer("trace", name, message);
  });
  return () => name && forget("trace", name);
}
