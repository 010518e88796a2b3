// The room in which the race is watched: how large everything is, the whole screen, and dialogs that lie over it.

const DIALOG_SELECTOR = "body > [data-testid='stDialog']";

// For the back row: everything 1.6 times as large. Whether it is so now.
export function toggleLargeType() {
  const on = document.documentElement.classList.toggle("descent-projector");
  window.dispatchEvent(new Event("resize"));
  return on;
}

// The whole screen, or no longer.
export function toggleFullScreen(root) {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.().catch(() => {});
}

export const hasOpenDialog = () => Boolean(document.querySelector(DIALOG_SELECTOR));

// `onChange()` is called when a dialog of Streamlit's may have come or gone. Returns a function that stops it.
export function watchDialogs(onChange) {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { childList: true });
  return () => observer.disconnect();
}
