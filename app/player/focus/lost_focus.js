// Where the focus goes when the element that has it is taken away: to what replaced it, else to its neighbour.

import { runWhenIdle } from "../net/connection_and_script_status.js";
import { findPopover, findPopoverButton } from "./popover_focus.js";
import { findCounterpart } from "./sidebar_focus.js";
import { describeElement, findElement, focusByTab, listTabbable } from "./tabbable_elements.js";

const REGION_SELECTOR = '[data-testid="stSidebar"], [data-testid="stMain"], [data-testid="stHeader"]';

export class LostFocus {
  constructor() {
    this.forget();
  }

  forget() {
    Object.assign(this, { element: null, replacement: null, others: [], isWaiting: false });
  }

  // Remember `element`, and where the focus goes if it is taken away: to its `replacement`, or to the first of `others`.
  remember(element) {
    if (element === document.body) return;
    const [replacement, ...others] = listDescriptions(element);
    Object.assign(this, { element, replacement, others, isWaiting: false });
  }

  // To be called when the page has changed.
  check() {
    if (!this.isLost() || focusFirst([this.replacement]) || this.isWaiting) return;
    this.isWaiting = true;
    runWhenIdle(() => this.settle());
  }

  settle() {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    if (this.isLost() && !focusFirst([this.replacement, ...this.others])) focusMain();
  }

  isLost() {
    return this.element !== null && !this.element.isConnected && document.activeElement === document.body;
  }
}

// Descriptions of the element and of its neighbours, the nearest first; in a popover also of its button and of that one's.
function listDescriptions(element) {
  const counterpart = findCounterpart(element);
  if (counterpart) return [{ selector: counterpart }];
  const popover = findPopover();
  const isInPopover = Boolean(popover?.contains(element));
  const all = listTabbable(isInPopover ? popover : (element.closest(REGION_SELECTOR) ?? document));
  const button = isInPopover && findPopoverButton();
  return [...[element, ...sortByNearness(all, element)].map(describeElement), ...(button ? listDescriptions(button) : [])];
}

// Those after the element and then, backwards, those before it; above all those of the same expander.
function sortByNearness(all, element) {
  const at = all.indexOf(element);
  const others = [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0)).reverse()];
  const isNear = (other) => other.closest("details") === element.closest("details");
  return [...others.filter(isNear), ...others.filter((other) => !isNear(other))];
}

function focusFirst(descriptions) {
  for (const description of descriptions) {
    const element = findElement(description);
    if (!element) continue;
    focusByTab(element);
    return true;
  }
  return false;
}

// Focus the heading of the page, or all of it where it has none.
export function focusMain() {
  const main = document.querySelector('[data-testid="stMain"]');
  const heading = [...(main?.querySelectorAll("h1, h2") ?? [])].find((found) => found.checkVisibility());
  if (heading) heading.tabIndex = -1;
  (heading ?? main)?.focus();
}
