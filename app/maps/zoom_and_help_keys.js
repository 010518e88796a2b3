// The keys of a map, and the list that says what they do. Its picture hears those that move over it by itself.

import { createTextButton } from "../player/base/dom.js";
import { addKeyListeners } from "../player/base/keyboard.js";
import { KeyHelpDialog } from "../player/panels/key_help_dialog.js";

const ZOOM_FACTOR = 2;

export class MapKeys {
  // `root` is the map, `tools` the place of the button that shows the list; `view` as for `MapPanel`.
  constructor(root, tools, labels, view) {
    this.help = new KeyHelpDialog(root, labels, () => {});
    this.help.setRows(listKeys(labels, view));
    tools.append(createTextButton("descent-word descent-map-keys", labels.keys, () => this.help.toggle()));
    const isElsewhere = () => ![root, null, undefined].includes(document.activeElement?.closest(".descent-map")); // on the map beside this one
    this.stop = addKeyListeners(createKeyActions(view, this.help), (key) => isElsewhere() || (this.help.dialog.open && key !== "?"));
  }

  remove() {
    this.stop();
  }
}

function createKeyActions(view, help) {
  const zoomIn = () => view.zoom(1 / ZOOM_FACTOR);
  const zooming = view.zoom ? { "+": zoomIn, "=": zoomIn, "-": () => view.zoom(ZOOM_FACTOR), z: () => view.reset() } : {};
  return { ...zooming, "?": () => help.toggle() };
}

// [keys, what they do] of a map that a cursor moves over, has a start that can be moved, or can be zoomed.
export const listKeys = (labels, view) => [
  ...(labels.point ? [[["Tab", "← → ↑ ↓"], labels.key_cursor], [["Enter"], labels.key_pick]] : []),
  ...(labels.drag ? [[["Tab", "← → ↑ ↓"], labels.key_start]] : []),
  ...(view.zoom ? [[["+", "−"], labels.key_zoom], [["Z"], labels.key_reset]] : []),
  [["?"], labels.keys],
];
