// Whether one of Streamlit's dialogs lies over the page.

const DIALOG_SELECTOR = "body > [data-testid='stDialog']";

export const hasOpenDialog = () => Boolean(document.querySelector(DIALOG_SELECTOR));

// `onChange()` is called when a dialog of Streamlit's may have come or gone. Returns a function that stops it.
export function watchDialogs(onChange) {
  const observer = new MutationObserver(onChange);
  observer.observe(document.body, { childList: true });
  return () => observer.disconnect();
}
