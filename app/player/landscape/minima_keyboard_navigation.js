// The minima by keys: one place in the order of focus, from which the arrow keys go from star to star. Where there is no
// room for a star's label, this and the pointer name it.

import { createElement } from "../base/dom.js";
import { formatPlace } from "../draw/label_placement.js";

const NEAR_PIXELS = 12; // from a star's middle to the pointer that means it
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class MinimumNavigator {
  // `getStars()` are the stars in sight, {x, y, place} in pixels of `host` and in data; `getWidths()` those of the view;
  // `onFocus(place, name)` is called with the one that has the focus, null for none.
  constructor(host, labels, { getStars, getWidths, onFocus }) {
    Object.assign(this, { labels, getStars, getWidths, onFocus, index: 0 });
    this.element = host.appendChild(createElement("button", "descent-minimum"));
    this.element.type = "button";
    this.element.addEventListener("focus", () => this.show());
    this.element.addEventListener("blur", () => onFocus(null));
    this.element.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const { length } = this.getStars();
      this.index = (this.index + step + length) % length;
      this.show();
    });
  }

  // After every frame: the view may have been moved.
  update() {
    const stars = this.getStars();
    this.element.hidden = !stars.length;
    if (!stars.length) return;
    this.index = Math.min(this.index, stars.length - 1);
    const { x, y, place } = stars[this.index];
    const shown = [x, y, ...place].join();
    if (shown === this.shown) return;
    this.shown = shown;
    this.element.style.transform = `translate(${x}px, ${y}px)`;
    this.element.setAttribute("aria-label", this.name(place));
  }

  show() {
    this.update();
    const star = this.getStars()[this.index];
    if (star) this.onFocus(star.place, this.name(star.place));
  }

  name(place) {
    return `${this.labels.minimum} ${formatPlace(...place, this.getWidths())}`;
  }
}

// The star that is pointed at, or undefined.
export function findStarAt(stars, px, py) {
  const near = stars.map((star) => ({ ...star, away: Math.hypot(star.x - px, star.y - py) })).filter(({ away }) => away <= NEAR_PIXELS);
  return near.sort((a, b) => a.away - b.away)[0];
}
