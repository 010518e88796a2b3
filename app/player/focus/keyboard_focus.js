// Keeps the focus of a visitor with a keyboard in a useful place on Streamlit's page: in a popover that opens, on a control
// that is replaced or taken away, at the heading of a new page. With a mouse or a finger the focus is left alone. A new page begins
// at its top.

import { hideContainer } from "../base/streamlit_mounting.js";
import { runWhenIdle } from "../net/connection_and_script_status.js";
import { focusMain, LostFocus } from "./lost_focus.js";
import { PopoverFocus } from "./popover_focus.js";
import { closeSheet } from "./sidebar_focus.js";
import { findNeighbour, focusByTab } from "./tabbable_elements.js";

class KeyboardFocus {
  constructor() {
    Object.assign(this, { lostFocus: new LostFocus(), popover: new PopoverFocus(), isByKeyboard: false, page: null, frame: 0 });
    document.addEventListener("pointerdown", () => this.stop(), true);
    document.addEventListener("keydown", (event) => this.press(event), true);
    document.addEventListener("keydown", closeSheet);
    document.addEventListener("focusin", ({ target }) => {
      this.remember();
      showPageName(target);
    });
    const observer = new MutationObserver(() => (this.frame ||= requestAnimationFrame(() => this.check())));
    observer.observe(document.body, { childList: true, subtree: true });
    this.check();
  }

  stop() {
    this.isByKeyboard = false;
    this.lostFocus.forget();
  }

  press(event) {
    this.isByKeyboard = true;
    if (this.popover.wrap(event)) event.preventDefault();
    else if (event.key === "Tab") leaveCombobox(event);
    else this.remember(); // it may change the page
  }

  remember() {
    if (this.isByKeyboard) this.lostFocus.remember(document.activeElement);
  }

  check() {
    this.frame = 0;
    const main = document.querySelector('[data-testid="stMain"]');
    if (main?.tabIndex === 0) main.tabIndex = -1; // Streamlit makes it a stop of the Tab key; its skip link needs no more
    if (!this.isByKeyboard) return;
    this.lostFocus.check();
    this.popover.check();
  }

  // `page` identifies what Streamlit shows.
  setPage(page) {
    const isOther = this.page !== null && page !== this.page;
    this.page = page;
    if (isOther) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0); // it would stay where the last page was scrolled
    if (isOther && this.isByKeyboard) runWhenIdle(() => page === this.page && this.isByKeyboard && focusMain());
  }
}

// On a phone the pages' names are a bar that is swiped; browsers leave a name where it is that is in sight in part.
function showPageName(target) {
  if (target.closest(".st-key-pages")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// After a choice by Enter, Streamlit's list takes the focus back from the first Tab.
function leaveCombobox({ target, shiftKey }) {
  if (!target.matches("[role=combobox]")) return;
  requestAnimationFrame(() => {
    const next = document.activeElement === target && findNeighbour(target, shiftKey ? -1 : 1);
    if (next) focusByTab(next);
  });
}

let keyboardFocus = null;

export function mountKeyboardFocus({ parentElement, data }) {
  hideContainer(parentElement);
  keyboardFocus ??= new KeyboardFocus();
  keyboardFocus.setPage(data.page);
}
