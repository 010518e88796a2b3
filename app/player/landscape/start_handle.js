// The start as a handle on a view: dragged, or nudged by the arrow keys.

import { pickLabel } from "../base/dom.js";
import { fillTemplate } from "../base/number_format.js";

const DRAG_INTERVAL_MS = 40; // milliseconds between two starts sent while dragging
const KEY_STEP = 0.01; // of the view, that an arrow key moves the start
const SHIFT_STEPS = 8; // that it goes with Shift
const SERIES_PAUSE_MS = 1500; // milliseconds after which a key press begins another series
const MARK_RADIUS_PIXELS = 9; // pixels around a mark that a label must not cover

export class StartHandle {
  // `onMove(x, y, {held, nudged, series})` is called with a new start; `series`: see `KeySeries`. `view` says where in the data an event is (`dataAt`, or
  // null), between which values it shows (`view`), and puts the handle at its start (`placeHandle`).
  constructor(host, labels, onMove, view) {
    Object.assign(this, { labels, onMove, view });
    this.start = null;
    this.isHeld = this.hasMoved = false;
    this.labelBox = null;
    this.keySeries = new KeySeries();
    this.element = host.appendChild(createHandleButton(labels));
    this.addListeners(host);
  }

  addListeners(host) {
    const { element, view } = this;
    let [sentAt, sending] = [0, null];
    let grip = null; // from the middle of the handle to the pointer: the start does not jump to the finger
    let startBefore = null;
    // where it is dragged: at the edge of the view, if the pointer goes beyond
    const placeOf = ({ clientX, clientY }) =>
      view.dataAt({ clientX: clientX - grip[0], clientY: clientY - grip[1] })?.map((value, i) => Math.min(view.view[i][1], Math.max(view.view[i][0], value)));
    const send = () => {
      [sentAt, sending] = [performance.now(), null];
      this.moveStart(...this.start, { held: true });
    };
    const letGo = () => {
      clearTimeout(sending);
      [this.isHeld, sending] = [false, null];
    };
    const cancelDrag = () => {
      const isDragged = this.isHeld && this.start !== startBefore;
      letGo();
      if (isDragged) this.moveStart(...startBefore);
    };
    element.addEventListener("pointerdown", ({ pointerId, isPrimary, clientX, clientY, button, ctrlKey }) => {
      if (button || ctrlKey) return; // it opens a menu, which may keep its end
      const { left, top, width, height } = element.getBoundingClientRect();
      grip = [clientX - left - width / 2, clientY - top - height / 2];
      startBefore = this.start;
      this.isHeld = !this.isFixed && isPrimary;
      element.setPointerCapture(pointerId);
    });
    host.addEventListener("pointerdown", ({ isPrimary }) => !isPrimary && cancelDrag(), true); // two fingers pinch
    element.addEventListener("pointermove", (event) => {
      const place = this.isHeld && placeOf(event);
      if (!place) return;
      this.start = place;
      view.placeHandle();
      sending ??= setTimeout(send, sentAt + DRAG_INTERVAL_MS - performance.now()); // also where the pointer rests
    });
    element.addEventListener("pointerup", (event) => {
      const isDragged = this.isHeld && this.start !== startBefore;
      letGo();
      if (isDragged) this.moveStart(...(placeOf(event) ?? this.start));
    });
    element.addEventListener("pointercancel", cancelDrag);
    element.addEventListener("lostpointercapture", () => {
      const isDragged = this.isHeld && this.start !== startBefore; // its end was not heard
      letGo();
      if (isDragged) this.moveStart(...this.start);
    });
    element.addEventListener("keydown", (event) => {
      const start = nudge(this.start, event, view.view);
      if (!start) return;
      event.preventDefault();
      event.stopPropagation();
      this.moveStart(...start, { nudged: true, series: this.keySeries.next(performance.now()) });
    });
    for (const type of ["focus", "blur"]) element.addEventListener(type, () => this.start && view.placeHandle()); // its label says what keys do
  }

  // A fixed start is a mark and no handle.
  setFixed(fixed) {
    this.isFixed = fixed;
    this.element.disabled = fixed;
  }

  // A start from elsewhere: a link, a field, an undo. On the same surface it has been moved.
  receiveStart(start, isSameSurface) {
    this.hasMoved ||= isSameSurface && this.start !== null && this.start.join() !== start.join();
    this.start = start;
  }

