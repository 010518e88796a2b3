// f and its gradient where the visitor points, where a finger rests, or at the start that the keyboard moves.

import { createElement } from "../base/dom.js";
import { fillTemplate, formatCoordinate, formatNumber } from "../base/number_format.js";

const LONG_PRESS_MS = 500;
const MAX_PRESS_MOVE_PIXELS = 10; // of a finger that rests

export class ValueReadout {
  // `findPlace(event)` is the point of the surface at an event, or null, `findStar(event)` the minimum there with its name;
  // `getWidths()` are those of the view; `questions` has `ask` and `cancel`.
  constructor(host, labels, questions, { findPlace, findStar, getWidths }) {
    Object.assign(this, { host, labels, questions, findPlace, findStar, getWidths });
    this.box = host.appendChild(createElement("p", "descent-value"));
    this.box.setAttribute("role", "status");
    this.box.setAttribute("aria-live", "off"); // only what the keyboard asks for is said
    this.hide();
    this.addListeners();
  }

  addListeners() {
    const { host } = this;
    this.isAfterLongPress = false; // until the next press: a click, however late it comes, is what remains of it
    host.addEventListener("pointerdown", (event) => {
      this.isAfterLongPress = false;
      if (event.pointerType !== "touch") return;
      this.pressedAt = [event.clientX, event.clientY];
      clearTimeout(this.pressTimer);
      if (!event.isPrimary) return; // two fingers pinch
      if (this.isPressRead) this.hide();
      this.isPressRead = false;
      if (event.target.closest(".descent-start")) return; // it is about to be dragged
      this.pressTimer = setTimeout(() => {
        this.isPressRead = true;
        this.followEvent(event);
      }, LONG_PRESS_MS);
    }, true);
    host.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") {
        const [x, y] = this.pressedAt ?? [0, 0];
        if (Math.hypot(event.clientX - x, event.clientY - y) > MAX_PRESS_MOVE_PIXELS) clearTimeout(this.pressTimer);
      } else if (event.buttons) this.hide(); // the view is being moved
      else this.followEvent(event);
    });
    const release = ({ pointerType }) => {
      if (pointerType !== "touch") return;
      clearTimeout(this.pressTimer);
      this.isAfterLongPress = Boolean(this.isPressRead);
    };
    for (const name of ["pointerup", "pointercancel"]) host.addEventListener(name, release, true);
    host.addEventListener("contextmenu", (event) => this.isPressRead && event.preventDefault());
    host.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.hide());
  }

  followEvent(event) {
    const place = this.findPlace(event);
    if (!place) return this.hide();
    const { top, height } = this.host.getBoundingClientRect();
    this.isAbove = event.clientY - top > height / 2; // never where the visitor points
    const star = this.findStar(event);
    this.show(star?.place ?? place, { name: star?.name, live: "off" });
  }

  // `name`: of a minimum, which is told at once and with its values once they come; `live`: whether a screen reader says it.
  show(place, { name, live = "polite" } = {}) {
    if (name) this.tell(name, live);
    this.questions.ask("place", place, (answer) => {
      if (answer) this.tell(`${name ? `${this.labels.minimum} ` : ""}${this.describe(answer)}`, live);
    });
  }

  tell(words, live) {
    this.box.setAttribute("aria-live", live);
    this.box.textContent = words;
    this.box.classList.toggle("descent-above", Boolean(this.isAbove));
    this.box.hidden = false;
  }

  describe({ at, loss, gradient }) {
    const widths = this.getWidths();
    const number = (value) => (value === null ? "–" : formatNumber(value));
    const [x, y] = at.map((value, i) => formatCoordinate(value, widths[i]));
    return fillTemplate(this.labels.value, { x, y, f: number(loss), gx: number(gradient[0]), gy: number(gradient[1]) });
  }

  hide() {
    this.questions.cancel("place");
    this.box.hidden = true;
  }

  remove() {
    clearTimeout(this.pressTimer);
  }
}
