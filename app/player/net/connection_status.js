// Streamlit says on its page whether it is connected; playback goes on without it.

// `onChange(lost)` is called at every change, as long as the page is there.
export function watchConnection(onChange) {
  const app = document.querySelector("[data-test-connection-state]");
  if (!app) return;
  const look = () => onChange(app.getAttribute("data-test-connection-state") !== "CONNECTED");
  new MutationObserver(look).observe(app, { attributeFilter: ["data-test-connection-state"] });
}

// Whether Streamlit's script has ended. What is told to Python before the page is whole tells it of no field of the panel,
// whose values are then lost.
export function isScriptIdle() {
  const app = document.querySelector("[data-test-script-state]");
  return !app || app.getAttribute("data-test-script-state") === "notRunning";
}

// `act()` is called once it has, and what it wrote is on the page.
export function runWhenIdle(act) {
  if (isScriptIdle()) return void setTimeout(act, 100);
  const app = document.querySelector("[data-test-script-state]");
  const watcher = new MutationObserver(() => {
    if (!isScriptIdle()) return;
    watcher.disconnect();
    runWhenIdle(act);
  });
  watcher.observe(app, { attributeFilter: ["data-test-script-state"] });
}
