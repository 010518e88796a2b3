// On a phone the page's panel is a sheet from below, or beside the picture where the phone is held across: when it opens,
// or the phone is turned, the picture that it changes comes into sight.

import { SHEET, collapsePanel, findPanel, listenForSheetGestures } from "./sheet_gestures.js";

const LOW = "(max-height: 500px) and (pointer: coarse)"; // a phone held across
let wasCollapsed = false;

// `picture` is an element, `root` the player or map that has it. Returns what stops it.
export function keepPictureInSight(root, picture) {
  const isOpen = () => findPanel()?.dataset.collapsed === "false" && matchMedia(`${SHEET}, ${LOW}`).matches && root.isConnected;
  const show = () => isOpen() && picture.scrollIntoView({ block: "start" });
  const observer = new MutationObserver(show);
  observer.observe(document.body, { subtree: true, attributeFilter: ["data-collapsed"] });
  const orientation = matchMedia("(orientation: portrait)");
  const onTurn = () => requestAnimationFrame(show); // once the layout is the new one
  orientation.addEventListener("change", onTurn);
  listenForSheetGestures();
  if (!wasCollapsed && matchMedia(LOW).matches) collapsePanelOnceShown(); // Streamlit opens it where the window is wide
  wasCollapsed = true;
  return () => {
    observer.disconnect();
    orientation.removeEventListener("change", onTurn);
  };
}

// On a slow phone the panel comes after the picture.
function collapsePanelOnceShown() {
  if (collapsePanel()) return;
  const observer = new MutationObserver(() => collapsePanel() && observer.disconnect());
  observer.observe(document.body, { subtree: true, childList: true });
}
