// A banner at the foot of the window that says that the server does not answer; the page makes room for it.

import { createElement } from "../base/dom.js";

export class OfflineBanner {
  constructor() {
    this.bar = createElement("div", "descent-away");
    this.bar.setAttribute("role", "status");
    this.text = this.bar.appendChild(createElement("span", ""));
    this.observer = new ResizeObserver(() => this.reserveSpace());
    document.body.append(this.bar); // before it has text, else screen readers do not announce it
  }

  // `act()` is what the button does, if there is one.
  show(words, button = "", act = null) {
    const { fullscreenElement, body } = document;
    const home = fullscreenElement && !fullscreenElement.contains(body) ? fullscreenElement : body; // in full screen nothing else is visible
    if (this.bar.parentElement !== home) home.append(this.bar);
    if (this.text.textContent !== words) this.text.textContent = words;
    this.button?.remove();
    this.button = null;
    if (button) {
      this.button = this.bar.appendChild(Object.assign(createElement("button", ""), { type: "button", textContent: button }));
      this.button.addEventListener("click", act);
    }
    this.observer.observe(this.bar);
    this.reserveSpace();
  }

  hide() {
    this.text.textContent = "";
    this.button?.remove();
    this.observer.disconnect();
    this.reserveSpace();
  }

  // Tell the page how much room the banner takes.
  reserveSpace() {
    const { style, classList } = document.documentElement;
    const height = this.text.textContent ? Math.ceil(this.bar.getBoundingClientRect().height) : 0;
    classList.toggle("descent-alone", height > 0);
    if (style.getPropertyValue("--descent-away") === `${height}px`) return;
    style.setProperty("--descent-away", `${height}px`);
    window.dispatchEvent(new Event("resize")); // elements as high as the window shrink
  }
}
