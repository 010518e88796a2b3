// Whether Streamlit is connected and its script has ended, read from its page.

// `onChange(lost)` is called at every change, as long as the page is there.
export function watchConnection(onChange) {
  const app = document.querySelector("[data-test-connection-state]");
  if (!app) return;
  const look = () => onChange(app.getAttribute("data-test-connection-state") !== "CONNECTED");
  new MutationObserver(look).observe(app, { attributeFilter: ["data-test-connection-state"] });
}

// Whether Streamlit's script has ended. A message before that would reset the fields that are not yet on the page.
export function isScriptIdle(page = document) {
  const app = page.querySelector("[data-test-script-state]");
  return !app || app.getAttribute("data-test-script-state") === "notRunning";
}

// Call `act()` once the script has ended and its output is on the page.
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
