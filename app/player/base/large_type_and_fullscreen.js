// Large type for lectures, and full screen.

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
