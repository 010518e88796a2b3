// Fingers on the page's panel where it is a sheet from below: a swipe down on its grab bar closes it, and a tap that
// closes a menu over it leaves it open.

export const SHEET = "(max-width: 767.9px)"; // as the page's style sheet has it
export const isSheet = () => matchMedia(SHEET).matches;
const CLOSING_PIXELS = 60; // that the grab bar is moved down
const OVERLAYS = "[data-testid=stPopoverBody], [role=listbox]"; // menus and lists, which a tap outside closes
const BAR = "[data-testid=stSidebarHeader]";

export const findPanel = () => document.querySelector("[data-testid=stSidebar]");

// Returns whether the panel is there, and so is or becomes closed.
export function collapsePanel() {
  const panel = findPanel();
  if (panel?.dataset.collapsed === "true") return true;
  const button = panel?.querySelector("[data-testid=stSidebarCollapseButton] button");
  button?.click();
  return Boolean(button);
}

let isListening = false; // the panel is one for all pictures of the page

export function listenForSheetGestures() {
  if (isListening) return;
  isListening = true;
  let hadOverlay = false;
  const onPress = (event) => {
    hadOverlay = Boolean(document.querySelector(OVERLAYS));
    if (isSheet() && event.isPrimary && event.target.closest?.(BAR) && !event.target.closest("button")) follow(event);
  };
  window.addEventListener("pointerdown", onPress, true);
  // such a tap does nothing else: neither moves it a start, nor closes Streamlit its panel, as by its mousedown
  const isSpent = ({ target }) => hadOverlay && isSheet() && !target.closest?.(`${OVERLAYS}, [data-testid=stSidebar]`);
  for (const type of ["touchstart", "touchend", "mousedown"]) window.addEventListener(type, (event) => isSpent(event) && event.stopPropagation(), true);
}

// The sheet goes with the finger; let go far enough below, it closes.
function follow({ pointerId, clientY: from }) {
  const panel = findPanel();
  const listening = new AbortController();
  const listen = (type, react) => window.addEventListener(type, (event) => event.pointerId === pointerId && react(event), { signal: listening.signal });
  const end = () => {
    listening.abort();
    panel.style.translate = "";
  };
  listen("pointermove", ({ clientY }) => (panel.style.translate = `0 ${Math.max(0, clientY - from)}px`));
  listen("pointercancel", end);
  listen("pointerup", ({ clientY }) => {
    end();
    if (clientY - from > CLOSING_PIXELS) collapsePanel();
  });
}
