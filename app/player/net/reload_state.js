// What a page keeps across its own reload: in its entry of the history, which no other page sees, which lasts as long as
// the tab, and which is there where a frame is refused all storage.

const NAME = "descent";
const VALID = 24 * 3600_000; // milliseconds: of a tab that was put away for longer nobody knows what was in it
const MOST = 400_000; // characters

// Whether it could be kept; `why` is "lost" before a reload, "hidden" while the browser may discard the tab.
export function keep(window, kept, why) {
  const { history, location } = window;
  const mine = { ...kept, why, url: location.href, at: Date.now() };
  try {
    if (JSON.stringify(mine).length > MOST) return false;
    history.replaceState({ ...history.state, [NAME]: mine }, "");
    return true;
  } catch {
    return false; // browsers refuse what is too large, or too often
  }
}

// What was kept by the page before this one at the same address, once; null if nothing was.
export function recall(window) {
  const { history, location, document } = window;
  const kept = history.state?.[NAME];
  if (!kept || typeof kept !== "object") return null;
  forget(window);
  const wanted = kept.why === "lost" || (kept.why === "hidden" && document.wasDiscarded === true);
  const fresh = Date.now() - kept.at < VALID;
  return wanted && fresh && kept.url === location.href ? kept : null;
}

export function forget(window) {
  const { history } = window;
  if (!history.state?.[NAME]) return;
  const { [NAME]: _, ...rest } = history.state;
  try {
    history.replaceState(rest, "");
  } catch {
    // it is overwritten later, or is too old by then
  }
}
