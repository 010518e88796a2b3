// Streamlit says on its page whether it is connected; playback goes on without it.

// `say(lost)` is called at every change; returns what stops it.
export function watchConnection(say) {
  const app = document.querySelector("[data-test-connection-state]");
  if (!app) return () => {};
  const look = () => say(app.getAttribute("data-test-connection-state") !== "CONNECTED");
  const watcher = new MutationObserver(look);
  watcher.observe(app, { attributeFilter: ["data-test-connection-state"] });
  return () => watcher.disconnect();
}