  moveStart(x, y, how = {}) {
    if (this.isFixed || (!how.nudged && this.ignoresClicks?.())) return;
    this.hasMoved = true;
    const places = this.view.view.map(([low, high]) => Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(high - low)))));
    this.start = [Number(x.toFixed(places[0])), Number(y.toFixed(places[1]))];
    this.view.placeHandle();
    this.onMove(...this.start, how);
  }

  // Move to a pixel. `away` is the distance of a start outside the view, as text, and `angle` its direction. The label
  // stands where it covers none of `marks`, pixels x0, y0, ..., or is left out; where it can, it covers none of the paths'
  // `beginnings` either.
  moveTo({ x, y, angle }, frame, away, marks = [], beginnings = []) {
    const { element, labels } = this;
    this.screenPosition = { x, y, angle, away: Boolean(away) };
    const words = away ? fillTemplate(labels.start_away, { d: away }) : this.isFixed ? "" : pickLabel(labels, "drag");
    element.style.setProperty("--descent-angle", `${angle}rad`);
    element.lastChild.textContent = words;
    element.style.transform = `translate(${x}px, ${y}px)`;
    element.classList.toggle("descent-outside", Boolean(away));
    element.classList.toggle("descent-moved", this.hasMoved);
    const rooms = listLabelBoxes(x, y, parseFloat(frame.font ?? 13), words);
    const side = chooseSide(rooms, frame, marks, beginnings);
    element.dataset.side = side;
    this.labelBox = away || !this.hasMoved ? (rooms[side] ?? null) : null; // the box of its label
    element.hidden = false;
  }

  // The label goes while one of the heads, pixels x0, y0, ..., is where it stands.
  yieldTo(heads) {
    this.element.classList.toggle("descent-yielding", this.labelBox !== null && !isClear(this.labelBox, [heads]));
  }
}

// Key presses in quick succession are a series, with a number: undo reverts them together.
export class KeySeries {
  constructor() {
    this.number = 0;
    this.pressedAt = -Infinity;
  }

  // The number of the series that a press at `now`, in milliseconds, belongs to.
  next(now) {
    if (now - this.pressedAt > SERIES_PAUSE_MS) this.number = Math.max(this.number + 1, Date.now()); // unique even across reloads of the page
    this.pressedAt = now;
    return this.number;
  }
}

// Where an arrow key takes the start, null if it is another key, or one with which the browser goes back.
export function nudge(start, { key, shiftKey, altKey, ctrlKey, metaKey }, view) {
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
  if (!direction || altKey || ctrlKey || metaKey) return null;
  const reach = KEY_STEP * (shiftKey ? SHIFT_STEPS : 1);
  return start.map((value, i) => value + reach * direction[i] * (view[i][1] - view[i][0]));
}

// Boxes {line, from, until, height} for a label beside the start, the best first. A letter is taken as half as wide as
// the font size, a Chinese character as wide as that.
export function listLabelBoxes(x, y, size, words) {
  const wide = [...words].filter((character) => character >= "\u2e80").length;
  const width = 0.5 * size * (words.length + wide) + size;
  const middle = { from: x - width / 2, until: x + width / 2, height: 1.7 * size };
  return {
    right: { ...middle, line: y, from: x + 18, until: x + 18 + width },
    left: { ...middle, line: y, from: x - 18 - width, until: x - 18 },
    below: { ...middle, line: y + 30 },
    above: { ...middle, line: y - 30 },
  };
}

// The first side with room for the label that is clear of marks, and if possible of beginnings; "none" if there is none.
export function chooseSide(rooms, frame, marks, beginnings) {
  const sides = Object.keys(rooms).filter((name) => isFree(rooms[name], frame, marks));
  return sides.find((name) => isClear(rooms[name], beginnings)) ?? sides[0] ?? "none";
}

// Whether a box is within the frame and clear of all marks.
export function isFree({ line, from, until, height }, frame, marks) {
  if (from < frame.left || until > frame.right || line - height / 2 < frame.top || line + height / 2 > frame.bottom) return false;
  return isClear({ line, from, until, height }, marks);
}

// Whether no mark is where a box is.
export function isClear({ line, from, until, height }, marks) {
  return marks.every((pixels) => {
    for (let i = 0; i < pixels.length; i += 2)
      if (pixels[i] > from - MARK_RADIUS_PIXELS && pixels[i] < until + MARK_RADIUS_PIXELS && Math.abs(pixels[i + 1] - line) < height / 2 + MARK_RADIUS_PIXELS) return false;
    return true;
  });
}

function createHandleButton(labels) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "descent-start";
  button.hidden = true;
  button.setAttribute("aria-label", labels.start);
  const words = button.appendChild(document.createElement("span"));
  words.textContent = pickLabel(labels, "drag");
  words.setAttribute("aria-hidden", "true");
  return button;
}
