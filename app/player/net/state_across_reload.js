// State that survives a reload, in the page's entry of the history: private to the page, gone with the tab, and there
// even where a frame has no storage.

const HISTORY_KEY = "descent";
const MAX_AGE_MS = 24 * 3600_000; // milliseconds: older state is not restored
const MAX_CHARACTERS = 400_000; // characters

// Returns whether it could be saved. `why`: "lost" before a reload, "hidden" while the browser may discard the tab.
export function saveState(window, kept, why) {
  const { history, location } = window;
  const mine = { ...kept, why, url: location.href, at: Date.now() };
  try {
    if (JSON.stringify(mine).length > MAX_CHARACTERS) return false;
    history.replaceState({ ...history.state, [HISTORY_KEY]: mine }, "");
    return true;
  } catch {
    return false; // browsers refuse what is too large, or too often
  }
}

// The state saved at the same address before the reload, once; null if there is none.
export function takeSavedState(window) {
  const { history, location, document } = window;
  const kept = history.state?.[HISTORY_KEY];
  if (!kept || typeof kept !== "object") return null;
  clearSavedState(window);
  const wanted = kept.why === "lost" || (kept.why === "hidden" && document.wasDiscarded === true);
  const fresh = Date.now() - kept.at < MAX_AGE_MS;
  return wanted && fresh && kept.url === location.href ? kept : null;
}

export function clearSavedState(window) {
  const { history } = window;
  if (!history.state?.[HISTORY_KEY]) return;
  const { [HISTORY_KEY]: _, ...rest } = history.state;
  try {
    history.replaceState(rest, "");
  } catch {
    // it is overwritten later, or is too old by then
  }
}
