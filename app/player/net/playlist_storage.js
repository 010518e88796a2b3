// The text of the playlist, which no address holds, as long as the tab is open: it outlives a reload of any page.

const KEY = "descent-playlist";

// "" if there is none, or where the browser stores nothing.
export function readPlaylist(window) {
  try {
    return window.sessionStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // a frame may have no storage
  }
}

export function writePlaylist(window, text) {
  try {
    if (text) window.sessionStorage.setItem(KEY, text);
    else window.sessionStorage.removeItem(KEY);
  } catch {
    // it is full, or there is none
  }
}
