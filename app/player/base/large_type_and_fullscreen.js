// Large type for lectures, full screen, and dialogs of Streamlit's.

const DIALOG_SELECTOR = "body > [data-testid='stDialog']";

const LARGE_TYPE_CLASS = "descent-projector"; // of the document

export const isLargeType = () => document.documentElement.classList.contains(LARGE_TYPE_CLASS);

// Make everything 1.6 times as large, or normal again.
export function toggleLargeType() {
  document.documentElement.classList.toggle(LARGE_TYPE_CLASS);
  window.dispatchEvent(new Event("resize"));
}

// In a lecture the whole document is in full screen, since `root` goes when the next scene is on another page.
export function toggleFullScreen(root, isLecture) {
  if (document.fullscreenElement) document.exitFullscreen();
  else (isLecture ? document.documentElement : root).requestFullscreen?.().catch(() => {});
}

export const hasOpenDialog = () => Boolean(document.querySelector(DIALOG_SELECTOR));

// `onChange()` is called when a dialog of Streamlit's may have come or gone. Returns a function that stops it.
export function watchDialogs(onChange) {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { childList: true });
  return () => observer.disconnect();
}
