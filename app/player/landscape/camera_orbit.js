// Orbit the landscape by mouse, touch and keys: azimuth, elevation and distance. A finger that goes up or down scrolls the
// page; two turn the landscape either way, and zoom.

import { listenForPinches } from "../base/pinch.js";
import { PressTracker, TAP_TOLERANCE_PIXELS } from "../base/press_tracker.js";

const MIN_ELEVATION = 0.05; // radians above the ground: the landscape is never seen from below
const MAX_ELEVATION = Math.PI / 2 - 0.01;
const MIN_DISTANCE = 0.6; // in widths of the landscape
const MAX_DISTANCE = 5;
const INITIAL_DISTANCE = 2.05;
const REFERENCE_ASPECT = 1.3; // a picture less wide than this, in heights, is seen from farther away
const NARROW_VIEW_POWER = 1.4; // the power of that: letters stay as large as they are
const CANDIDATE_AZIMUTHS = [-2.1, -1.05, -2.6, -0.5, 1.05, 2.1, 0.5, 2.6]; // candidates for the first view; the first wins a tie
const CANDIDATE_ELEVATIONS = [0.7, 0.95];
const CENTRE = { x: 0, y: 0, z: -0.17 };
const CLICK_TOLERANCE_PIXELS = 5; // that a mouse may stray in a click

export class OrbitControls {
  // `onMove()` is called after every change, `onClick(event)` where the pointer went down and up in one place.
  constructor(host, labels, onMove, onClick) {
    Object.assign(this, { onMove, onClick });
    this.initialView = { azimuth: CANDIDATE_AZIMUTHS[0], elevation: CANDIDATE_ELEVATIONS[0], distance: INITIAL_DISTANCE };
    Object.assign(this, this.initialView);
    this.element = host.appendChild(document.createElement("div"));
    this.element.className = "descent-orbit";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", labels.orbit);
    this.pointers = new Map();
    this.addListeners();
  }

  addListeners() {
    const { element, pointers } = this;
    let strayed = 0;
    const press = new PressTracker(element);
    const tolerance = ({ pointerType }) => (pointerType === "touch" ? TAP_TOLERANCE_PIXELS : CLICK_TOLERANCE_PIXELS);
    element.addEventListener("mousedown", (event) => event.preventDefault()); // the player keeps the focus
    element.addEventListener("pointerdown", (event) => {
      if (event.button || event.ctrlKey) return; // it opens a menu, which may keep its end
      strayed = pointers.size ? Infinity : 0;
      pointers.set(event.pointerId, event);
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      pointers.set(event.pointerId, event);
      const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
      strayed += Math.hypot(dx, dy);
      const isTurn = event.pointerType === "touch" ? press.isSideways : strayed >= tolerance(event); // else it scrolls the page
      if (isTurn && pointers.size === 1) this.rotateByPixels(dx, dy);
    });
    element.addEventListener("pointerup", (event) => {
      if (!pointers.delete(event.pointerId)) return;
      if (strayed < tolerance(event) && !pointers.size) this.onClick(event);
    });
    for (const end of ["pointercancel", "lostpointercapture"]) element.addEventListener(end, (event) => pointers.delete(event.pointerId));
    let began = null; // the view, when a pinch began
    const onPinchStart = () => (began = { azimuth: this.azimuth, elevation: this.elevation, distance: this.distance });
    listenForPinches(element, onPinchStart, ({ factor, from, to }) => {
      Object.assign(this, began, { distance: limitDistance(factor * began.distance) });
      this.rotateByPixels(to[0] - from[0], to[1] - from[1]);
    });
    element.addEventListener("keydown", (event) => {
      const turn = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
      const zoom = { "+": 1 / 1.15, "=": 1 / 1.15, "-": 1.15 }[event.key];
      if ((!turn && !zoom) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (turn) this.rotateBy(...turn);
      else this.zoom(zoom);
    });
  }

  // Begin where `score(eye)` is highest, unless the visitor has turned the view.
  chooseInitialView(score) {
    const places = CANDIDATE_ELEVATIONS.flatMap((elevation) => CANDIDATE_AZIMUTHS.map((azimuth) => ({ azimuth, elevation, distance: INITIAL_DISTANCE })));
    const worths = new Map(places.map((place) => [place, score(eyePosition(place))]));
    this.initialView = places.reduce((best, place) => (worths.get(place) > 1.05 * worths.get(best) ? place : best));
    if (!this.hasTurned) Object.assign(this, this.initialView);
  }

  rotateBy(azimuth, elevation) {
    this.hasTurned = true;
    this.azimuth += azimuth;
    this.elevation = Math.min(MAX_ELEVATION, Math.max(MIN_ELEVATION, this.elevation + elevation));
    this.onMove();
  }

  // As a drag across the picture: its whole width or height is half a turn.
  rotateByPixels(dx, dy) {
    this.rotateBy((-Math.PI * dx) / this.element.clientWidth, (Math.PI * dy) / this.element.clientHeight);
  }

  zoom(factor) {
    this.hasTurned = true;
    this.distance = limitDistance(factor * this.distance);
    this.onMove();
  }

  reset() {
    this.hasTurned = false;
    Object.assign(this, this.initialView);
    this.onMove();
  }

  // Where the visitor has turned the view to, null if it is the first one.
  get chosenView() {
    const { azimuth, elevation, distance } = this;
    return this.hasTurned ? { azimuth, elevation, distance } : null;
  }

  // As `chosenView` of other controls was.
  restore(view) {
    if (view) Object.assign(this, view, { hasTurned: true });
  }

  // As Plotly's layout has it.
  get camera() {
    const far = Math.max(1, ((REFERENCE_ASPECT * this.element.clientHeight) / this.element.clientWidth) ** NARROW_VIEW_POWER);
    return { eye: eyePosition({ ...this, distance: far * this.distance }), center: { ...CENTRE }, up: { x: 0, y: 0, z: 1 }, projection: { type: "perspective" } };
  }
}

function eyePosition({ azimuth, elevation, distance }) {
  const flat = distance * Math.cos(elevation);
  return { x: CENTRE.x + flat * Math.cos(azimuth), y: CENTRE.y + flat * Math.sin(azimuth), z: CENTRE.z + distance * Math.sin(elevation) };
}

const limitDistance = (distance) => Math.min(MAX_DISTANCE, Math.max(MIN_DISTANCE, distance));
