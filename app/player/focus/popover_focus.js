// Streamlit's popovers open at the end of the page and leave the focus on their button. Opened by a key, one takes the
// focus, and Tab stays within it until Escape, which Streamlit handles.

import { focusByTab, listTabbable } from "./tabbable_elements.js";

export const findPopover = () => document.querySelector('[data-testid="stPopoverBody"]');
export const findPopoverButton = () => document.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]');

export class PopoverFocus {
  constructor() {
    this.entered = null; // the first element of a popover, until a key is pressed: one may come before it
  }

  // To be called when the page has changed: the content of a popover comes from the server, after it has opened.
  check() {
    const popover = findPopover(), { activeElement } = document;
    if (!popover || (activeElement !== findPopoverButton() && activeElement !== this.entered)) return;
    const [first] = listTabbable(popover);
    if (!first || first === activeElement) return;
    this.entered = first;
    focusByTab(first);
  }

  // To be called when a key is pressed. Whether it was Tab at the end of a popover, and the focus moved to its other end.
  wrap({ key, target, shiftKey }) {
    this.entered = null;
    const popover = findPopover();
    if (key !== "Tab" || !popover?.contains(target)) return false;
    const all = listTabbable(popover);
    const [end, other] = shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
    if (target !== end) return false;
    focusByTab(other);
    return true;
  }
}
