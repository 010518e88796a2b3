// The start as a handle: dragged, or nudged by the arrow keys, on whichever view it stands.

import { fill } from "./ticks.js";

const SHORTEST = 40; // milliseconds between two starts sent while dragging

export class Handle {
  // `send(x, y, {held, nudged})` is called with a new start. `view` says where in the data an event is (`dataAt`, or
  // null), between which values it shows (`view`), and puts the handle at its start (`placeHandle`).
  constructor(host, labels, send, view) {
    Object.assign(this, { labels, send, view });
    this.start = null;
    this.held = this.moved = false;
    this.element = host.appendChild(ring(labels));
    this.listen();
  }

  listen() {
    const { element, view } = this;
    let sent = 0;
    element.addEventListener("pointerdown", (event) => {
      this.held = true;
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      const place = this.held && view.dataAt(event);
      if (!place) return;
      this.start = place;
      view.placeHandle();
      if (performance.now() - sent < SHORTEST) return;
      sent = performance.now();
      this.offer(...this.start, { held: true });
    });
    element.addEventListener("pointerup", (event) => {
      const held = this.held;
      this.held = false;
      if (held) this.offer(...(view.dataAt(event) ?? this.start));
    });
    element.addEventListener("pointercancel", () => (this.held = false));
    element.addEventListener("keydown", (event) => {
      const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!direction) return;
      event.preventDefault();
      event.stopPropagation();
      this.start = this.start.map((value, i) => value + 0.01 * direction[i] * (view.view[i][1] - view.view[i][0]));
      view.placeHandle();
      this.offer(...this.start, { nudged: true });
    });
  }

  offer(x, y, how = {}) {
    this.moved = true;
    const places = this.view.view.map(([low, high]) => Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(high - low)))));
    this.start = [Number(x.toFixed(places[0])), Number(y.toFixed(places[1]))];
    this.view.placeHandle();
    this.send(...this.start, how);
  }

  // To a pixel; `away` is the distance in words of a start that is outside the view, `angle` the way to it.
  place({ x, y, angle }, frame, away) {
    const { element, labels } = this;
    const words = away ? fill(labels.start_away, { d: away }) : labels.drag;
    element.style.setProperty("--descent-angle", `${angle}rad`);
    element.lastChild.textContent = words;
    element.style.transform = `translate(${x}px, ${y}px)`;
    element.classList.toggle("descent-outside", Boolean(away));
    element.classList.toggle("descent-moved", this.moved);
    const width = 0.5 * parseFloat(frame.font ?? 13) * words.length;
    const flip = x + 18 + width > frame.right;
    element.classList.toggle("descent-flip", flip);
    const room = { line: y, from: flip ? x - 18 - width : x + 18, until: flip ? x - 18 : x + 18 + width };
    this.spokenFor = away || !this.moved ? room : null; // where its words are
    element.hidden = false;
  }
}

function ring(labels) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "descent-start";
  made.hidden = true;
  made.setAttribute("aria-label", labels.start);
  const words = made.appendChild(document.createElement("span"));
  words.textContent = labels.drag;
  words.setAttribute("aria-hidden", "true");
  return made;
}
