// The buttons that open and close Streamlit's sidebar replace each other. Where it is a sheet over the page, Escape closes
// it as well.

import { isSheet } from "../base/sheet_gestures.js";

const CLOSE_SELECTOR = '[data-testid="stSidebarCollapseButton"] button';
const OPEN_SELECTOR = '[data-testid="stExpandSidebarButton"]';

// The selector of the button that comes in the place of `element`, if that is one of the two.
export function findCounterpart(element) {
  if (element.matches(OPEN_SELECTOR)) return CLOSE_SELECTOR;
  return element.matches(CLOSE_SELECTOR) ? OPEN_SELECTOR : null;
}

// Close the sheet if Escape was pressed in it, and nothing else needed the key.
export function closeSheet({ key, target, defaultPrevented }) {
  if (key !== "Escape" || defaultPrevented || target.matches("[aria-expanded=true]") || !isSheet() || !target.closest('[data-testid="stSidebar"]')) return;
  const button = document.querySelector(CLOSE_SELECTOR);
  button?.focus();
  button?.click();
}
