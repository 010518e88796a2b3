// Tooltips with the titles of icons and abbreviations for keyboard and touch: browsers show titles only to a mouse. A box
// with the title appears while the element has the keyboard's focus, or after a long press.

import { createElement } from "../base/dom.js";

const LONG_PRESS_MS = 450;
const READING_MS = 2500; // that the box stays after a long press
const GAP_PIXELS = 6; // between the element and the box

// Give hints to everything with a title in `root`, whose box they are shown in. Returns a function that removes them.
export function addTitleTooltips(root) {
  const box = root.appendChild(createElement("div", "descent-explanation"));
  box.setAttribute("aria-hidden", "true"); // a screen reader says the title itself
  box.hidden = true;
  const listening = new AbortController();
  const listen = (type, react) => root.addEventListener(type, react, { signal: listening.signal });
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    box.hidden = true;
  };
  const show = (target) => {
    box.textContent = target.title;
    box.hidden = false;
    placeBeside(box, target.getBoundingClientRect(), root.getBoundingClientRect());
  };
  const findTarget = ({ target }) => target.closest?.("[title]:not([title=''])");
  listen("focusin", (event) => {
    hide();
    const target = findTarget(event);
    if (target?.matches(":focus-visible")) show(target);
  });
  listen("focusout", hide);
  listen("keydown", hide); // by Tab, the next element's comes after it
  listen("pointerdown", (event) => {
    hide();
    const target = findTarget(event);
    if (target && event.pointerType !== "mouse") timer = setTimeout(show, LONG_PRESS_MS, target);
  });
  listen("pointercancel", hide);
  listen("pointerup", () => {
    clearTimeout(timer);
    if (!box.hidden) timer = setTimeout(hide, READING_MS);
  });
  return () => {
    hide();
    listening.abort();
    box.remove();
  };
}

// Put the box under an element, or above it where there is no room in the window, not wider than `host`, both in pixels of
// the window.
function placeBeside(box, { left, right, top, bottom }, host) {
  const { offsetWidth: width, offsetHeight: height } = box;
  const y = bottom + GAP_PIXELS + height > innerHeight ? top - GAP_PIXELS - height : bottom + GAP_PIXELS;
  const x = Math.max(host.left, Math.min((left + right - width) / 2, host.right - width));
  box.style.transform = `translate(${x - host.left}px, ${y - host.top}px)`;
}
